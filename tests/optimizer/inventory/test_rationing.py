"""Reserve levels: against the exact sums, the pooled shelf and a simulated one, and their order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.inventory.compound import OrderLines, compound_shelf
from servicepolicy_optimizer.inventory.critical_level import critical_level_fill_rates
from servicepolicy_optimizer.inventory.demand import Family
from servicepolicy_optimizer.inventory.rationing import rationed_performance
from servicepolicy_optimizer.inventory.shelf import pooled_performance, shelf_demand
from tests.optimizer.inventory.physical_shelf import simulate_shelf

CHECKED = settings(deadline=None, max_examples=40)


@st.composite
def shelves(draw, smallest_mean=0.2, largest_mean=150.0):
    """A shelf, its classes' shares, an order quantity and the deviation of what it is exposed to."""
    mean = draw(st.floats(smallest_mean, largest_mean))
    size = draw(st.sampled_from([1, 1, 2, 5, 20]))
    variation = draw(st.floats(0, 1.5)) if size > 1 else 0.0
    second = size * size * (1 + variation**2)
    review = draw(st.sampled_from([0.0, 0.0, 3.0]))
    shelf = shelf_demand(
        [mean / 5],
        [np.sqrt(mean / 5 * second / size)],
        size,
        second,
        5,
        draw(st.sampled_from([0, 1])),
        review,
    )
    classes = draw(st.integers(2, 4))
    weights = np.array(draw(st.lists(st.integers(1, 9), min_size=classes, max_size=classes)), float)
    quantity = np.array([draw(st.sampled_from([0, 1, 2, 5, 10, 50]))], float)
    return shelf, weights[None, :] / weights.sum(), quantity


@CHECKED
@given(
    rate=st.floats(0.2, 12),
    weights=st.lists(st.integers(1, 9), min_size=2, max_size=3),
    r=st.integers(0, 25),
    q=st.sampled_from([1, 2, 5, 10]),
    parts=st.lists(st.floats(0, 1), min_size=2, max_size=2),
)
def test_single_pieces_are_exact(rate, weights, r, q, parts):
    share = np.array(weights) / sum(weights)
    levels = np.array([0, *sorted(int(part * r) for part in parts)][: share.size], float)
    exact = critical_level_fill_rates(r, q, levels.astype(int), share * rate, 1.0)
    shelf = shelf_demand([rate], [rate**0.5], 1, 1, 1, 0, family=Family.POISSON)
    quick = rationed_performance(
        shelf, share[None], levels[None, None], np.array([[float(r)]]), np.array([q])
    )
    assert quick.unit_fill_rate[0, 0] == pytest.approx(exact, abs=1e-9)


@CHECKED
@given(given_shelf=shelves(), steps=st.lists(st.floats(-1, 4), min_size=3, max_size=3))
def test_without_reserves_everybody_gets_the_pooled_shelf(given_shelf, steps):
    shelf, share, q = given_shelf
    r = np.floor(shelf.exposed.mean_pieces[0] + np.array([steps]) * shelf.exposed.sd_pieces[0])
    pooled = pooled_performance(shelf, r, q)
    rationed = rationed_performance(shelf, share, np.zeros((1, 3, share.shape[1])), r, q)
    for k in range(share.shape[1]):
        assert np.array_equal(rationed.unit_fill_rate[..., k], pooled.unit_fill_rate)
    assert rationed.backorders_pieces.sum(axis=-1) == pytest.approx(pooled.backorders_pieces, rel=1e-12)
    assert rationed.on_hand_pieces == pytest.approx(pooled.on_hand_pieces, rel=1e-12, abs=1e-12)


@CHECKED
@given(given_shelf=shelves(), data=st.data())
def test_a_level_costs_its_class_and_helps_the_better(given_shelf, data):
    shelf, share, q = given_shelf
    classes = share.shape[1]
    r = (
        float(
            np.floor(shelf.exposed.mean_pieces[0] + data.draw(st.floats(0, 3)) * shelf.exposed.sd_pieces[0])
        )
        + 1
    )
    parts = sorted(data.draw(st.lists(st.floats(0, 1), min_size=classes - 1, max_size=classes - 1)))
    levels = np.floor(np.array([0.0, *parts]) * r)
    k = data.draw(st.integers(1, classes - 1))
    highest = levels[k + 1] if k + 1 < classes else r
    tried = np.arange(levels[k - 1], highest + 1)[:40]
    candidates = np.tile(levels, (1, tried.size, 1))
    candidates[0, :, k] = tried
    fill = rationed_performance(shelf, share, candidates, np.full((1, tried.size), r), q).unit_fill_rate[0]
    change = np.diff(fill, axis=0)
    assert np.all(change[:, k] <= 1e-9)
    assert np.all(change[:, :k] >= -1e-6)
    assert np.all(np.diff(fill, axis=1) <= 1e-9)
    assert change[:, k + 1 :] == pytest.approx(0, abs=1e-12)


@CHECKED
@given(given_shelf=shelves(), data=st.data())
def test_stock_less_backorders_is_position_less_demand(given_shelf, data):
    shelf, share, q = given_shelf
    r = float(np.floor(shelf.exposed.mean_pieces[0] * data.draw(st.floats(0.3, 2)))) + 2
    levels = np.floor(r * np.linspace(0, 0.8, share.shape[1]))
    got = rationed_performance(shelf, share, levels[None, None], np.array([[r]]), q)
    plain = pooled_performance(shelf, np.array([[r]]), q)
    assert got.on_hand_pieces - got.backorders_pieces.sum(axis=-1) == pytest.approx(
        plain.on_hand_pieces - plain.backorders_pieces
    )
    assert np.all(got.on_hand_pieces >= plain.on_hand_pieces - 1e-9)


@pytest.mark.parametrize("family", [Family.NORMAL, Family.GAMMA])
def test_continuous_laws_come_near_the_count_they_stand_for(family):
    smooth, exact = (
        shelf_demand([20.0], [20.0**0.5], 1, 1, 2.5, 0, family=f) for f in (family, Family.POISSON)
    )
    share = np.array([[0.2, 0.3, 0.5]])
    r = np.array([[45.0, 55.0, 65.0]])
    levels = np.tile([0.0, 5.0, 12.0], (1, 3, 1))
    one, other = (rationed_performance(s, share, levels, r, np.array([30.0])) for s in (smooth, exact))
    assert one.unit_fill_rate == pytest.approx(other.unit_fill_rate, abs=0.004)
    assert one.on_hand_pieces == pytest.approx(other.on_hand_pieces, abs=0.05)


def test_items_and_candidates_keep_their_places():
    shelf = shelf_demand([2.0, 30.0], [2.0, 9.0], [1, 3], [1, 12], 3, [0, 1])
    share = np.array([[0.3, 0.7], [0.6, 0.4]])
    r, q = np.array([[5.0, 9.0], [90.0, 130.0]]), np.array([3.0, 20.0])
    levels = np.array([[[0.0, 1.0], [0.0, 3.0]], [[0.0, 12.0], [0.0, 0.0]]])
    together = rationed_performance(shelf, share, levels, r, q)
    for item in range(2):
        part = shelf.of(np.array([item]))
        one = rationed_performance(part, share[[item]], levels[[item]], r[[item]], q[[item]])
        assert one.unit_fill_rate[0] == pytest.approx(together.unit_fill_rate[item], abs=1e-12)
        assert one.on_hand_pieces[0] == pytest.approx(together.on_hand_pieces[item], abs=1e-9)


def test_an_item_nobody_orders_is_filled():
    shelf = shelf_demand([0.0], [0.0], 1, 1, 3, 0)
    got = rationed_performance(shelf, [[0.0, 0.0]], [[[0, 2]]], [[4]], [1])
    assert got.unit_fill_rate.tolist() == [[[1.0, 1.0]]]


def test_levels_that_fall_are_refused_with_all_findings():
    shelf = shelf_demand([1.0], [1.0], 1, 1, 3, 0)
    with pytest.raises(ValueError, match=r"the best class has no level.*sort them"):
        rationed_performance(shelf, [[0.5, 0.5]], [[[2, 1]]], [[4]], [1])


SIMULATED = [
    # name, r, Q, levels, shares, lines a day, sizes, chances, lead time, worst class and better ones off by
    ("one by one", 7, 1, (0, 2), (0.5, 0.5), 2.0, (1,), (1.0,), 2.0, 0.004, 0.012),
    ("batches", 9, 6, (0, 1, 3), (0.2, 0.3, 0.5), 3.0, (1,), (1.0,), 2.0, 0.004, 0.006),
    (
        "lines of 1 to 10",
        40,
        20,
        (0, 5, 12),
        (0.2, 0.3, 0.5),
        1.5,
        (1, 2, 5, 10),
        (0.5, 0.2, 0.2, 0.1),
        6.0,
        0.012,
        0.018,
    ),
]


@pytest.mark.parametrize("case", SIMULATED, ids=lambda case: case[0])
def test_a_simulated_shelf_agrees(case):
    _, r, q, levels, shares, rate, sizes, chances, lead, worst_off, better_off = case
    seen = simulate_shelf(
        reorder_point=r, order_quantity=q, lines_per_day=rate, sizes=sizes, size_chance=chances,
        lead_time_days=lead, days=60_000 / rate, rng=np.random.default_rng(20), levels=levels, shares=shares,
    )  # fmt: skip
    probability = np.zeros((1, max(sizes) + 1))
    probability[0, list(sizes)] = chances
    shelf = compound_shelf(OrderLines(np.array([rate]), probability), lead)
    got = rationed_performance(shelf, [shares], np.array([[levels]], float), [[float(r)]], [q])
    fill = got.unit_fill_rate[0, 0]
    assert fill[-1] == pytest.approx(seen.unit_fill_rate[-1], abs=worst_off)
    # clearing by priority serves the better classes a little better than the formula says, hardly ever worse
    assert fill == pytest.approx(seen.unit_fill_rate, abs=better_off)
    assert np.all(seen.unit_fill_rate >= fill - worst_off)
    assert float(got.on_hand_pieces[0, 0]) == pytest.approx(seen.on_hand_pieces, rel=0.015)

"""The fill rate formula of a pooled shelf: by hand, at its limits, and how it moves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.shelf import (
    ShelfDemand,
    lost_sales_fill_rate,
    pooled_performance,
    position_average,
    shelf_demand,
)

CHECKED = settings(deadline=None, max_examples=40)
RATES = st.floats(0.02, 40)
SIZES = st.floats(1, 12)
VARIATIONS = st.floats(0, 1.5)
DAYS = st.floats(0.5, 20)
LEVELS = st.integers(-3, 120)
QUANTITIES = st.integers(1, 60)


def shelf_of(rate, size, variation, days, lead_sd=0.0, review=0.0, family=None, whole=True):
    """Compound Poisson orders: variance of a day rate x E[x²] / E[x]."""
    second = size * size * (1 + variation**2)
    return shelf_demand(
        rate, np.sqrt(rate * second / size), size, second, days, lead_sd, review, family, whole_pieces=whole
    )


@CHECKED
@given(rate=RATES, days=DAYS, r=LEVELS, q=QUANTITIES)
def test_single_pieces_give_the_classical_formula(rate, days, r, q):
    shelf = shelf_of(rate, 1, 0, days, family=Family.POISSON)
    law = Demand(Family.POISSON, rate * days, 0.0)
    by_hand = 1 - (law.loss(r) - law.loss(r + q)) / q
    assert float(pooled_performance(shelf, r, q).unit_fill_rate) == pytest.approx(float(by_hand), abs=1e-9)


@CHECKED
@given(rate=RATES, size=SIZES, variation=VARIATIONS, days=DAYS, r=LEVELS, q=st.integers(1, 8))
def test_the_average_over_positions_is_a_sum(rate, size, variation, days, r, q):
    shelf = shelf_of(rate, size, variation, days, family=Family.NEGATIVE_BINOMIAL)
    levels = np.arange(r + 1.0, r + q + 1)
    short = (
        shelf.exposed.excess_moments(levels, 1)[0] - shelf.lead.excess_moments(levels, 1)[0]
    ).mean() / size
    assert float(pooled_performance(shelf, r, q).unit_fill_rate) == pytest.approx(
        1 - min(max(short, 0), 1), abs=1e-8
    )


@CHECKED
@given(
    rate=RATES,
    size=SIZES,
    variation=VARIATIONS,
    days=DAYS,
    r=LEVELS,
    q=QUANTITIES,
    review=st.sampled_from([0.0, 3.0]),
)
def test_fill_rises_with_the_reorder_point_and_the_quantity(rate, size, variation, days, r, q, review):
    shelf = shelf_of(rate, size, variation, days, review=review)
    fill = pooled_performance(shelf, r, q).unit_fill_rate
    assert pooled_performance(shelf, r + 1, q).unit_fill_rate >= fill - 1e-9
    assert pooled_performance(shelf, r, q + 1).unit_fill_rate >= fill - 1e-9
    assert 0 <= fill <= 1


@CHECKED
@given(rate=RATES, days=DAYS, r=LEVELS, q=QUANTITIES, family=st.sampled_from([Family.POISSON, Family.GAMMA]))
def test_fill_falls_with_the_lead_time(rate, days, r, q, family):
    short, long = (shelf_of(rate, 1, 0, d, family=family) for d in (days, days * 1.3))
    assert (
        pooled_performance(long, r, q).unit_fill_rate <= pooled_performance(short, r, q).unit_fill_rate + 1e-9
    )


@CHECKED
@given(mean=st.floats(20, 200), sd=st.floats(2, 30), above=st.floats(0, 3), q=QUANTITIES)
def test_fill_falls_with_the_deviation_above_half(mean, sd, above, q):
    narrow, wide = (
        shelf_demand(mean, s, 1, 1, 1, 0, family=Family.NORMAL, whole_pieces=False) for s in (sd, sd * 1.2)
    )
    r = mean + above * sd + 1
    assert (
        pooled_performance(wide, r, q).unit_fill_rate
        <= pooled_performance(narrow, r, q).unit_fill_rate + 1e-12
    )


@CHECKED
@given(rate=RATES, size=SIZES, variation=VARIATIONS, days=DAYS, r=LEVELS, q=QUANTITIES)
def test_stock_less_backorders_is_position_less_demand(rate, size, variation, days, r, q):
    shelf = shelf_of(rate, size, variation, days)
    got = pooled_performance(shelf, r, q)
    assert float(got.on_hand_pieces - got.backorders_pieces) == pytest.approx(r + (q + 1) / 2 - rate * days)
    assert got.backorders_pieces >= 0


@CHECKED
@given(
    rate=st.floats(0.5, 20), variation=VARIATIONS, days=DAYS, steps=st.floats(-1, 3), scale=st.floats(0.1, 30)
)
def test_measured_goods_scale_with_their_unit(rate, variation, days, steps, scale):
    def fill(unit):
        second = (2 * unit) ** 2 * (1 + variation**2)
        shelf = shelf_demand(
            rate * unit, unit * rate**0.5, 2 * unit, second, days, 0, family=Family.GAMMA, whole_pieces=False
        )
        r = unit * (rate * days + steps * (rate * days) ** 0.5)
        return float(pooled_performance(shelf, r, 5 * unit).unit_fill_rate)

    assert fill(1.0) == pytest.approx(fill(scale), abs=1e-9)


@pytest.mark.parametrize("family", [Family.NORMAL, Family.GAMMA])
def test_frequent_review_becomes_continuous_review(family):
    # the same deviation a day, once as lines with E[x²]/E[x] = 1.6, once as demand between frequent reviews
    continuous = shelf_demand(10, 4, 0.08, 0.128, 5, 0, family=family, whole_pieces=False)
    often = shelf_demand(10, 4, 0.08, 0.128, 5, 0, 1e-2, family, whole_pieces=False)
    assert float(pooled_performance(often, 52, 30).unit_fill_rate) == pytest.approx(
        float(pooled_performance(continuous, 52, 30).unit_fill_rate), abs=1e-3
    )


def test_a_large_quantity_needs_one_term_only():
    shelf = shelf_demand(10, 4, 1, 1, 5, 0, family=Family.NORMAL, whole_pieces=False)
    law = Demand(Family.NORMAL, 50.0, np.sqrt(80.0))
    fill = pooled_performance(shelf, 50, 1e5).unit_fill_rate
    assert float(fill) == pytest.approx(1 - float(law.loss(49.5)) / 1e5, abs=1e-6)


def test_a_smooth_normal_comes_near_the_whole_pieces_it_stands_for():
    smooth, exact = (shelf_of(100, 1, 0, 2, family=f) for f in (Family.NORMAL, Family.POISSON))
    r = np.arange(150.0, 260.0, 10)
    for reorder_point in r:
        assert float(pooled_performance(smooth, reorder_point, 40).unit_fill_rate) == pytest.approx(
            float(pooled_performance(exact, reorder_point, 40).unit_fill_rate), abs=0.003
        )


def test_order_up_to_is_the_quantity_zero():
    shelf = shelf_of(1.5, 1, 0, 3, review=1, family=Family.POISSON)
    exact = [0.7228, 0.8357, 0.9107]
    assert pooled_performance(shelf, np.array([7.0, 8.0, 9.0]), 0).unit_fill_rate == pytest.approx(
        exact, abs=5e-5
    )
    # ordering up to S with whole pieces is also the reorder point S - 1 with quantity 1
    assert pooled_performance(shelf, np.array([6.0, 7.0, 8.0]), 1).unit_fill_rate == pytest.approx(
        exact, abs=5e-5
    )


def test_candidates_and_items_keep_their_places():
    shelf = shelf_demand([2.0, 9.0], [2.0, 4.0], 1, 1, 4, 0)
    r, q = np.array([[3.0, 8.0, 15.0], [30.0, 40.0, 50.0]]), np.array([4.0, 0.0])
    together = pooled_performance(shelf, r, q)
    for item in range(2):
        alone = shelf_demand([2.0, 9.0][item], [2.0, 4.0][item], 1, 1, 4, 0)
        for j in range(3):
            one = pooled_performance(alone, r[item, j], q[item])
            for part, whole in zip(one, together, strict=True):
                assert float(part) == pytest.approx(float(whole[item, j]), rel=1e-12)


def test_no_demand_is_always_filled():
    got = pooled_performance(shelf_demand(0.0, 0.0, 1, 1, 5, 1), 3, 2)
    assert float(got.unit_fill_rate) == 1
    assert float(got.on_hand_pieces) == pytest.approx(4.5)


def test_mixed_reviews_are_refused_with_the_mend():
    with pytest.raises(ValueError, match="ask for the two groups apart"):
        shelf_demand([1.0, 1.0], [1.0, 1.0], 1, 1, 2, 0, [0, 1])


def test_constant_lines_are_exact_in_the_sum():
    shelf = shelf_of(5, 4, 0, 3, family=Family.GAMMA)
    lead, line = shelf.lead, 4.0
    y = np.array([[10.0, 20.0, 30.0]])
    moved = lead.excess_moments((y - line)[0], 1)[0]
    assert shelf.exposed.excess_moments(y[0], 1)[0] == pytest.approx(moved, rel=1e-9)


def test_lost_sales_lift_the_fill_rate():
    assert lost_sales_fill_rate([0.0, 0.8, 1.0]).tolist() == pytest.approx([0.5, 1 / 1.2, 1.0])


@CHECKED
@given(mean=st.floats(1, 60), sd=st.floats(1, 30), r=st.floats(-10, 120), q=st.floats(0.5, 50))
def test_continuous_average_is_the_integral(mean, sd, r, q):
    law = Demand(Family.GAMMA, mean, sd)
    # demand is never negative: at zero the loss function has a corner, where the quadrature is split
    corner = [0.0] if r < 0 < r + q else None
    whole, _ = quad(lambda level: float(law.loss(np.array(level))), r, r + q, points=corner, limit=200)
    assert float(position_average(law, np.array(r), np.array(q), 1)[0]) == pytest.approx(
        whole / q, rel=1e-6, abs=1e-7
    )


def test_a_shelf_may_hold_other_laws():
    lead, exposed = Demand(Family.NORMAL, 1.0, 1.0), Demand(Family.NORMAL, 2.0, 2**0.5)
    shelf = ShelfDemand(lead, exposed, np.asarray(1.0), True)
    assert float(pooled_performance(shelf, 1.0, 1.0).unit_fill_rate) == pytest.approx(0.352, abs=5e-4)

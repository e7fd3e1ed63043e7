"""Compound demand: two roads to the same law, moments, random lead times, and a simulated shelf."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from servicepolicy_optimizer.inventory.compound import (
    OrderLines,
    compound_shelf,
    empirical_lead_time_demand,
    lead_time_demand_probabilities,
    mixed_lead_time_demand_probabilities,
    panjer_probabilities,
)
from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.lattice import LatticeDemand, convolved
from servicepolicy_optimizer.inventory.line_fill import line_fill_rate
from servicepolicy_optimizer.inventory.shelf import pooled_performance, shelf_demand
from servicepolicy_optimizer.inventory.two_moment_fit import two_moment_probabilities
from tests.optimizer.inventory.physical_shelf import simulate_shelf

CHECKED = settings(deadline=None, max_examples=30)
SIZES = st.lists(st.integers(0, 5), min_size=2, max_size=9).filter(lambda w: sum(w[1:]) > 0)


def size_law(weights):
    """Chances of 1, 2, ... pieces."""
    chances = np.array([0.0, *weights[1:]])
    return chances / chances.sum()


@CHECKED
@given(rate=st.floats(0.01, 15), weights=SIZES)
def test_recursion_and_transform_agree(rate, weights):
    size = size_law(weights)
    by_transform = lead_time_demand_probabilities(OrderLines(np.array([rate]), size[None]), 1.0)[0]
    by_recursion = panjer_probabilities(rate, size, by_transform.size)
    assert by_transform == pytest.approx(by_recursion, abs=1e-13)


@CHECKED
@given(rate=st.floats(0.01, 10), weights=SIZES, days=st.floats(0.5, 10), variation=st.floats(0, 1))
@example(rate=0.04, weights=[0, 1, 4, 5], days=1.6, variation=1.07e-6)
@example(rate=2.0, weights=[0, 1], days=5.0, variation=1e-4)
def test_moments_are_those_of_a_random_sum_over_a_random_time(rate, weights, days, variation):
    size = size_law(weights)
    pieces = np.arange(size.size)
    first, second = size @ pieces, size @ pieces**2
    orders = OrderLines(np.array([rate]), size[None])
    demand = LatticeDemand(lead_time_demand_probabilities(orders, days, days * variation))
    assert float(demand.mean_pieces[0]) == pytest.approx(rate * days * first, rel=1e-6)
    variance = rate * days * second + (rate * first * days * variation) ** 2
    assert float(demand.sd_pieces[0]) == pytest.approx(np.sqrt(variance), rel=1e-5)


def test_single_pieces_over_a_gamma_lead_time_are_negative_binomial():
    orders = OrderLines(np.array([2.0]), np.array([[0.0, 1.0]]))
    found = lead_time_demand_probabilities(orders, 3.0, 1.5)[0]
    shape = 4.0
    expected = stats.nbinom(shape, 1 / (1 + 2.0 * 0.75)).pmf(np.arange(found.size))
    assert found == pytest.approx(expected, abs=1e-13)


def test_a_mixture_of_lead_times_is_the_mixture_of_laws():
    orders = OrderLines(np.array([1.0, 3.0]), np.array([[0, 1.0, 0.0], [0, 0.5, 0.5]]))
    mixed = mixed_lead_time_demand_probabilities(orders, [2.0, 5.0], [0.25, 0.75])
    parts = [lead_time_demand_probabilities(orders, days) for days in (2.0, 5.0)]
    width = min(part.shape[1] for part in (mixed, *parts))
    by_hand = 0.25 * parts[0][:, :width] + 0.75 * parts[1][:, :width]
    assert mixed[:, :width] == pytest.approx(by_hand, abs=1e-13)


@CHECKED
@given(mean=st.floats(0.1, 40), x=st.lists(st.integers(-6, 80), min_size=3, max_size=3))
def test_the_lattice_answers_as_the_family_does(mean, x):
    family = Demand(np.array([Family.POISSON]), np.array([mean]), np.zeros(1))
    table = LatticeDemand(stats.poisson(mean).pmf(np.arange(200))[None] / stats.poisson(mean).cdf(199))
    levels = np.array([x], float) + 0.3
    for one, other in zip(table.excess_moments(levels, 4), family.excess_moments(levels, 4), strict=True):
        assert one == pytest.approx(other, rel=1e-7, abs=1e-10)
    assert table.survival(levels) == pytest.approx(family.survival(levels), abs=1e-12)
    assert table.second_moment_of_excess(levels) == pytest.approx(
        family.second_moment_of_excess(levels), rel=1e-7, abs=1e-10
    )


def test_a_table_that_is_no_law_is_refused():
    with pytest.raises(ValueError, match="sum to 1"):
        LatticeDemand(np.array([[0.5, 0.4]]))


def test_sums_of_demands_are_convolutions():
    one, other = np.array([[0.2, 0.8], [1.0, 0.0]]), np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]])
    by_hand = np.stack([np.convolve(a, b) for a, b in zip(one, other, strict=True)])
    assert convolved(one, other) == pytest.approx(by_hand, abs=1e-15)


def test_history_is_taken_in_overlapping_runs():
    daily = np.array([0, 3, 0, 0, 5, 1, 0])
    chance = empirical_lead_time_demand(daily, 3)
    runs = [daily[i : i + 3].sum() for i in range(5)]
    assert chance @ np.arange(chance.size) == pytest.approx(np.mean(runs))
    assert chance[6] == pytest.approx(np.mean([run == 6 for run in runs]))


@CHECKED
@given(mean=st.floats(0.05, 30), spread=st.floats(0, 4))
def test_the_two_moment_fit_has_its_two_moments(mean, spread):
    part = mean % 1
    sd = np.sqrt(part * (1 - part) * (1 + 1e-9) + spread * mean + 1e-9)
    chance = two_moment_probabilities(mean, sd)
    n = np.arange(chance.size)
    assert np.all(chance >= 0)
    assert chance.sum() == pytest.approx(1, abs=1e-9)
    assert chance @ n == pytest.approx(mean, rel=1e-7)
    assert np.sqrt(max(chance @ n**2 - mean**2, 0)) == pytest.approx(sd, rel=1e-4, abs=1e-4)


def test_a_deviation_no_whole_law_has_is_refused():
    with pytest.raises(ValueError, match="raise it to that"):
        two_moment_probabilities(2.5, 0.1)


ACCURACY = [
    # name, r, Q, lines a day, sizes, chances, lead time, its deviation, fill rate off by at most
    ("one for one", 5, 1, 1.5, (1,), (1.0,), 2.0, 0.0, 0.002),
    ("batches", 6, 12, 2.0, (1,), (1.0,), 3.0, 0.0, 0.002),
    ("lumpy", 22, 15, 0.5, (1, 2, 5, 10), (0.5, 0.2, 0.2, 0.1), 4.0, 0.0, 0.005),
    ("lumpy, random lead time", 30, 20, 0.5, (1, 2, 5, 10), (0.5, 0.2, 0.2, 0.1), 4.0, 2.0, 0.005),
]


@pytest.mark.parametrize("case", ACCURACY, ids=lambda case: case[0])
def test_a_simulated_shelf_agrees_with_the_exact_law(case):
    _, r, q, rate, sizes, chances, lead, lead_sd, allowed = case
    waits = (lambda rng: rng.gamma((lead / lead_sd) ** 2, lead_sd**2 / lead)) if lead_sd else None
    seen = simulate_shelf(
        reorder_point=r, order_quantity=q, lines_per_day=rate, sizes=sizes, size_chance=chances,
        lead_time_days=lead, days=200_000 / rate, rng=np.random.default_rng(4), lead_time_of=waits,
    )  # fmt: skip
    probability = np.zeros((1, max(sizes) + 1))
    probability[0, list(sizes)] = chances
    shelf = compound_shelf(OrderLines(np.array([rate]), probability), lead, lead_sd)
    got = pooled_performance(shelf, [float(r)], [q])
    assert float(got.unit_fill_rate[0]) == pytest.approx(seen.unit_fill_rate[0], abs=allowed)
    assert float(line_fill_rate(shelf, [float(r)], [q])[0]) == pytest.approx(seen.line_fill_rate, abs=allowed)
    assert float(got.on_hand_pieces[0]) == pytest.approx(seen.on_hand_pieces, rel=0.02)


def test_reviewed_stock_agrees_with_a_simulated_shelf():
    sizes, chances = (1, 2, 5), (0.6, 0.3, 0.1)
    seen = simulate_shelf(
        reorder_point=16, order_quantity=6, lines_per_day=1.0, sizes=sizes, size_chance=chances,
        lead_time_days=3.5, days=300_000.0, rng=np.random.default_rng(8), review_days=4.0,
    )  # fmt: skip
    probability = np.zeros((1, 6))
    probability[0, list(sizes)] = chances
    shelf = compound_shelf(OrderLines(np.array([1.0]), probability), 3.5, review_days=4.0)
    got = pooled_performance(shelf, [16.0], [6])
    assert float(got.unit_fill_rate[0]) == pytest.approx(seen.unit_fill_rate[0], abs=0.004)


def test_two_moments_come_near_the_exact_law_where_lines_are_many():
    sizes = np.zeros((1, 13))
    sizes[0, [1, 2, 3, 6, 12]] = [0.5, 0.2, 0.1, 0.1, 0.1]
    pieces = np.arange(13)
    first, second = float(sizes[0] @ pieces), float(sizes[0] @ pieces**2)
    exact = compound_shelf(OrderLines(np.array([2.0]), sizes), 10.0)
    quick = shelf_demand([2.0 * first], [np.sqrt(2.0 * second)], first, second, 10, 0)
    r = np.arange(40.0, 120.0, 5)[None]
    one = pooled_performance(exact, r, np.array([20.0])).unit_fill_rate
    other = pooled_performance(quick, r, np.array([20.0])).unit_fill_rate
    assert other == pytest.approx(one, abs=0.01)


def test_line_fill_needs_continuous_review():
    with pytest.raises(ValueError, match="continuous review"):
        line_fill_rate(shelf_demand(1.0, 1.0, 1, 1, 2, 0, 1.0), 4, 1)


def test_single_piece_lines_fill_as_pieces_do():
    for family in (Family.POISSON, Family.NORMAL):
        shelf = shelf_demand(9.0, 3.0, 1, 1, 4, 0, family=family)
        for r, q in ((30.0, 10.0), (40.0, 0.0)):
            pieces = float(pooled_performance(shelf, r, q).unit_fill_rate)
            assert float(line_fill_rate(shelf, r, q)) == pytest.approx(pieces, abs=2e-3)

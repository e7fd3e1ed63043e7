"""Optimal policies: nothing in the neighbourhood, or among all that are tried, is cheaper."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.empirical import EmpiricalDemand
from servicepolicy_optimizer.inventory.guaranteed_service import Network, cheapest_service_times
from servicepolicy_optimizer.inventory.newsvendor import newsvendor, newsvendor_cost, newsvendor_empirical
from servicepolicy_optimizer.inventory.reorder_optimum import (
    ReorderCosts,
    best_reorder_point,
    cheapest_policy,
    cheapest_whole_policy,
    reorder_cost,
)
from servicepolicy_optimizer.inventory.two_level_order import (
    TwoLevelCosts,
    cheapest_two_level_policy,
    two_level_cost,
)

CHECKED = settings(deadline=None, max_examples=15)


@CHECKED
@given(
    rate=st.floats(0.5, 8),
    fixed=st.floats(1, 60),
    holding=st.floats(0.5, 5),
    waiting=st.floats(2, 60),
    short=st.sampled_from([0.0, 3.0]),
)
def test_no_whole_policy_nearby_is_cheaper(rate, fixed, holding, waiting, short):
    demand = Demand(Family.POISSON, rate, 0.0)
    costs = ReorderCosts(fixed, holding, waiting, short)
    best = cheapest_whole_policy(demand, rate, costs)
    at_best = reorder_cost(demand, rate, costs, best.reorder_point_pieces, best.order_quantity_pieces)
    assert at_best.total_per_year == pytest.approx(best.cost_per_year)
    for r in range(int(best.reorder_point_pieces) - 3, int(best.reorder_point_pieces) + 4):
        for q in range(1, int(best.order_quantity_pieces) + 6, 2):
            assert reorder_cost(demand, rate, costs, r, q).total_per_year >= best.cost_per_year - 1e-9


@CHECKED
@given(fixed=st.floats(2, 50), waiting=st.floats(2, 20), dr=st.floats(-5, 5), dq=st.floats(-8, 8))
def test_no_real_policy_nearby_is_cheaper(fixed, waiting, dr, dq):
    demand = Demand(Family.NORMAL, 50.0, 12.0)
    costs = ReorderCosts(fixed, 1.0, waiting)
    best = cheapest_policy(demand, 100.0, costs)
    q = max(best.order_quantity_pieces + dq, 0.5)
    other = reorder_cost(demand, 100.0, costs, best.reorder_point_pieces + dr, q)
    assert other.total_per_year >= best.cost_per_year - 1e-9
    r = best_reorder_point(demand, 100.0, costs, q)
    assert reorder_cost(demand, 100.0, costs, r, q).total_per_year <= other.total_per_year + 1e-9


@CHECKED
@given(mean=st.floats(2, 12), fixed=st.floats(1, 40), p=st.floats(2, 15), lead=st.integers(0, 2))
def test_no_two_level_policy_nearby_is_cheaper(mean, fixed, p, lead):
    costs = TwoLevelCosts(fixed, 1.0, p)
    best = cheapest_two_level_policy(mean, lead, costs)
    s, up_to = int(best.reorder_level_pieces), int(best.order_up_to_pieces)
    assert two_level_cost(mean, lead, costs, s, up_to) == pytest.approx(best.cost_per_period)
    for other_s in range(s - 4, s + 5):
        for other_up_to in range(max(other_s + 1, up_to - 6), up_to + 7):
            assert two_level_cost(mean, lead, costs, other_s, other_up_to) >= best.cost_per_period - 1e-9


@CHECKED
@given(mean=st.floats(0.5, 60), h=st.floats(0.1, 5), p=st.floats(0.1, 50))
def test_no_whole_stock_beats_the_newsvendor(mean, h, p):
    demand = Demand(Family.POISSON, mean, 0.0)
    best = newsvendor(demand, h, p)
    tried = np.arange(0.0, 150.0)
    assert newsvendor_cost(tried, mean, demand.loss(tried), h, p).min() >= best.cost - 1e-9


def test_the_optimum_never_falls_as_the_service_asked_rises():
    demand = Demand(Family.POISSON, 4.0, 0.0)
    costs = [cheapest_whole_policy(demand, 4.0, ReorderCosts(20, 1, b)).cost_per_year for b in (2, 5, 20, 80)]
    assert costs == sorted(costs)


def test_an_empirical_newsvendor_tries_every_value():
    demand = EmpiricalDemand(np.array([1.0, 4.0, 6.0, 9.0]), np.array([0.2, 0.3, 0.4, 0.1]))
    best = newsvendor_empirical(demand, 1.0, 3.0)
    tried = [
        float(newsvendor_cost(x, demand.mean_pieces, demand.loss(x), 1.0, 3.0)) for x in np.arange(0, 10, 0.5)
    ]
    assert float(best.cost) == pytest.approx(min(tried))


def test_what_is_no_law_is_refused_with_all_findings():
    with pytest.raises(ValueError, match=r"does not rise.*negative.*sums to"):
        EmpiricalDemand(np.array([1.0, 1.0, 2.0]), np.array([0.5, -0.2, 0.1]))


def test_suppliers_in_a_circle_are_refused():
    network = Network({"a": 1, "b": 1}, {"a": 1, "b": 1}, [("a", "b"), ("b", "a")], {"b": 1.0}, {"b": 0})
    with pytest.raises(ValueError, match="cut it"):
        cheapest_service_times(network, 1.0)

"""Quantiles and reorder points: the smallest that is enough, found for every family."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.inventory.base_stock import base_stock_fill_rate, base_stock_for_fill_rate
from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.quantile import quantile
from servicepolicy_optimizer.inventory.reorder_point import (
    cycle_service,
    one_term_fill_rate,
    reorder_point_for_cycle_service,
    reorder_point_for_fill_rate,
    two_term_fill_rate,
)
from servicepolicy_optimizer.inventory.shelf import pooled_performance, shelf_demand

CHECKED = settings(deadline=None, max_examples=40)


@CHECKED
@given(
    family=st.sampled_from([Family.POISSON, Family.NEGATIVE_BINOMIAL]),
    mean=st.floats(0.01, 300),
    over=st.floats(0, 8),
    chance=st.floats(0.001, 0.9999),
)
def test_counting_quantile_is_the_smallest(family, mean, over, chance):
    demand = Demand(family, mean, np.sqrt(mean * (1 + over)))
    x = quantile(demand, chance)
    assert 1 - demand.survival(x) >= chance
    assert x == 0 or 1 - demand.survival(x - 1) < chance


@CHECKED
@given(
    family=st.sampled_from([Family.NORMAL, Family.GAMMA]),
    mean=st.floats(1, 300),
    variation=st.floats(0.05, 2),
    chance=st.floats(0.01, 0.999),
)
def test_continuous_quantile_is_exact(family, mean, variation, chance):
    demand = Demand(family, mean, mean * variation)
    assert float(demand.survival(quantile(demand, chance))) == pytest.approx(1 - chance, rel=1e-7)


def test_quantiles_of_a_mixture_with_certain_and_empty_demand():
    demand = Demand(
        np.array([Family.NORMAL, Family.GAMMA, Family.GAMMA, Family.POISSON, Family.POISSON]),
        np.array([10.0, 7.0, 0.0, 0.0, 12.0]),
        np.array([0.0, 0.0, 0.0, 0.0, 0.0]),
        np.array([0.0, 0.0, 0.0, 0.0, 5.0]),
    )
    assert quantile(demand, 0.9).tolist() == [10.0, 7.0, 0.0, 0.0, 15.0]


@pytest.mark.parametrize("chance", [0.0, 1.0, 1.2, np.nan])
def test_a_chance_outside_is_refused(chance):
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        quantile(Demand(Family.POISSON, 3.0, 0.0), chance)


@CHECKED
@given(
    rate=st.floats(0.02, 30),
    size=st.sampled_from([1, 3, 12]),
    days=st.floats(0.5, 15),
    lead_sd=st.floats(0, 3),
    review=st.sampled_from([0.0, 5.0]),
    q=st.integers(0, 40),
    target=st.floats(0.05, 0.999),
)
def test_the_reorder_point_is_the_smallest_that_keeps_the_fill_rate(
    rate, size, days, lead_sd, review, q, target
):
    shelf = shelf_demand(rate, np.sqrt(rate * size * 1.4), size, size * size * 1.4, days, lead_sd, review)
    r = reorder_point_for_fill_rate(shelf, q, target)
    assert pooled_performance(shelf, r, q).unit_fill_rate >= target
    assert pooled_performance(shelf, r - 1, q).unit_fill_rate < target


def test_reorder_points_of_many_items_at_once():
    shelf = shelf_demand([0.1, 2.0, 40.0], [0.4, 2.0, 12.0], 1, 1.2, 7, 1)
    q, target = np.array([1.0, 10.0, 0.0]), np.array([0.9, 0.95, 0.99])
    together = reorder_point_for_fill_rate(shelf, q, target)
    alone = [reorder_point_for_fill_rate(shelf.of(np.array([i])), q[i], target[i])[0] for i in range(3)]
    assert together.tolist() == alone


def test_a_real_reorder_point_meets_the_target_exactly():
    shelf = shelf_demand(20.0, 6.0, 1, 1, 5, 1, family=Family.GAMMA, whole_pieces=False)
    r = reorder_point_for_fill_rate(shelf, 50, 0.97, whole=False)
    assert float(pooled_performance(shelf, r, 50).unit_fill_rate) == pytest.approx(0.97, abs=1e-12)


@pytest.mark.parametrize("target", [0.0, 1.0, -0.1, np.nan])
def test_a_target_nobody_can_keep_is_refused(target):
    with pytest.raises(ValueError, match="target_fill_rate"):
        reorder_point_for_fill_rate(shelf_demand(1.0, 1.0, 1, 1, 2, 0), 4, target)


@CHECKED
@given(mean=st.floats(5, 200), variation=st.floats(0.05, 0.5), q=st.floats(1, 300), z=st.floats(-1, 3))
def test_two_terms_are_never_below_one(mean, variation, q, z):
    demand = Demand(Family.NORMAL, mean, mean * variation)
    r = mean * (1 + z * variation)
    assert two_term_fill_rate(demand, r, q) >= one_term_fill_rate(demand, r, q)


def test_cycle_service_and_its_reorder_point_are_inverse():
    demand = Demand(Family.GAMMA, 50.0, 20.0)
    r = reorder_point_for_cycle_service(demand, 0.93)
    assert float(cycle_service(demand, r)) == pytest.approx(0.93)


@CHECKED
@given(mean=st.floats(0.05, 60), target=st.floats(0.05, 0.999))
def test_base_stock_is_the_smallest_for_its_fill_rate(mean, target):
    demand = Demand(Family.POISSON, mean, 0.0)
    stock = base_stock_for_fill_rate(demand, target)
    assert base_stock_fill_rate(demand, stock) >= target
    assert stock == 1 or base_stock_fill_rate(demand, stock - 1) < target

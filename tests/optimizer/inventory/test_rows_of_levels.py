"""Rising rows of levels, one special function a row, against a special function for every level."""

import numpy as np
import pytest

from servicepolicy_optimizer.inventory import shelf as lots
from servicepolicy_optimizer.inventory import side_by_side
from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.shelf import pooled_performance, shelf_demand

ITEMS = 400


def alone(law, levels, order):
    """Every level by itself."""
    each = [law.excess_moments(levels[:, [place]], order) for place in range(levels.shape[1])]
    return [np.concatenate([one[m] for one in each], axis=1) for m in range(order)]


def ladder_like(rng, mean, sd, levels):
    """Whole levels from -1 to far above, as a ladder has them, some of them lifted by an order quantity."""
    top = np.ceil(mean + sd * np.maximum(4, 9 * sd / mean)) + 1
    lift = np.where(rng.random(mean.size) < 0.5, 0, np.round(np.exp(rng.uniform(0, np.log(4 * mean + 2)))))
    return np.round(-1 + top[:, None] * np.linspace(0, 1, levels)) + lift[:, None]


@pytest.mark.parametrize("levels", [5, 12, 40, 150])
@pytest.mark.parametrize("variation", [0.03, 0.2, 0.6, 1.0, 2.5])
def test_gamma_rows_equal_their_levels(levels, variation):
    rng = np.random.default_rng(levels)
    mean = np.exp(rng.uniform(np.log(0.5), np.log(1e5), ITEMS))
    sd = mean * variation * rng.uniform(0.7, 1.4, ITEMS)
    law = Demand(np.full(ITEMS, Family.GAMMA), mean, sd)
    at = ladder_like(rng, mean, sd, levels) + 0.5
    scale = mean[:, None]
    for order, (row, single) in enumerate(zip(law.excess_moments(at, 2), alone(law, at, 2), strict=True), 1):
        np.testing.assert_allclose(row / scale**order, single / scale**order, atol=3e-12)


@pytest.mark.parametrize("levels", [5, 40, 150])
@pytest.mark.parametrize("overdispersion", [0.0, 1e-3, 0.5, 6.0, 40.0])
def test_counting_rows_equal_their_levels(levels, overdispersion):
    rng = np.random.default_rng(levels)
    mean = np.exp(rng.uniform(np.log(0.01), np.log(300.0), ITEMS))
    sd = np.sqrt(mean * (1 + overdispersion))
    family = Family.NEGATIVE_BINOMIAL if overdispersion else Family.POISSON
    law = Demand(np.full(ITEMS, family), mean, sd)
    at = ladder_like(rng, np.maximum(mean, 1.0), sd, levels)
    scale = np.maximum(mean, 1.0)[:, None]
    for order, (row, single) in enumerate(zip(law.excess_moments(at, 2), alone(law, at, 2), strict=True), 1):
        np.testing.assert_allclose(row / scale**order, single / scale**order, atol=1e-10)


def test_a_row_between_whose_levels_all_demand_lies():
    law = Demand(np.full(2, Family.GAMMA), np.array([1e4, 1e4]), np.array([20.0, 300.0]))
    at = np.array([[0.0, 1.0, 2.0, 9000.0, 11000.0, 30000.0]] * 2)
    for row, single in zip(law.excess_moments(at, 2), alone(law, at, 2), strict=True):
        np.testing.assert_allclose(row, single, rtol=1e-9, atol=1e-6)


def test_a_counting_row_that_starts_where_nothing_is_yet():
    law = Demand(np.full(2, Family.POISSON), np.array([5e3, 40.0]), np.zeros(2))
    at = np.array([[3000.0, 3100, 3200, 3300, 3400, 3450], [900.0, 901, 902, 903, 904, 905]])
    for row, single in zip(law.excess_moments(at, 2), alone(law, at, 2), strict=True):
        np.testing.assert_allclose(row, single, rtol=1e-9, atol=1e-12)


def some_shelf(items):
    rng = np.random.default_rng(3)
    rate = np.exp(rng.uniform(np.log(0.02), np.log(60.0), items))
    size = 1.0 + rng.exponential(2.0, items)
    demand = shelf_demand(rate, np.sqrt(2 * size * rate), size, 2 * size**2, 9.0, 2.0)
    quantity = np.round(1 + rng.exponential(40.0, items))
    return demand, np.round(np.linspace(-1, 1, 40) * 30 * rate[:, None] + 9), quantity


def test_lots_and_threads_change_nothing(monkeypatch):
    demand, points, quantity = some_shelf(300)
    found = []
    for threads, at_once in ((1, 1 << 18), (2, 1 << 11), (5, 1 << 8)):
        monkeypatch.setattr(side_by_side.side_by_side, "__defaults__", (threads,))
        monkeypatch.setattr(lots, "TABLED_AT_ONCE", at_once)
        found.append(pooled_performance(demand, points, quantity))
    for other in found[1:]:
        for one, same in zip(found[0], other, strict=True):
            assert one.tobytes() == same.tobytes()


def test_a_ladder_is_what_its_reorder_points_give_one_by_one():
    demand, points, quantity = some_shelf(200)
    ladder = pooled_performance(demand, points, quantity)
    for place in (0, 7, 20, 39):
        single = pooled_performance(demand, points[:, place], quantity)
        np.testing.assert_allclose(ladder.unit_fill_rate[:, place], single.unit_fill_rate, atol=1e-9)
        np.testing.assert_allclose(
            ladder.on_hand_pieces[:, place], single.on_hand_pieces, rtol=1e-9, atol=1e-9
        )

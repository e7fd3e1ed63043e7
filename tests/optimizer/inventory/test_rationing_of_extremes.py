"""Reserves of shelves with very much demand, of very small classes, and above all that is ever on hand."""

import numpy as np
import pytest
from scipy import stats

from servicepolicy_optimizer.inventory.rationing import rationed_performance
from servicepolicy_optimizer.inventory.shelf import pooled_performance, shelf_demand
from servicepolicy_optimizer.inventory.shortage_curves import shortage_at


def single_pieces(mean, variance_to_mean=1.0):
    return shelf_demand([mean], [np.sqrt(mean * variance_to_mean)], 1, 1, 1, 0)


def fill_of_the_better(shelf, share, level, reorder, quantity=1.0):
    levels, shares = [[[0.0, level]]], [[share, 1 - share]]
    return rationed_performance(shelf, shares, levels, [[reorder]], [quantity]).unit_fill_rate[0, 0, 0]


def added_up(shelf, share, level, reorder):
    """The same piece by piece, or in steps that are short against how long the reserve lasts."""
    worse = stats.nbinom(level, share)
    first, last = worse.ppf(1e-12), worse.isf(1e-12)
    ends = np.arange(first, last + 2, max((last - first) // 50_000, 1))
    chance, middle = np.diff(worse.cdf(ends - 1)), (ends[:-1] + ends[1:] - 1) / 2
    level_for_law = shelf.level_for_law([[reorder]], np.array([1.0]))
    return 1 - float(chance @ shortage_at(shelf, level_for_law + middle, np.ones(1))[0][0])


@pytest.mark.parametrize("protected", [-1.0, 400_000.0, 500_000.0, 700_000.0])
@pytest.mark.parametrize(("share", "level"), [(0.01, 5050.0), (0.001, 516.0), (0.02, 12_000.0)])
def test_a_reserve_of_a_small_class_of_a_million_pieces_is_outlasted(share, level, protected):
    # The chance that nobody else asks before it is empty is too small for a number.
    shelf = single_pieces(1_000_000.0)
    found = fill_of_the_better(shelf, share, level, level + protected)
    assert found == pytest.approx(added_up(shelf, share, level, level + protected), abs=0.003)


@pytest.mark.parametrize("mean", [10.0, 700.0, 5_000.0, 40_000.0, 1_000_000.0])
@pytest.mark.parametrize("part", [0.2, 0.5, 1.0])
@pytest.mark.parametrize("deviations", [-1.0, 0.0, 2.0])
def test_who_has_all_demand_gets_the_pooled_shelf_whatever_is_reserved(mean, part, deviations):
    shelf = single_pieces(mean)
    reorder, level = np.floor(mean + deviations * np.sqrt(mean)), np.floor(part * mean)
    pooled = pooled_performance(shelf, [[reorder]], [1.0]).unit_fill_rate[0, 0]
    # Levels lie apart at a third of the deviation at most.
    assert fill_of_the_better(shelf, 1.0, level, reorder) == pytest.approx(pooled, abs=1e-5)


@pytest.mark.parametrize("quantity", [0.0, 1.0, 40.0, 10_000.0])
@pytest.mark.parametrize(("mean", "lumps"), [(5.0, 1.0), (300.0, 1.0), (300.0, 3.0), (2_000.0, 4.0)])
@pytest.mark.parametrize("level", [1e5, 1e7])
def test_a_reserve_above_all_that_is_ordered_leaves_the_better_what_there_is(mean, lumps, level, quantity):
    shelf, reorder = single_pieces(mean, lumps), np.floor(mean)
    pooled = pooled_performance(shelf, [[reorder]], [quantity]).unit_fill_rate[0, 0]
    found = fill_of_the_better(shelf, 1.0, level, reorder, quantity)
    # Of large orders levels lie farther apart, and a piece at either end of them counts less.
    assert found == pytest.approx(pooled, abs=3e-4)

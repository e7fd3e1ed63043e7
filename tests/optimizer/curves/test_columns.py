"""Columns against the enumeration of every rung, and ladders against what they must look like."""

from itertools import product

import numpy as np
import pytest

from servicepolicy_optimizer.curves.cheapest_rungs import lagrangian
from servicepolicy_optimizer.curves.columns import (
    StockedShelf,
    StockPrices,
    best_rungs,
    column,
    rung_costs,
)
from servicepolicy_optimizer.curves.first_columns import first_columns
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, Question, question
from tests.optimizer.small_inline import small_scenario

SEEDS = range(12)


def asked(seed: int, **changes: object) -> Question:
    scenario = small_scenario(seed, **changes)
    return question(scenario, inline_facts(scenario), Known(), lambda stage, done, word: None)


def prices(seed: int, shelf: StockedShelf) -> StockPrices:
    rng = np.random.default_rng(seed)
    return StockPrices(
        rng.uniform(0, 40, shelf.items.pieces.shape[1:]),
        money=float(rng.uniform(0, 1)),
        stock_value=float(rng.uniform(0, 0.3)),
        storage_m3=float(rng.uniform(0, 9)),
    )


def charged(shelf: StockedShelf, chosen: np.ndarray, at: StockPrices) -> float:
    """A column's cost with everything it uses charged: the definition of the Lagrangian, on the aggregate."""
    made = column(shelf, chosen, np.zeros(shelf.items.pieces.shape[1]))
    logistics = made.inventory_cost + made.supply_cost + made.warehousing_cost
    return float(
        (1 + at.money) * logistics[0]
        + made.lost_sales_cost[0]
        + at.stock_value * made.stock_value[0]
        + at.storage_m3 * made.storage_m3[0]
        + (at.short * made.pieces_short[0]).sum()
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_no_choice_of_rungs_costs_less_than_the_lagrangian(seed: int) -> None:
    room = asked(seed).room
    for shelf in {id(one): one for one in room.shelves.values()}.values():
        at = prices(seed, shelf)
        least = lagrangian(shelf, at)
        assert charged(shelf, best_rungs(shelf, at), at) == pytest.approx(least, rel=1e-9)
        n, rungs = shelf.items.rows.size, shelf.rungs.rungs
        for chosen in product(range(rungs), repeat=n) if rungs**n <= 700 else ():
            assert charged(shelf, np.array(chosen), at) >= least - 1e-9 * abs(least)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_higher_price_on_a_class_never_shortens_it_more(seed: int) -> None:
    room = asked(seed).room
    for shelf in room.shelves.values():
        low = prices(seed, shelf)
        for i in range(low.short.shape[0]):
            raised = low.short.copy()
            raised[i] *= 3
            high = StockPrices(raised, low.money, low.stock_value, low.storage_m3)
            before, after = (
                column(shelf, best_rungs(shelf, at), np.zeros(2)).pieces_short[0, i].sum()
                for at in (low, high)
            )
            assert after <= before + 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_on_a_pooled_ladder_stock_and_fill_rate_rise_together(seed: int) -> None:
    room = asked(seed, stock_policies=["pooled", "separate"]).room
    for shelf in room.shelves.values():
        assert (np.diff(shelf.rungs.reorder_point_pieces, axis=1) >= 0).all()
        assert (np.diff(shelf.rungs.fill_rate[:, :, 0], axis=1) >= -1e-12).all()
        assert (np.diff(shelf.rungs.on_hand_pieces, axis=1) >= -1e-9).all()
        assert (shelf.rungs.fill_rate[:, -1] > 0.99).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_under_every_item_each_item_keeps_the_promise_with_the_smallest_reorder_point(seed: int) -> None:
    found = asked(seed, fill_rate_basis="every_item", stock_policies=["pooled"])
    for place, shelf in found.room.shelves.items():
        target = found.room.promises[place].max()
        ordered = shelf.items.pieces.sum(axis=2) > 0
        assert ordered.all()
        columns = found.curves.columns[place]
        keeping = [k for k in range(columns.size) if (columns.fill_rate[k] >= target - 1e-12).all()]
        cheapest = min(keeping, key=lambda k: columns.inventory_cost[k])
        rungs = found.curves.rungs[place][cheapest]
        n = np.arange(rungs.size)
        assert (shelf.rungs.fill_rate[n, rungs, 0] >= target - 1e-12).all()
        smaller = shelf.rungs.reorder_point_pieces < shelf.rungs.reorder_point_pieces[n, rungs][:, None]
        assert (shelf.rungs.fill_rate[:, :, 0][smaller] < target).all()


def test_columns_met_before_are_not_computed_again() -> None:
    found = asked(3)
    made = dict(found.known.columns)
    again = first_columns(found.scenario, found.room, made)
    for place, columns in found.curves.columns.items():
        assert again.columns[place] is columns


def test_the_charge_of_a_rung_is_what_the_column_says() -> None:
    shelf = next(iter(asked(5).room.shelves.values()))
    at = prices(5, shelf)
    costs = rung_costs(shelf, at)
    n = np.arange(shelf.items.rows.size)
    for rung in (0, shelf.rungs.rungs - 1):
        first, other = np.zeros_like(n), np.full_like(n, rung)
        difference = charged(shelf, other, at) - charged(shelf, first, at)
        assert costs[n, other].sum() - costs[n, first].sum() == pytest.approx(difference, abs=1e-6)


def test_no_reorder_point_is_minus_nothing() -> None:
    """Rounded from -0.4 it would stand as -0 in the table for the ERP system."""
    shelves = asked(3, limits={"rungs": 40}).room.shelves.values()
    nothing = np.concatenate([one.rungs.reorder_point_pieces.ravel() for one in shelves])
    nothing = nothing[nothing == 0]
    assert nothing.size and not np.signbit(nothing).any()

"""Rungs looked up on the envelope against the least cost of all rungs, on ladders that bend as they like."""

from dataclasses import replace

import numpy as np
import pytest

from servicepolicy_models.means import StockPolicy
from servicepolicy_optimizer.curves import lots
from servicepolicy_optimizer.curves import stockroom as stocking
from servicepolicy_optimizer.curves.columns import StockPrices, best_rungs_at, columns_of, rung_costs
from servicepolicy_optimizer.curves.envelope import Envelope, envelope, scanned
from servicepolicy_optimizer.curves.stock import StockKnown
from servicepolicy_optimizer.inventory import side_by_side
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.recall import InMemory
from tests.optimizer.curves.test_columns import asked, prices
from tests.optimizer.small_inline import small_scenario

ITEMS, RUNGS = 200, 13


def convex(rng):
    return np.cumsum(rng.random((ITEMS, RUNGS)), axis=1), 1 - np.exp(
        -np.cumsum(rng.random((ITEMS, RUNGS)), 1)
    )


def bending_as_they_like(rng):
    return np.cumsum(rng.random((ITEMS, RUNGS)), axis=1), np.sort(rng.random((ITEMS, RUNGS)), axis=1)


def flat_at_first(rng):
    at = np.cumsum(rng.uniform(0.2, 1.0, (ITEMS, RUNGS)), axis=1)
    return at, 1 / (1 + np.exp(rng.uniform(2, 5, (ITEMS, 1)) - 2 * at))


def standing_still(rng):
    stock, fill = bending_as_they_like(rng)
    return np.floor(3 * stock), np.floor(9 * fill) / 9


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ladders", [convex, bending_as_they_like, flat_at_first, standing_still])
def test_no_rung_costs_less_than_the_one_looked_up(seed, ladders):
    rng = np.random.default_rng(seed)
    stock, fill = ladders(rng)
    worth = np.exp(rng.uniform(-4, 6, (ITEMS, 20)))
    worth[:, 0] = 0.0
    cost = stock[:, :, None] - worth[:, None, :] * fill[:, :, None]
    for known in (envelope(stock, fill), Envelope(scanned(stock, fill))):
        chosen = known.best(worth)
        held = np.take_along_axis(cost, chosen[:, None, :], axis=1)[:, 0]
        np.testing.assert_allclose(held, cost.min(axis=1), rtol=1e-12, atol=1e-12)
        assert (known.step_worth[:, 1:] >= known.step_worth[:, :-1]).all()
        lower = np.arange(RUNGS)[:, None] < chosen[:, None, :]
        assert (np.where(lower, cost, np.inf) > held[:, None, :] - 1e-12).all()


@pytest.mark.parametrize("seed", range(6))
def test_the_rungs_of_a_shelf_are_those_of_least_cost(seed):
    room = asked(seed, stock_policies=[policy.value for policy in StockPolicy], limits={"rungs": 30}).room
    for shelf in {id(one): one for one in room.shelves.values()}.values():
        many = [prices(100 * seed + k, shelf) for k in range(5)] + [StockPrices(np.zeros((2, 2)))]
        many = [one for one in many if one.short.shape == shelf.items.pieces.shape[1:]]
        chosen = best_rungs_at(shelf, many)
        for k, one in enumerate(many):
            cost = rung_costs(shelf, one)
            held = cost[np.arange(len(cost)), chosen[:, k]]
            np.testing.assert_allclose(held, cost.min(axis=1), rtol=1e-12)


def test_sums_are_the_same_whatever_the_threads(monkeypatch):
    shelf = next(iter(asked(5, limits={"rungs": 30}).room.shelves.values()))
    monkeypatch.setattr(lots, "ITEMS_AT_ONCE", 2)
    found = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(side_by_side.side_by_side, "__defaults__", (threads,))
        chosen = best_rungs_at(shelf, [prices(k, shelf) for k in range(7)])
        made = columns_of(shelf, chosen, np.zeros((7, shelf.items.pieces.shape[1])))
        found.append(b"".join(getattr(made, name).tobytes() for name in made.__dataclass_fields__))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("policy", list(StockPolicy))
def test_columns_are_the_sums_over_items(policy):
    shelf = next(iter(asked(7, stock_policies=[policy.value]).room.shelves.values()))
    items, n = shelf.items, np.arange(shelf.items.rows.size)
    chosen = np.random.default_rng(1).integers(0, shelf.rungs.rungs, (n.size, 9))
    made = columns_of(shelf, chosen, np.zeros((9, items.pieces.shape[1])))
    for k in range(9):
        on_hand = shelf.rungs.on_hand_pieces[n, chosen[:, k]]
        short = items.pieces * (1 - shelf.rungs.fill_rate[n, chosen[:, k]])[:, :, None]
        stock_value = ((on_hand + items.pipeline_pieces) * items.purchase_price).sum()
        served = np.where(items.pieces.sum(axis=2) > 0, shelf.service[n, chosen[:, k]], 1.0)
        assert made.stock_value[k] == pytest.approx(stock_value, rel=1e-12)
        assert made.storage_m3[k] == pytest.approx((on_hand * items.unit_volume_m3).sum(), rel=1e-12)
        assert made.lost_sales_cost[k] == pytest.approx(
            (short.sum(axis=2) * items.short_cost).sum(), rel=1e-12
        )
        np.testing.assert_allclose(made.pieces_short[k], short.sum(axis=0), rtol=1e-12)
        np.testing.assert_allclose(made.fill_rate[k], served.min(axis=0), rtol=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_an_envelope_that_was_kept_is_that_of_its_ladder(seed, monkeypatch):
    scenario, recall = small_scenario(seed), InMemory(100_000_000)

    def room():
        return question(scenario, inline_facts(scenario), Known(recall=recall), in_silence).room

    made = room()
    monkeypatch.setattr(stocking, "with_steps", None)  # nothing is computed again
    read, with_one = room(), 0
    for place, shelf in made.shelves.items():
        other = read.shelves[place]
        assert (shelf.envelope is None) == (other.envelope is None)
        assert shelf.content == other.content
        if other.envelope is not None:
            with_one += 1
            assert other.rungs.step_worth is not None
            plain = envelope(other.rungs.on_hand_pieces, other.rungs.fill_rate[:, :, 0])
            np.testing.assert_array_equal(other.envelope.step_worth, plain.step_worth)
    assert with_one


def test_the_content_of_a_shelf_is_that_of_its_rates_and_rungs():
    shelf = next(iter(asked(5, limits={"rungs": 30}).room.shelves.values()))
    filled = replace(shelf.rungs, fill_rate=np.nextafter(shelf.rungs.fill_rate, 0.0))
    others = (
        replace(shelf, carrying_rate_per_year=2 * shelf.carrying_rate_per_year),
        replace(shelf, storage_cost_per_m3_year=shelf.storage_cost_per_m3_year + 1.0),
        replace(shelf, stock=StockKnown(filled, shelf.service)),
        replace(shelf, stock=StockKnown(shelf.rungs, np.nextafter(shelf.service, 0.0))),
        replace(shelf, items=replace(shelf.items, purchase_price=2 * shelf.items.purchase_price)),
    )
    assert replace(shelf).content == shelf.content
    assert len({shelf.content, *(one.content for one in others)}) == 1 + len(others)
    # What no rung changes is no part of it.
    dearer = replace(shelf, items=replace(shelf.items, supply_cost=2 * shelf.items.supply_cost + 1))
    assert dearer.content == shelf.content

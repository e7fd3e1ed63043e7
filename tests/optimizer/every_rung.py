"""The cheapest policy of whole items, found by trying every option and every rung of every item.

Knows the shelves' ladders (what each rung holds, costs and misses), and nothing of columns, prices or
solvers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from servicepolicy_optimizer.choices import Segment, StockingOption
from servicepolicy_optimizer.question import Question


@dataclass(frozen=True)
class Outcomes:
    """Every way to stock an item class: W ways."""

    cost: np.ndarray
    """(W,)"""
    stock_value: np.ndarray
    """(W,)"""
    short: np.ndarray
    """(W, I) pieces a year."""


@dataclass(frozen=True)
class Stocked:
    """Every policy of whole items: P policies."""

    cost: np.ndarray
    """(P,)"""
    value: np.ndarray
    """(P,) of the stock."""
    fill: Mapping[Segment, np.ndarray]
    """(P,) each."""


def cheapest(asked: Question, inventory_value: float | None = None) -> float | None:
    """Least objective a year over every policy of whole items; None where none keeps the promises and the
    budget.
    """
    classes = [_kept(asked, name) for name in asked.choices.options]
    served = sum(
        min(path.cost for (s, _), paths in asked.choices.paths.items() if s == segment for path in paths)
        for segment in asked.choices.targets
    )
    best = np.inf
    for ways in product(*(range(len(one.cost)) for one in classes)) if inventory_value is not None else ():
        value = sum(one.stock_value[w] for one, w in zip(classes, ways, strict=True))
        if value <= inventory_value:
            best = min(best, sum(one.cost[w] for one, w in zip(classes, ways, strict=True)))
    if inventory_value is None:
        best = sum(one.cost.min(initial=np.inf) for one in classes)
    return None if np.isinf(best) else float(best + served)


def _kept(asked: Question, item_class: str) -> Outcomes:
    """The ways that keep every promise of the class; of them, those that are not both dearer and heavier."""
    outcomes = [_ways(asked, option) for option in asked.choices.options[item_class]]
    cost = np.concatenate([one.cost for one in outcomes])
    value = np.concatenate([one.stock_value for one in outcomes])
    short = np.concatenate([one.short for one in outcomes])
    allowed = [
        (1 - asked.choices.targets[name, item_class, "*"].fill_rate)
        * asked.choices.targets[name, item_class, "*"].pieces_per_year
        for name in asked.facts.customer_classes
    ]
    kept = (short <= np.array(allowed) * (1 + 1e-12) + 1e-12).all(axis=1)
    cost, value, short = cost[kept], value[kept], short[kept]
    order = np.lexsort((value, cost))
    lightest = np.minimum.accumulate(value[order])
    front = order[np.concatenate([[True], value[order][1:] < lightest[:-1]])] if order.size else order
    return Outcomes(cost[front], value[front], short[front])


def _ways(asked: Question, option: StockingOption) -> Outcomes:
    """Every combination of rungs of the items on the option's shelves."""
    parts = [part for shelf in option.shelves for part in _items(asked, option, shelf.name)]
    cost, value, short = np.zeros(1), np.zeros(1), np.zeros((1, len(asked.facts.customer_classes)))
    for part in parts:
        cost = (cost[:, None] + part.cost[None, :]).ravel()
        value = (value[:, None] + part.stock_value[None, :]).ravel()
        short = (short[:, None, :] + part.short[None, :, :]).reshape(-1, short.shape[1])
    return Outcomes(cost, value, short)


def stocked_in_every_way(asked: Question, item_classes: Sequence[str]) -> Stocked:
    """Every policy of some item classes."""
    cost, value, short = np.zeros(1), np.zeros(1), np.zeros((1, 0))
    for name in item_classes:
        ways = [_ways(asked, option) for option in asked.choices.options[name]]
        own_cost = np.concatenate([one.cost for one in ways])
        own_value = np.concatenate([one.stock_value for one in ways])
        own_short = np.concatenate([one.short for one in ways])
        n, k = cost.size, own_cost.size
        cost = (cost[:, None] + own_cost).ravel()
        value = (value[:, None] + own_value).ravel()
        short = np.hstack([np.repeat(short, k, axis=0), np.tile(own_short, (n, 1))])
    names = [(i, j, "*") for j in item_classes for i in asked.facts.customer_classes]
    pieces = [asked.choices.targets[s].pieces_per_year for s in names]
    return Stocked(cost, value, {s: 1 - short[:, n] / pieces[n] for n, s in enumerate(names)})


def _items(asked: Question, option: StockingOption, shelf_name: str) -> Iterator[Outcomes]:
    """Each item of a shelf with its distinct rungs."""
    shelf = asked.room.shelves[option.item_class, option.name, shelf_name]
    for n in range(shelf.items.rows.size):
        held = shelf.rungs.on_hand_pieces[n]
        pieces = shelf.items.pieces[n].sum(axis=1)
        short = pieces * (1 - np.broadcast_to(shelf.rungs.fill_rate[n], (held.size, pieces.size)))
        price, volume = shelf.items.purchase_price[n], shelf.items.unit_volume_m3[n]
        cost = (
            held * (price * shelf.carrying_rate_per_year + volume * shelf.storage_cost_per_m3_year)
            + shelf.items.supply_cost[n]
            + shelf.items.handling_cost[n]
            + short @ shelf.items.short_cost[n]
        )
        _, distinct = np.unique(np.column_stack([cost, held, short]).round(12), axis=0, return_index=True)
        yield Outcomes(cost[distinct], held[distinct] * price, short[distinct])

"""Column generation: the master's prices find the columns that matter (Dantzig & Wolfe 1960)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.curves.columns import StockPrices
from servicepolicy_optimizer.curves.item_curves import Curves
from servicepolicy_optimizer.curves.stockroom import Place, Stockroom
from servicepolicy_optimizer.facts import Facts, Floats, Rungs
from servicepolicy_optimizer.master import ColumnWriter, build
from servicepolicy_optimizer.solve import Compiled, Prices, Relaxation, compiled, relaxed

GOOD_ENOUGH = 1e-5
"""Refining ends when no columns can lower the relaxation by more than this share of its value."""


@dataclass(frozen=True)
class Refined:
    """Columns that were refined, and the master model with all of them."""

    curves: Curves
    master: Compiled
    prices: Prices | None = None
    """Of the last relaxation, which had all columns but those that the last round may have added; None where
    there was none."""
    floor: float | None = None
    """What these prices prove of every rung of every item (`floor_of`)."""


def refined(
    scenario: Scenario,
    facts: Facts,
    choices: Choices,
    room: Stockroom,
    first: Curves,
    tell: Callable[[int], None],
) -> Refined:
    """Add columns that the relaxation's prices ask for, until none is left or the rounds are used up.

    Where the columns so far cannot keep everything, the prices are those of what they miss, and columns are
    added that miss less. Basis `every_item` needs none: its columns are the promises themselves. `tell` hears
    the round. The model is written and compiled once: columns join its arrays.
    """
    master = compiled(build(scenario, replace(choices, columns=first.columns)))
    if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM or not scenario.limits.refinements:
        return Refined(first, master)
    relaxation = Relaxation(master.model, scenario.limits, relaxed(master.problem))
    writer, grown = ColumnWriter(scenario, choices), first
    for number in range(scenario.limits.refinements):
        tell(number + 1)
        prices = relaxation.prices()
        better = with_better_columns(facts, room, grown, prices)
        if better is None:
            break
        relaxation.add(writer.written(better.columns_beyond(grown), grown.columns))
        grown = better
    return Refined(
        grown, Compiled(master.model, relaxation.grown(master.problem)), prices, floor_of(facts, room, prices)
    )


def with_better_columns(
    facts: Facts, room: Stockroom, curves: Curves, prices: Prices, objective: float = 1.0
) -> Curves | None:
    """The curves with the best column of every place at these prices; None where none gains enough.

    objective: weight of a column's own cost in what the prices come from; 0 where only what is scarce counts.
    """
    if prices.objective is None:
        return None
    offers = _gaining(_offers(facts, room, prices, objective))
    if _possible_gain(offers) <= GOOD_ENOUGH * max(abs(prices.objective), 1.0):
        return None
    return curves.grown(room, {place: (offer.rungs, offer.price) for place, offer in offers.items()})


def floor_of(facts: Facts, room: Stockroom, prices: Prices) -> float | None:
    """No policy costs less, whatever rung each item has: the relaxation's value less what all columns that it
    does not know could lower it by. None where its rows cannot be kept.

    A shelf's price that falls by what its best column gains leaves no column a negative reduced cost; then
    that of the option falls by the sum over its shelves, and the price of taking one option by the most of
    these.
    """
    if prices.held is not Held.OPTIMAL or prices.objective is None:
        return None
    return prices.objective - _possible_gain(_gaining(_offers(facts, room, prices, 1.0)))


def reduced_costs_of_all_rungs(
    facts: Facts, room: Stockroom, prices: Prices
) -> Mapping[tuple[str, str], float]:
    """Item class and option -> least reduced cost that any columns of its shelves can have, added up."""
    found: dict[tuple[str, str], float] = {}
    for (item_class, option, _), offer in _offers(facts, room, prices, 1.0).items():
        found[item_class, option] = found.get((item_class, option), 0.0) - offer.gain
    return found


def item_prices(facts: Facts, prices: Prices, item_class: str, location: str) -> StockPrices:
    """The master's prices as a shelf of that item class at that location sees them."""
    short = np.zeros((len(facts.customer_classes), len(facts.regions)))
    for (customer_class, of_items, region), price in prices.piece_short.items():
        if of_items == item_class:
            regions = slice(None) if region == "*" else facts.regions.index(region)
            short[facts.customer_classes.index(customer_class), regions] += price
    return StockPrices(short, prices.money, prices.stock_value, prices.storage_m3.get(location, 0.0))


@dataclass(frozen=True)
class _Offer:
    """A column that a place could add."""

    gain: float
    """Minus its reduced cost: currency a year that the relaxation can fall by at most, per place."""
    rungs: Rungs
    price: Floats
    """(I,)"""


def _offers(facts: Facts, room: Stockroom, prices: Prices, objective: float) -> Mapping[Place, _Offer]:
    """The best column of every place at these prices."""
    found: dict[Place, _Offer] = {}

    @cache
    def seen(item_class: str, location: str) -> StockPrices:
        return replace(item_prices(facts, prices, item_class, location), objective=objective)

    asked = {place: seen(place[0], room.location(place)) for place in room.shelves}
    for place, least in room.together.cheapest(asked).items():
        co2e = prices.co2e_kg * room.shelves[place].co2e_kg
        gain = prices.shelf[place] - least.cost - co2e
        found[place] = _Offer(gain, least.rungs, asked[place].short.max(axis=1))
    return found


def _gaining(offers: Mapping[Place, _Offer]) -> dict[Place, _Offer]:
    return {place: offer for place, offer in offers.items() if offer.gain > 0}


def _possible_gain(offers: Mapping[Place, _Offer]) -> float:
    """What the relaxation can still fall by: of each item class one option, and of that option every
    shelf.
    """
    by_option: dict[tuple[str, str], float] = {}
    for (item_class, option, _), offer in offers.items():
        by_option[item_class, option] = by_option.get((item_class, option), 0.0) + offer.gain
    best: dict[str, float] = {}
    for (item_class, _), gain in by_option.items():
        best[item_class] = max(best.get(item_class, 0.0), gain)
    return sum(best.values())

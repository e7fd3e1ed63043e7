"""Column generation: the master's prices find the columns that matter (Dantzig & Wolfe 1960)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.curves.columns import StockPrices, best_rungs, lagrangian
from servicepolicy_optimizer.curves.item_curves import Curves
from servicepolicy_optimizer.curves.stockroom import Place, Stockroom
from servicepolicy_optimizer.facts import Facts, Floats, Ints
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import Prices, relax

NEGLIGIBLE = 1e-7
"""A column that lowers the relaxation by less than this share of its value is not worth its place."""


def refined(
    scenario: Scenario, facts: Facts, choices: Choices, room: Stockroom, first: Curves, tell: Callable[[int], None]
) -> Curves:
    """Add columns that the relaxation's prices ask for, until none is left or the rounds are used up.

    Basis `every_item` needs none: its columns are the promises themselves. `tell` hears the round.
    """
    grown = first
    if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
        return grown
    for number in range(scenario.limits.refinements):
        tell(number + 1)
        prices = relax(build(scenario, replace(choices, columns=grown.columns)), scenario.limits)
        if prices.held is not Held.OPTIMAL or prices.objective is None:
            return grown
        additions = _worth_adding(facts, room, prices, NEGLIGIBLE * max(abs(prices.objective), 1.0))
        if not additions:
            return grown
        grown = grown.grown(room, additions)
    return grown


def item_prices(facts: Facts, prices: Prices, place: Place, location: str) -> StockPrices:
    """The master's prices as a shelf of that item class at that location sees them."""
    short = np.zeros((len(facts.customer_classes), len(facts.regions)))
    for (customer_class, item_class, region), price in prices.piece_short.items():
        if item_class == place[0]:
            regions = slice(None) if region == "*" else facts.regions.index(region)
            short[facts.customer_classes.index(customer_class), regions] += price
    return StockPrices(short, prices.money, prices.stock_value, prices.storage_m3.get(location, 0.0))


def _worth_adding(
    facts: Facts, room: Stockroom, prices: Prices, negligible: float
) -> Mapping[Place, tuple[Ints, Floats]]:
    """Places whose best rungs at these prices have a negative reduced cost -> those rungs and the class prices."""
    found: dict[Place, tuple[Ints, Floats]] = {}
    for place, shelf in room.shelves.items():
        if place not in prices.shelf:
            continue
        asked = item_prices(facts, prices, place, room.location(place))
        co2e = prices.co2e_kg * float(shelf.items.co2e_kg.sum())
        if lagrangian(shelf, asked) + co2e - prices.shelf[place] < -negligible:
            found[place] = (best_rungs(shelf, asked), asked.short.max(axis=1))
    return found


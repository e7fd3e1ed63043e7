"""A lower bound for the case that every item is free: its own supplier, its own deployment, its own shelf."""

from collections import defaultdict

import numpy as np

from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.curves.columns import StockedShelf, StockPrices, rung_costs
from servicepolicy_optimizer.curves.guarantee import KEPT
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.solve import relax


def free_item_bound(asked: Question) -> float | None:
    """Σ_n min_g Σ_h min over rungs (cost + Σ_s λ_s · short_s) + Σ_s min path cost − Σ_s λ_s · allowed_s

    with λ the relaxation's prices of the fill-rate promises. Capacities, budgets, rules and fixed costs are
    left out, and paths need not start where the items are stocked: whatever is left out makes the bound
    lower, never wrong. Basis `every_item`: λ = 0, and of each item only the rungs that keep its promises.
    [currency a year; None when the relaxation has no prices]
    """
    every_item = asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
    price = {} if every_item else _prices(asked)
    if price is None:
        return None
    facts = asked.facts
    best: dict[int, float] = defaultdict(lambda: np.inf)
    by_option: dict[tuple[str, str], Floats] = {}
    for place, shelf in asked.room.shelves.items():
        cost = np.full(len(facts.items.items), np.nan)
        least = asked.room.promises[place] if every_item else None
        cost[shelf.items.rows] = _least(shelf, _short_price(asked, place[0], price), least)
        before = by_option.get(place[:2])
        by_option[place[:2]] = cost if before is None else _added(before, cost)
    for cost in by_option.values():
        for row in np.flatnonzero(~np.isnan(cost)).tolist():
            best[row] = min(best[row], float(cost[row]))
    allowed = sum(
        worth * (1.0 - asked.choices.targets[s].fill_rate) * asked.choices.targets[s].pieces_per_year
        for s, worth in price.items()
    )
    return sum(best.values()) + _cheapest_paths(asked) - allowed


def _prices(asked: Question) -> dict[tuple[str, str, str], float] | None:
    found = relax(build(asked.scenario, asked.choices), asked.scenario.limits)
    return None if found.objective is None else dict(found.fill_rate)


def _short_price(asked: Question, item_class: str, price: dict[tuple[str, str, str], float]) -> Floats:
    """(I, R) currency per piece short of an item class."""
    facts = asked.facts
    short = np.zeros((len(facts.customer_classes), len(facts.regions)))
    for (customer, items, region), worth in price.items():
        if items == item_class:
            r = slice(None) if region == "*" else facts.regions.index(region)
            short[facts.customer_classes.index(customer), r] += worth
    return short


def _least(shelf: StockedShelf, short: Floats, promise: Floats | None) -> Floats:
    """(n,) least cost of each item on the shelf over the rungs that keep the promise (I,), all parts."""
    items = shelf.items
    cost = rung_costs(shelf, StockPrices(short))
    if promise is not None:
        ordered = (items.pieces.sum(axis=2) > 0)[:, None, :]
        slack = np.where(ordered, shelf.service - promise, np.inf).min(axis=2)
        kept = slack >= -KEPT
        # Where no rung keeps the promise the best does: the columns are made by the same rule.
        nearest = slack >= slack.max(axis=1, keepdims=True)
        cost = np.where(np.where(kept.any(axis=1, keepdims=True), kept, nearest), cost, np.inf)
    pipeline = shelf.carrying_rate_per_year * items.pipeline_pieces * items.purchase_price
    least: Floats = items.supply_cost + items.handling_cost + pipeline + cost.min(axis=1, initial=np.inf)
    return least


def _added(one: Floats, other: Floats) -> Floats:
    """Shelf by shelf; an item that is on one of the two only costs what it costs there."""
    both: Floats = np.where(np.isnan(one), other, np.where(np.isnan(other), one, one + other))
    return both


def _cheapest_paths(asked: Question) -> float:
    least: dict[tuple[str, str, str], float] = {}
    for (segment, _), paths in asked.choices.paths.items():
        for path in paths:
            least[segment] = min(path.cost, least.get(segment, np.inf))
    return sum(least.values())

"""A lower bound for the case that every item is free: a supplier and a kind of shelf of its own."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from servicepolicy_models.means import StockPolicy
from servicepolicy_models.rules import Budgets, PolicyRules
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import Choices, ColumnSet, Segment, Shelf, StockingOption
from servicepolicy_optimizer.curves.columns import StockedShelf, StockPrices, rung_costs
from servicepolicy_optimizer.curves.guarantee import KEPT
from servicepolicy_optimizer.facts import Facts, Floats
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.solve import relax, solve

FREE = "free"
"""Name of the supplier, and of the shelf, that stand for each item's own."""


def free_item_bound(asked: Question) -> float | None:
    """min Σ_j Σ_n min over options under d(j) and rungs of (cost + Σ_s λ_s · short_s) + paths + fixed cost
    − Σ_s λ_s · allowed_s

    with λ the relaxation's prices of the fill-rate promises (a Lagrangian bound; Geoffrion 1974). The master
    model chooses deployments, paths and openings; inside a deployment every item has its own supplier, kind
    of shelf and rung. Budgets, storage and rules on stock are left out: whatever is left out makes the bound
    lower, never wrong. Basis `every_item`: λ = 0, and of each item only the rungs that keep its promises.
    [currency a year; None when the relaxation has no prices or the bound is not found in time]
    """
    every_item = asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
    price = {} if every_item else _prices(asked)
    if price is None:
        return None
    found = solve(build(_without_stock_limits(asked.scenario), _free(asked, price)), asked.scenario.limits)
    allowed = sum(
        worth * (1.0 - asked.choices.targets[s].fill_rate) * asked.choices.targets[s].pieces_per_year
        for s, worth in price.items()
    )
    return None if found.bound is None else found.bound - allowed


def _prices(asked: Question) -> Mapping[Segment, float] | None:
    found = relax(build(asked.scenario, asked.choices), asked.scenario.limits)
    return None if found.objective is None else found.fill_rate


def _without_stock_limits(scenario: Scenario) -> Scenario:
    locations = tuple(at.model_copy(update={"storage_capacity_m3": None}) for at in scenario.locations)
    rules = PolicyRules(one_channel_per_customer_class=scenario.rules.one_channel_per_customer_class)
    basis = {"fill_rate_basis": FillRateBasis.SEGMENT}
    return scenario.model_copy(update={"locations": locations, "budgets": Budgets(), "rules": rules, **basis})


def _free(asked: Question, price: Mapping[Segment, float]) -> Choices:
    """The choices with one option for each deployment: all its items free, priced, and never short."""
    cost = _cost_by_deployment(asked, price)
    options = {
        j: tuple(_option(j, d, asked.facts) for item_class, d in cost if item_class == j)
        for j in asked.choices.options
    }
    return replace(
        asked.choices,
        targets={
            s: replace(target, fill_rate=0.0, otif=None, cycle_service_level=None)
            for s, target in asked.choices.targets.items()
        },
        options=options,
        columns={
            (j, option.name, FREE): _column(asked.facts, cost[j, option.deployment])
            for j, offered in options.items()
            for option in offered
        },
        option_facilities={
            (j, option.name): _needed_by_all(asked.choices, j, option.deployment)
            for j, offered in options.items()
            for option in offered
        },
        lost_by_promise={},
    )


def _option(item_class: str, deployment: str, facts: Facts) -> StockingOption:
    shelf = Shelf(FREE, None, facts.regions)
    return StockingOption(item_class, FREE, deployment, StockPolicy.POOLED, (shelf,))


def _column(facts: Facts, cost: float) -> ColumnSet:
    """One column that costs so much and is never short."""
    shape, nothing = (1, len(facts.customer_classes)), np.zeros(1)
    return ColumnSet(
        price_per_piece_short=np.zeros(shape),
        inventory_cost=np.array([cost]),
        supply_cost=nothing,
        warehousing_cost=nothing,
        lost_sales_cost=nothing,
        stock_value=nothing,
        storage_m3=nothing,
        co2e_kg=nothing,
        pieces_short=np.zeros((*shape, len(facts.regions))),
        fill_rate=np.ones(shape),
    )


def _needed_by_all(choices: Choices, item_class: str, deployment: str) -> tuple[str, ...]:
    """Facilities without which the deployment cannot be had, whatever the supplier."""
    needs = [
        set(choices.option_facilities.get((item_class, option.name), ()))
        for option in choices.options[item_class]
        if option.deployment == deployment
    ]
    return tuple(sorted(set.intersection(*needs)))


def _cost_by_deployment(asked: Question, price: Mapping[Segment, float]) -> dict[tuple[str, str], float]:
    """(item class, deployment) -> Σ over items of the least over its options and rungs."""
    every_item = asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
    by_option: dict[tuple[str, str], Floats] = {}
    deployment: dict[tuple[str, str], str] = {}
    for place, shelf in asked.room.shelves.items():
        cost = np.full(len(asked.facts.items.items), np.nan)
        least = asked.room.promises[place] if every_item else None
        cost[shelf.items.rows] = _least(shelf, _short_price(asked.facts, place[0], price), least)
        before = by_option.get(place[:2])
        by_option[place[:2]] = cost if before is None else _added(before, cost)
        deployment[place[:2]] = asked.room.options[place].deployment
    best: dict[tuple[str, str], Floats] = {}
    for (item_class, option), cost in by_option.items():
        key = (item_class, deployment[item_class, option])
        best[key] = np.fmin(best[key], cost) if key in best else cost
    return {key: float(np.nansum(cost)) for key, cost in best.items()}


def _short_price(facts: Facts, item_class: str, price: Mapping[Segment, float]) -> Floats:
    """(I, R) currency per piece short of an item class."""
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

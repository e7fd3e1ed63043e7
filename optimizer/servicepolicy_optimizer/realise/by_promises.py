"""Whole items where nothing but promises decides: every item class for itself, and kept by its promises.

No price of a budget or of storage, and no order between segments: then what is best for a class depends on
its shelves and promises alone, and a question with other freight, or another promise for another class, has
the same. It begins with prices of the option by itself (`promise_columns`), not with those of the master
model, whose columns other classes and paths have chosen.
"""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.choices import Segment, StockingOption
from servicepolicy_optimizer.curves.columns import StockPrices
from servicepolicy_optimizer.curves.first_columns import MadeFrom
from servicepolicy_optimizer.decided import Decided
from servicepolicy_optimizer.realise.decision import (
    Chosen,
    Plan,
    class_shelves,
    decided_by,
    need,
    ordered_segments,
    places_by_shelf,
    promised_fill_rate,
)
from servicepolicy_optimizer.realise.group import Effort
from servicepolicy_optimizer.realise.improved import (
    MOST_NODES_IN_ALL,
    WORTH_IT,
    improved_in_time,
    limits_of,
    promises_cycles,
)
from servicepolicy_optimizer.realise.whole_items import Need, realise_class
from servicepolicy_optimizer.recall import Part, recalled_where_made
from servicepolicy_optimizer.recall.arrays import Array


def whole_by_promises(plan: Plan) -> Decided | None:
    """Options and paths as solved, and every item's rung; None where something else than promises decides, or
    no rungs on the ladders keep them.
    """
    if not _promises_alone(plan):
        return None
    made_from, found = MadeFrom(plan.asked.scenario, plan.asked.room), []
    for option in plan.options.values():
        chosen = _recalled(plan, option, made_from)
        if chosen is None:
            return None
        found.append(chosen)
    return decided_by(plan, found)


def _promises_alone(plan: Plan) -> bool:
    asked, prices = plan.asked, plan.prices
    return (
        asked.scenario.fill_rate_basis is FillRateBasis.SEGMENT
        and all((option.item_class, option.name) in asked.short_price for option in plan.options.values())
        and not (prices.money or prices.stock_value or any(prices.storage_m3.values()))
        and not (promises_cycles(plan) or ordered_segments(asked) or plan.solution.promise)
    )


def _recalled(plan: Plan, option: StockingOption, made_from: MadeFrom) -> Chosen | None:
    """The rungs of an item class; found where they are not known, and kept where no limit of seconds cut that
    short.
    """
    needs, effort = _needs(plan, option), _effort(plan)
    places, shelves = places_by_shelf(option), plan.asked.room.shelves
    too_late: list[Chosen] = []

    def arrays() -> dict[str, Array] | None:
        chosen, in_time = _chosen(plan, option, needs, effort)
        if chosen is None or not in_time:
            too_late.extend([] if chosen is None else [chosen])
            return None
        return {name: np.ascontiguousarray(chosen[place]) for name, place in places.items()}

    told = _told(plan, option, needs, effort)
    found = recalled_where_made(
        plan.asked.known.recall,
        "whole items",
        lambda: (*told, [shelves[place].content for place in places.values()]),
        arrays,
        lambda: (*told, [made_from(place) for place in places.values()]),
    )
    if found is None:
        return next(iter(too_late), None)
    return {place: found[name] for name, place in places.items()}


def _chosen(
    plan: Plan, option: StockingOption, needs: Mapping[Segment, Need], effort: Effort
) -> tuple[Chosen | None, bool]:
    """The rungs of an item class, and whether no limit of seconds cut the search short."""
    places, (shelves, _, _) = places_by_shelf(option), class_shelves(plan, option)
    nothing_scarce = {
        name: StockPrices(np.zeros(shelf.items.pieces.shape[1:])) for name, shelf in shelves.items()
    }
    start = _start(plan, option, needs)
    rungs = realise_class(shelves, nothing_scarce, list(needs.values()), start)
    if rungs is None:
        return None, True
    alone = replace(plan, options={option.item_class: option}, limited=False)
    decided = decided_by(alone, [{places[name]: one for name, one in rungs.items()}])
    decided = replace(decided, options=alone.options)
    better, in_time = improved_in_time(alone, decided, effort, dict(zip(needs, start, strict=True)))
    return better.rungs, in_time


def _needs(plan: Plan, option: StockingOption) -> dict[Segment, Need]:
    """What the segments of the class that order let be short."""
    return {
        segment: need(plan.asked, segment, promised_fill_rate(plan, segment))
        for segment, target in plan.asked.choices.targets.items()
        if segment[1] == option.item_class and target.pieces_per_year > 0
    }


def _start(plan: Plan, option: StockingOption, needs: Mapping[Segment, Need]) -> list[float]:
    """A price of each need from which the search begins."""
    price = plan.asked.short_price[option.item_class, option.name]
    return [price.get(segment, 0.0) for segment in needs]


def _effort(plan: Plan) -> Effort:
    """An equal share for every class. What is worth it is rounded down to a power of two, so that a little
    more cost elsewhere does not make it another question.
    """
    classes = max(len(plan.options), 1)
    worth = WORTH_IT * abs(plan.solution.objective or 0.0) / classes
    rounded = 2.0 ** math.floor(math.log2(worth)) if worth > 0 else 0.0
    return Effort(rounded, MOST_NODES_IN_ALL // classes, limits_of(plan))


def _told(
    plan: Plan, option: StockingOption, needs: Mapping[Segment, Need], effort: Effort
) -> tuple[Part, ...]:
    """Promises, where the search begins, and how far it goes."""
    asked = [(*segment, one.customer_class, one.regions, one.short_at_most) for segment, one in needs.items()]
    limits = effort.limits
    return (
        *(option.item_class, option.name, list(places_by_shelf(option)), asked, _start(plan, option, needs)),
        *(effort.worth, effort.most_nodes, limits.seed, limits.relative_gap),
    )

"""The cheapest policy of whole items over every way to serve, every rung to promise and every rung of stock.

Knows what each way costs and how often it keeps each rung of the promise ladder, and the shelves' ladders;
nothing of columns, of paths that are left out, or of solvers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

import numpy as np

from servicepolicy_models.scenario import Scenario
from servicepolicy_models.targets import PromiseLadder
from servicepolicy_optimizer.choices import Segment, SegmentTarget
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.paths import every_path
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.targets import resolve_targets
from tests.optimizer.every_rung import Stocked, stocked_in_every_way

ROUNDING = 1e-9


@dataclass(frozen=True)
class Served:
    """A way to serve a segment, promised within some hours."""

    cost: float
    """With what so slow a promise loses."""
    hours: float
    on_time: float
    need: float
    """Fill rate that keeps the segment's promises, with this way and this promise."""


def cheapest_with_promises(scenario: Scenario, facts: Facts) -> float | None:
    """Least objective a year; None where nothing keeps the promises and the order between classes.

    Where OTIF is asked any rung within the asked hours may be promised that is kept often enough; but none
    that needs as much stock as a faster one. Elsewhere the promise is the fastest rung that is kept.
    """
    targets = resolve_targets(scenario, facts)
    asked = question(scenario, facts, Known(), in_silence)
    apart = [(name,) for name in facts.item_classes]
    joined = scenario.rules.better_item_never_served_worse or scenario.budgets.inventory_value is not None
    together = [facts.item_classes] if joined else apart
    found = [_cheapest(scenario, facts, targets, stocked_in_every_way(asked, names)) for names in together]
    return None if np.isinf(found).any() else float(sum(found))


def _cheapest(
    scenario: Scenario, facts: Facts, targets: Mapping[Segment, SegmentTarget], stocked: Stocked
) -> float:
    segments, best = list(stocked.fill), np.inf
    order, kept = ordered(scenario, segments), _kept_order(scenario, stocked)
    for served in product(*(list(ways_to_serve(scenario, facts, s, targets[s])) for s in segments)):
        by = dict(zip(segments, served, strict=True))
        cost = sum(one.cost for one in served)
        if cost + stocked.cost.min() >= best or any(by[a].hours > by[b].hours for a, b in order):
            continue
        enough = kept & np.all([stocked.fill[s] >= one.need - ROUNDING for s, one in by.items()], axis=0)
        if enough.any():
            best = min(best, cost + stocked.cost[enough].min())
    return best


def _kept_order(scenario: Scenario, stocked: Stocked) -> np.ndarray:
    """(P,) which policies of whole items are in the order asked, and within the budget for stock."""
    budget = scenario.budgets.inventory_value
    kept = stocked.value <= (np.inf if budget is None else budget * (1 + ROUNDING))
    for better, worse in ordered(scenario, list(stocked.fill)):
        kept &= stocked.fill[better] >= stocked.fill[worse] - ROUNDING
    return kept


def cheapest_with_counted_promises(scenario: Scenario, facts: Facts) -> float | None:
    """The same where at most so many different promises of fill rate and hours may be made.

    Any rung within the asked hours may be promised that the way keeps, and any fill rate that some target
    names.
    """
    targets = resolve_targets(scenario, facts)
    stocked = stocked_in_every_way(question(scenario, facts, Known(), in_silence), facts.item_classes)
    segments, best, most = list(stocked.fill), np.inf, scenario.rules.distinct_promises_at_most
    fills = sorted({targets[s].fill_rate for s in segments})
    order, kept = ordered(scenario, segments), _kept_order(scenario, stocked)
    for chosen in product(*(list(_promised(scenario, facts, s, targets[s], fills)) for s in segments)):
        by = dict(zip(segments, chosen, strict=True))
        cost = sum(one.cost for one, _ in chosen)
        if cost + stocked.cost.min() >= best or len({(one.hours, fill) for one, fill in chosen}) > most:
            continue
        if any(by[a][0].hours > by[b][0].hours or by[a][1] < by[b][1] for a, b in order):
            continue
        enough = kept & np.all(
            [stocked.fill[s] >= max(one.need, fill) - ROUNDING for s, (one, fill) in by.items()], axis=0
        )
        if enough.any():
            best = min(best, cost + stocked.cost[enough].min())
    return None if np.isinf(best) else float(best)


def _promised(
    scenario: Scenario, facts: Facts, s: Segment, target: SegmentTarget, fills: Sequence[float]
) -> Iterator[tuple[Served, float]]:
    for rung in scenario.promise_ladder.response_hours:
        if target.response_hours is None or rung <= target.response_hours:
            for path in _kept(scenario, facts, s, target, rung):
                need = (target.otif or 0.0) / path.on_time_probability
                cost = path.cost - path.lost_sales_cost + lost(scenario, facts, s, rung)
                for fill in fills:
                    if fill >= target.fill_rate:
                        yield Served(cost, rung, path.on_time_probability, need), fill


def ways_to_serve(scenario: Scenario, facts: Facts, s: Segment, target: SegmentTarget) -> Iterator[Served]:
    """Every way with every promise that may be made."""
    rungs = scenario.promise_ladder.response_hours
    within = [rung for rung in rungs if target.response_hours is None or rung <= target.response_hours]
    fastest: dict[str, list[float]] = {}
    for rung in within:
        for path in _kept(scenario, facts, s, target, rung):
            need = max(target.fill_rate, (target.otif or 0.0) / path.on_time_probability)
            before = fastest.setdefault(path.name, [])
            if before and (target.otif is None or min(before) <= need + ROUNDING):
                continue
            before.append(need)
            yield Served(
                path.cost - path.lost_sales_cost + lost(scenario, facts, s, rung),
                rung, path.on_time_probability, need,
            )  # fmt: skip


def _kept(scenario: Scenario, facts: Facts, s: Segment, target: SegmentTarget, rung: float):
    """The ways that keep one rung often enough."""
    ladder = PromiseLadder(fill_rates=scenario.promise_ladder.fill_rates, response_hours=(rung,))
    alone = replace(target, response_hours=rung, otif=None)
    found = every_path(scenario.model_copy(update={"promise_ladder": ladder}), facts, {s: alone})
    return [path for (t, _), paths in found.paths.items() if t == s for path in paths]


def lost(scenario: Scenario, facts: Facts, s: Segment, hours: float) -> float:
    """Margin a year that a promise loses by being slower than the fastest rung."""
    named = [one for one in scenario.stockout_reactions if one.customer_class in ("*", s[0])]
    if not scenario.count_lost_sales or not named:
        return 0.0
    days = (hours - scenario.promise_ladder.response_hours[0]) / 24
    i, j = facts.customer_classes.index(s[0]), facts.item_classes.index(s[1])
    items = facts.items
    pools = items.pieces_per_day.reshape(len(items.unit_cost), -1, len(facts.customer_classes))
    of_class = items.item_class == j
    goods = (items.unit_cost[of_class] * pools[of_class, :, i].sum(axis=1)).sum() * scenario.days_per_year
    margin = facts.segments.revenue_per_year[i, j].sum() - goods
    return min(1.0, named[-1].demand_lost_share_per_day * days) * max(0.0, margin)


def ordered(scenario: Scenario, segments: list[Segment]) -> list[tuple[Segment, Segment]]:
    """(better, worse) neighbours, as the scenario's rules ask."""
    rules, sides = scenario.rules, scenario.segmentation
    pairs = []
    for side, classes, wanted in (
        (0, sides.customers.classes, rules.better_customer_never_served_worse),
        (1, sides.items.classes, rules.better_item_never_served_worse),
    ):
        for other in {s[1 - side] for s in segments} if wanted else ():
            line = [s for name in classes for s in segments if s[side] == name and s[1 - side] == other]
            pairs += pairwise(line)
    return pairs

"""Which fill rate a segment is promised."""

from collections.abc import Callable, Mapping, Sequence

from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.audit.class_account import SegmentStock
from servicepolicy_optimizer.audit.matrix import ANY, Segment
from servicepolicy_optimizer.audit.segment_account import SegmentAccount

FILL_RATE_TOLERANCE = 1e-9
"""A fill rate this little below a rung reaches it: rounding."""


def promisable_fill_rate(scenario: Scenario, stock: SegmentStock) -> float:
    """What a promise may be held against: the segment's fill rate by pieces, or that of its worst item."""
    every_item = scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
    return stock.least_fill_rate if every_item else stock.fill_rate


def promised_fill_rates(
    scenario: Scenario,
    accounts: Sequence[SegmentAccount],
    stock: Mapping[Segment, SegmentStock],
    claimed: Mapping[Segment, float],
) -> Mapping[Segment, float]:
    """The highest rung of the ladder that the fill rate reaches, or what is asked where that is higher.

    Where better customers (items) must never be served worse, no class is promised more than a better one
    that orders; so a better class is promised at least what is asked for a worse one, if it gets as much.
    Where the number of different promises is limited, less than the best may be promised: it is taken as
    claimed, if it is a rung of the ladder or was asked.
    """
    sides = _ordered_sides(scenario)
    idle = {one.segment for one in accounts if one.pieces_per_year <= 0}
    asked = {one.segment: one.asked.fill_rate or 0.0 for one in accounts}
    carried = asked
    for side, classes in sides:
        carried = _along(carried, side, classes[::-1], idle, max)
    promised = {
        segment: _best_promise(scenario, stock[segment], own, carried[segment])
        for segment, own in asked.items()
    }
    if scenario.rules.distinct_promises_at_most is not None:
        known = {*scenario.promise_ladder.fill_rates, *asked.values()}
        for segment, fill_rate in claimed.items():
            if fill_rate in known and fill_rate >= asked[segment]:
                promised[segment] = min(fill_rate, promised[segment])
    for side, classes in sides:
        promised = _along(promised, side, classes, idle, min)
    return promised


def _best_promise(scenario: Scenario, stock: SegmentStock, asked: float, asked_of_worse: float) -> float:
    reached = promisable_fill_rate(scenario, stock) + FILL_RATE_TOLERANCE
    rungs = [rung for rung in scenario.promise_ladder.fill_rates if rung <= reached]
    return max(asked, *rungs, asked_of_worse if asked_of_worse <= reached else 0.0)


def _ordered_sides(scenario: Scenario) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The sides of the matrix along which nobody may be served worse (0 customers, 1 items), best first."""
    rules, segmentation = scenario.rules, scenario.segmentation
    customers = (0, segmentation.customers.classes) if rules.better_customer_never_served_worse else None
    items = (1, segmentation.items.classes) if rules.better_item_never_served_worse else None
    return tuple(side for side in (customers, items) if side is not None)


def _along(
    shares: Mapping[Segment, float],
    side: int,
    classes: Sequence[str],
    idle: set[Segment],
    bound: Callable[[float, float], float],
) -> dict[Segment, float]:
    """Each share bounded by those of the classes before it on its line; idle segments bound nobody."""
    bounded: dict[Segment, float] = {}
    before: dict[Segment, float] = {}
    for segment in sorted(shares, key=lambda one: classes.index(one[side])):
        line = whole_line(segment, side)
        bounded[segment] = bound(shares[segment], before.get(line, shares[segment]))
        if segment not in idle:
            before[line] = bounded[segment]
    return bounded


def whole_line(segment: Segment, side: int) -> Segment:
    """The line of the matrix through a segment along one side: 0 customer classes, 1 item classes.

    >>> whole_line(("A", "B", "North"), 0)
    ('*', 'B', 'North')
    """
    customer_class, item_class, region = segment
    return (ANY, item_class, region) if side == 0 else (customer_class, ANY, region)

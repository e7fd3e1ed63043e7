"""Which fill rate a segment is promised."""

from collections.abc import Mapping, Sequence

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

    Where better customers (items) must never be served worse, nobody is promised more than a better class
    that orders, except what was asked for it. Where the number of different promises is limited, less than
    the best may be promised, and what was asked for others: it is taken as claimed, if the plan reaches it.
    """
    asked = {one.segment: one.asked.fill_rate or 0.0 for one in accounts}
    idle = {one.segment for one in accounts if one.pieces_per_year <= 0}
    promised = {segment: max(_highest_rung(scenario, stock[segment]), asked[segment]) for segment in asked}
    if scenario.rules.distinct_promises_at_most is not None:
        known = {*scenario.promise_ladder.fill_rates, *asked.values()}
        for segment, fill_rate in claimed.items():
            reached = promisable_fill_rate(scenario, stock[segment]) + FILL_RATE_TOLERANCE
            if fill_rate in known and asked[segment] <= fill_rate <= reached:
                promised[segment] = fill_rate
    if scenario.rules.better_customer_never_served_worse:
        promised = _not_above_better(promised, asked, idle, 0, scenario.segmentation.customers.classes)
    if scenario.rules.better_item_never_served_worse:
        promised = _not_above_better(promised, asked, idle, 1, scenario.segmentation.items.classes)
    return promised


def _highest_rung(scenario: Scenario, stock: SegmentStock) -> float:
    reached = promisable_fill_rate(scenario, stock) + FILL_RATE_TOLERANCE
    return max((rung for rung in scenario.promise_ladder.fill_rates if rung <= reached), default=0.0)


def _not_above_better(
    promised: Mapping[Segment, float],
    asked: Mapping[Segment, float],
    idle: set[Segment],
    side: int,
    classes: Sequence[str],
) -> dict[Segment, float]:
    """Along one side of the matrix, the best class first; what orders nothing holds nobody back."""
    capped: dict[Segment, float] = {}
    lowest: dict[Segment, float] = {}
    for segment in sorted(promised, key=lambda one: classes.index(one[side])):
        line = whole_line(segment, side)
        capped[segment] = max(min(promised[segment], lowest.get(line, 1.0)), asked[segment])
        if segment not in idle:
            lowest[line] = min(capped[segment], lowest.get(line, 1.0))
    return capped


def whole_line(segment: Segment, side: int) -> Segment:
    """The line of the matrix through a segment along one side: 0 customer classes, 1 item classes.

    >>> whole_line(("A", "B", "North"), 0)
    ('*', 'B', 'North')
    """
    customer_class, item_class, region = segment
    return (ANY, item_class, region) if side == 0 else (customer_class, ANY, region)

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
    """Each segment's promise (`best_promise`), and no class more than a better one that orders, where a rule
    asks.

    Where the number of different promises is limited, less than the best may be promised: it is taken as
    claimed, if it is a rung of the ladder or what was asked.
    """
    promised = {one.segment: best_promise(scenario, one, stock[one.segment]) for one in accounts}
    if scenario.rules.distinct_promises_at_most is not None:
        rungs = scenario.promise_ladder.fill_rates
        for one in accounts:
            allowed = claimed[one.segment] in (*rungs, one.asked.fill_rate)
            if allowed and claimed[one.segment] < promised[one.segment]:
                promised[one.segment] = claimed[one.segment]
    idle = {one.segment for one in accounts if one.pieces_per_year <= 0}
    if scenario.rules.better_customer_never_served_worse:
        promised = _never_above_better(promised, 0, scenario.segmentation.customers.classes, idle)
    if scenario.rules.better_item_never_served_worse:
        promised = _never_above_better(promised, 1, scenario.segmentation.items.classes, idle)
    return promised


def best_promise(scenario: Scenario, account: SegmentAccount, stock: SegmentStock) -> float:
    """The highest rung that the fill rate reaches, or the asked fill rate where that is higher."""
    reached = promisable_fill_rate(scenario, stock) + FILL_RATE_TOLERANCE
    rungs = [rung for rung in scenario.promise_ladder.fill_rates if rung <= reached]
    return max([*rungs, account.asked.fill_rate or 0.0])


def _never_above_better(
    promised: Mapping[Segment, float], side: int, classes: Sequence[str], idle: set[Segment]
) -> dict[Segment, float]:
    """Along one side of the matrix, the best class first, the promise never rises; idle segments hold nobody
    back.
    """
    capped: dict[Segment, float] = {}
    lowest: dict[Segment, float] = {}
    for segment in sorted(promised, key=lambda one: classes.index(one[side])):
        line = whole_line(segment, side)
        capped[segment] = min(promised[segment], lowest.get(line, 1.0))
        if segment not in idle:
            lowest[line] = capped[segment]
    return capped


def whole_line(segment: Segment, side: int) -> Segment:
    """The line of the matrix through a segment along one side: 0 customer classes, 1 item classes.

    >>> whole_line(("A", "B", "North"), 0)
    ('*', 'B', 'North')
    """
    customer_class, item_class, region = segment
    return (ANY, item_class, region) if side == 0 else (customer_class, ANY, region)

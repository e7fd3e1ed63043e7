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
    scenario: Scenario, accounts: Sequence[SegmentAccount], stock: Mapping[Segment, SegmentStock]
) -> Mapping[Segment, float]:
    """The highest rung of the promise ladder that the fill rate reaches, or the asked fill rate where that is
    higher.

    Where better customers (items) must never be served worse, no class is promised more than a better one
    that orders.
    """
    promised = {
        one.segment: max(
            _highest_rung(scenario, promisable_fill_rate(scenario, stock[one.segment])),
            one.asked.fill_rate or 0.0,
        )
        for one in accounts
    }
    idle = {one.segment for one in accounts if one.pieces_per_year <= 0}
    if scenario.rules.better_customer_never_served_worse:
        promised = _never_above_better(promised, 0, scenario.segmentation.customers.classes, idle)
    if scenario.rules.better_item_never_served_worse:
        promised = _never_above_better(promised, 1, scenario.segmentation.items.classes, idle)
    return promised


def _highest_rung(scenario: Scenario, fill_rate: float) -> float:
    reached = [rung for rung in scenario.promise_ladder.fill_rates if rung <= fill_rate + FILL_RATE_TOLERANCE]
    return max(reached, default=0.0)


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

"""What is promised: rungs of the promise ladder that the plan keeps."""

from collections.abc import Mapping

from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.answer.segment_service import SegmentService
from servicepolicy_optimizer.choices import Segment, SegmentTarget

TOLERANCE = 1e-9


def promised_fill_rates(
    scenario: Scenario, targets: Mapping[Segment, SegmentTarget], service: Mapping[Segment, SegmentService]
) -> Mapping[Segment, float]:
    """The highest rung that the segment's fill rate reaches, or its target where that is higher.

    Where a rule asks that better classes are never served worse, nobody is promised more than a better class.
    """
    every_item = scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
    promised = {
        segment: max(
            _rung(scenario, got.least_item_fill_rate if every_item else got.fill_rate),
            0.0 if targets[segment].cycle_service_level is not None else targets[segment].fill_rate,
        )
        for segment, got in service.items()
    }
    if scenario.rules.better_customer_never_served_worse:
        promised = _capped(promised, scenario.segmentation.customers.classes, 0, targets)
    if scenario.rules.better_item_never_served_worse:
        promised = _capped(promised, scenario.segmentation.items.classes, 1, targets)
    return promised


def _rung(scenario: Scenario, fill_rate: float) -> float:
    return max(
        (rung for rung in scenario.promise_ladder.fill_rates if rung <= fill_rate + TOLERANCE), default=0.0
    )


def _capped(
    promised: Mapping[Segment, float],
    classes: tuple[str, ...],
    side: int,
    targets: Mapping[Segment, SegmentTarget],
) -> dict[Segment, float]:
    """Along one side of the matrix, the best class first, a promise never rises."""
    capped: dict[Segment, float] = {}
    lowest: dict[tuple[str, ...], float] = {}
    for segment in sorted(promised, key=lambda s: classes.index(s[side])):
        line = segment[:side] + segment[side + 1 :]
        capped[segment] = min(promised[segment], lowest.get(line, 1.0))
        if targets[segment].pieces_per_year > 0:
            lowest[line] = capped[segment]
    return {segment: capped[segment] for segment in promised}

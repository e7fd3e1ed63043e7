"""What is promised: rungs of the promise ladder that the plan keeps."""

from collections.abc import Mapping

from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.answer.segment_service import SegmentService
from servicepolicy_optimizer.choices import Segment, SegmentTarget

TOLERANCE = 1e-9


def promised_fill_rates(
    scenario: Scenario,
    targets: Mapping[Segment, SegmentTarget],
    service: Mapping[Segment, SegmentService],
    decided: Mapping[Segment, tuple[float, float]],
) -> Mapping[Segment, float]:
    """The highest rung that the segment's fill rate reaches, or its target where that is higher.

    Where the number of different promises is limited, the promise that was decided. Where a rule asks that
    better classes are never served worse, nobody is promised more than a better class, except what was
    asked for itself.
    """
    every_item = scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
    asked = {
        segment: 0.0 if target.cycle_service_level is not None else target.fill_rate
        for segment, target in targets.items()
    }
    planned = {
        segment: got.least_item_fill_rate if every_item else got.fill_rate for segment, got in service.items()
    }
    promised = {segment: max(_rung(scenario, planned[segment]), asked[segment]) for segment in planned}
    promised |= {segment: fill_rate for segment, (fill_rate, _) in decided.items() if segment in promised}
    idle = {segment for segment, target in targets.items() if target.pieces_per_year <= 0}
    if scenario.rules.better_customer_never_served_worse:
        promised = _capped(promised, asked, idle, 0, scenario.segmentation.customers.classes)
    if scenario.rules.better_item_never_served_worse:
        promised = _capped(promised, asked, idle, 1, scenario.segmentation.items.classes)
    return promised


def _rung(scenario: Scenario, fill_rate: float) -> float:
    return max(
        (rung for rung in scenario.promise_ladder.fill_rates if rung <= fill_rate + TOLERANCE), default=0.0
    )


def _capped(
    promised: Mapping[Segment, float],
    asked: Mapping[Segment, float],
    idle: set[Segment],
    side: int,
    classes: tuple[str, ...],
) -> dict[Segment, float]:
    """Along one side of the matrix, the best class first, a promise never rises unless it was asked to."""
    capped: dict[Segment, float] = {}
    lowest: dict[tuple[str, ...], float] = {}
    for segment in sorted(promised, key=lambda s: classes.index(s[side])):
        line = segment[:side] + segment[side + 1 :]
        capped[segment] = max(min(promised[segment], lowest.get(line, 1.0)), asked[segment])
        if segment not in idle:
            lowest[line] = min(capped[segment], lowest.get(line, 1.0))
    return {segment: capped[segment] for segment in promised}

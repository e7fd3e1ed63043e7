"""The promises of a policy, each judged on the history by the backtest of its fill rate."""

from servicepolicy_models.backtest import Backtest, BacktestPlan, SegmentEvidence
from servicepolicy_models.evidence import PolicyEvidence, SegmentSureness
from servicepolicy_models.findings import Severity
from servicepolicy_models.policy import Policy, SegmentPolicy

WEEK_DAYS = 7


def plan_of(policy: Policy) -> BacktestPlan:
    """The backtest that judges a policy: its promises, its supply options, nothing beside them."""
    return BacktestPlan(
        promises=tuple(sorted({one.promised_fill_rate for one in policy.segments})),
        supplies={one.item_class: one.supply for one in policy.item_classes},
        equal_service=False,
    )


def sureness(policy: Policy, found: Backtest) -> PolicyEvidence:
    """What the backtest says of every segment's promise; where it could judge nothing, why.

    A segment is judged in the replay in which its item class is stocked for the segment's own promise.
    Shelves are shared in it and nothing is reserved, so it tells whether stock for that promise keeps it, not
    whether reserve levels do.
    """
    if not found.proved:
        why = " ".join(one.what for one in found.findings if one.severity is Severity.ERROR)
        return PolicyEvidence(judged=False, sentence=f"How sure the promises are could not be judged. {why}")
    rows = {
        (row.customer_class, row.item_class, row.region, row.promised_fill_rate): row
        for promise in found.promises
        for row in (*promise.segments, *promise.regional_segments)
    }
    weeks = found.judged_days // WEEK_DAYS
    segments = tuple(
        _of_segment(one, rows[one.customer_class, one.item_class, one.region, one.promised_fill_rate], weeks)
        for one in policy.segments
    )
    return PolicyEvidence(
        judged=True,
        sentence=f"Replayed on the order lines from {found.judged_first_day} on, {weeks} weeks, with reorder "
        f"points set every {found.plan.refit_days} days from what was known then.",
        judged_first_day=found.judged_first_day,
        judged_days=found.judged_days,
        segments=segments,
    )


def _of_segment(segment: SegmentPolicy, row: SegmentEvidence, weeks: int) -> SegmentSureness:
    return SegmentSureness(
        customer_class=segment.customer_class,
        item_class=segment.item_class,
        region=segment.region,
        promised_fill_rate=segment.promised_fill_rate,
        achieved_fill_rate=row.achieved_fill_rate,
        standard_error=row.standard_error,
        pieces=row.pieces,
        sentence=_sentence(segment.promised_fill_rate, row, weeks),
    )


def _sentence(promised: float, row: SegmentEvidence, weeks: int) -> str:
    if row.achieved_fill_rate is None:
        return (
            f"Promised {promised:.1%}; nothing promised was ordered in {weeks} weeks, so nothing is proved."
        )
    achieved = f"Promised {promised:.1%}, achieved {row.achieved_fill_rate:.1%}"
    if row.standard_error is None:
        return f"{achieved} of {row.pieces:,.0f} pieces: too few weeks to say how sure that is."
    return (
        f"{achieved} ± {164.5 * row.standard_error:.1f} points of {row.pieces:,.0f} pieces in {weeks} weeks."
    )

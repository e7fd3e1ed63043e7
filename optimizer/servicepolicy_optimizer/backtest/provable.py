"""What a history cannot prove, said before anything is claimed."""

from servicepolicy_models.backtest import PromiseEvidence, SegmentEvidence
from servicepolicy_models.errors import error, note, warning
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.backtest.setting import Setting
from servicepolicy_optimizer.intake.examples import EXAMPLES, listed

SURE_WITHIN = 0.02
"""An achieved fill rate whose standard error exceeds half of this cannot show that a promise is kept to two
points."""

FEW_PERIODS = 3


def obstacles(setting: Setting) -> list[Finding]:
    """Why nothing can be judged at all, and what is judged on thin ice."""
    history = setting.history
    found = []
    if setting.first_judged_day >= history.days:
        what = (
            f"The first judged day is {setting.first_judged_day}; the history ends after {history.days} days."
        )
        found.append(
            error("/plan/first_judged_day", what, "backtest.nothing_to_judge", "Judge an earlier day.")
        )
    if setting.first_judged_day < setting.least_fit_days:
        longest = setting.longest_protection_days
        what = (
            f"{setting.first_judged_day} days lie before the first judged day; {setting.least_fit_days} are "
            f"needed (eight weeks, and twice the longest protection interval of {longest} days)."
        )
        mend = "Hand in a longer history, judge a later day, or shorten lead time and review where they are."
        found.append(error("/demand", what, "backtest.history_too_short", mend))
    judged = history.days - setting.first_judged_day
    if 0 < judged < setting.longest_protection_days:
        what = (
            f"{judged} days are judged, fewer than the protection interval of "
            f"{setting.longest_protection_days} days: no order of the judged days would arrive in them."
        )
        mend = "Hand in a longer history or judge an earlier day."
        found.append(error("/plan/first_judged_day", what, "backtest.lead_time_too_long", mend))
    before = len([day for day in setting.refit_days() if day < setting.first_judged_day])
    if not any(one.severity == "error" for one in found) and before < FEW_PERIODS:
        what = (
            f"{before} periods lie before the first judged one to correct the plan; the first promises rest "
            "on the forecast's own law more than on what came."
        )
        found.append(warning("/demand", what, "backtest.little_calibration", "Hand in a longer history."))
    return found


def thin_evidence(promises: tuple[PromiseEvidence, ...]) -> list[Finding]:
    """Segments whose promise the judged days can neither prove nor disprove, over all promises."""
    unseen = {_name(one) for promise in promises for one in promise.segments if not one.lines}
    unsure = {
        _name(one)
        for promise in promises
        for one in promise.segments
        if one.lines and (one.standard_error is None or one.standard_error > SURE_WITHIN / 2)
    }
    found = []
    if unseen:
        what = f"{len(unseen)} segments had no promised line in the judged days: {_listed(unseen)}."
        found.append(note("/segmentation", what, "backtest.segment_without_lines", len(unseen)))
    if unsure:
        what = (
            f"{len(unsure)} segments move so much from week to week that these days cannot show their "
            f"promise to two points: {_listed(unsure)}. Their standard errors say how sure they are."
        )
        mend = "Judge a longer history, or join classes."
        found.append(warning("/segmentation", what, "backtest.segment_unsure", mend, len(unsure)))
    return found


def _listed(names: set[str]) -> str:
    return listed(sorted(names)[:EXAMPLES], len(names))


def _name(one: SegmentEvidence) -> str:
    return f"{one.customer_class}-{one.item_class}"

"""What a history cannot prove, said before anything is claimed."""

from servicepolicy_models.backtest import PromiseEvidence, SegmentEvidence
from servicepolicy_models.errors import error, note, warning
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.backtest.period import Period
from servicepolicy_optimizer.backtest.setting import Setting
from servicepolicy_optimizer.intake.examples import EXAMPLES, listed

SURE_WITHIN = 0.02
"""An achieved fill rate whose standard error exceeds half of this cannot show that a promise is kept to two
points."""

EVENTLESS = 3.0
"""Events of which, at 95 % confidence, none is seen: -ln 0.05."""

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


def left_out(setting: Setting, periods: tuple[Period, ...], promises: tuple[float, ...]) -> list[Finding]:
    """Whether the promised pieces of the judged days are enough of all pieces to speak for them."""
    judged = [one for one in periods if one.from_day >= setting.first_judged_day]
    pieces = [setting.history.pieces[one.lines] for one in judged]
    came = sum(float(some.sum()) for some in pieces)
    promised = sum(float(some[one.promised].sum()) for some, one in zip(pieces, judged, strict=True))
    if not promised:
        what = (
            "No line of the judged days is promised stock: all are of quoted sizes or of items so new that "
            "no stock ordered for them could have arrived."
        )
        mend = "Hand in a longer history, judge an earlier day, or quote fewer lines."
        return [error("/demand", what, "backtest.nothing_promised_came", mend)]
    share = 1 - promised / came
    if share <= 1 - max(promises):
        return []
    what = (
        f"{share:.1%} of the pieces of the judged days are in quoted lines or of items too new to have "
        f"stock, and count in no achieved fill rate: {max(promises):.1%} of all pieces could not come from "
        "stock, however much of it."
    )
    mend = "Read the column `of all pieces` too."
    return [warning("/demand", what, "backtest.pieces_not_promised", mend)]


def thin_evidence(promises: tuple[PromiseEvidence, ...]) -> list[Finding]:
    """Segments whose promise the judged days can neither prove nor disprove, over all promises."""
    every = [segment for promise in promises for segment in promise.segments]
    unseen = {_name(one) for one in every if not one.lines}
    unsure = {_name(one) for one in every if one.lines and not _sure(one)}
    found = []
    if unseen:
        what = f"{len(unseen)} segments had no promised line in the judged days: {_listed(unseen)}."
        found.append(note("/segmentation", what, "backtest.segment_without_lines", len(unseen)))
    if unsure:
        what = (
            f"{len(unsure)} segments have so few lines, or move so much from week to week, that these days "
            f"cannot show their promise to two points: {_listed(unsure)}. Their standard errors, where there "
            "are any, say how sure they are."
        )
        mend = "Judge a longer history, or join classes."
        found.append(warning("/segmentation", what, "backtest.segment_unsure", mend, len(unsure)))
    return found


def _sure(one: SegmentEvidence) -> bool:
    """Whether the days show the segment's fill rate to SURE_WITHIN.

    Where nothing is short, or nothing delivered, the weeks do not differ and the standard error is 0 however
    few the lines: n lines without an event leave its chance at up to 3 / n (Hanley and Lippman-Hand 1983).
    """
    if one.standard_error is None or one.standard_error > SURE_WITHIN / 2:
        return False
    return one.achieved_fill_rate not in (0.0, 1.0) or EVENTLESS / one.lines <= SURE_WITHIN


def _listed(names: set[str]) -> str:
    return listed(sorted(names)[:EXAMPLES], len(names))


def _name(one: SegmentEvidence) -> str:
    return f"{one.customer_class}-{one.item_class}"

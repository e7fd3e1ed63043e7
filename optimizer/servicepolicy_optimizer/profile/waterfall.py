"""The waterfall: from all rows of the file to what is demand, in rows, pieces and money, so that the sums add
up.
"""

from collections.abc import Sequence

from servicepolicy_models.demand import CleaningRules
from servicepolicy_models.errors import note, warning
from servicepolicy_models.findings import Finding
from servicepolicy_models.profile import WaterfallStep
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.profile.verdicts import Verdict

RETURN_MEND = "Nothing, if these are returns of earlier deliveries; they leave the demand as it was."

_AFTER_MATCHING = (
    ("demand.cancellation", "cancellations that match earlier lines", "back AND left_pieces < abs(pieces)"),
    ("demand.return", "returns and cancellations that match no earlier line", "back"),
    ("demand.cancelled_line", "lines that a cancellation took back in whole", "left_pieces = 0"),
    ("demand.incomplete_month", "in the incomplete last month", "late"),
)
"""Rules asked of the lines that no verdict took, in this order; what is left by all is demand."""


def waterfall(
    netted: str, asked: Sequence[Verdict], rules: CleaningRules, desk: Workspace
) -> list[WaterfallStep]:
    """All rows first, then what each rule took, then what remains. Pieces and money are as recorded in the
    file.

    A line reduced by a cancellation stays, so its step takes pieces and money but no row.
    """
    first = len(asked)
    cases = " ".join(
        f"WHEN {condition} THEN {first + n}" for n, (_, _, condition) in enumerate(_AFTER_MATCHING)
    )
    kept = first + len(_AFTER_MATCHING)
    step = f"CASE WHEN verdict IS NOT NULL THEN verdict {cases} ELSE {kept} END"
    found = desk.connection.execute(
        f"SELECT {step} AS step, count(*), fsum(pieces), fsum(value), fsum(CASE WHEN {step} = {kept} THEN "
        f"left_pieces END), "
        f"fsum(CASE WHEN {step} = {kept} THEN left_pieces * coalesce(price, 0) END), "
        f"count(*) FILTER (left_pieces < pieces) FROM {netted} GROUP BY 1"
    ).fetchall()
    by_step = {row[0]: row[1:] for row in found}
    names = [(one.rule, one.sentence) for one in asked] + [
        (rule, sentence) for rule, sentence, _ in _AFTER_MATCHING
    ]
    steps = [
        WaterfallStep(
            rule="demand.rows_read",
            sentence="rows in the file",
            rows=sum(row[0] for row in by_step.values()),
            pieces=sum(row[1] for row in by_step.values()),
            value=sum(row[2] for row in by_step.values()),
        )
    ]
    for number, (rule, sentence) in enumerate(names):
        rows, pieces, value = by_step.get(number, (0, 0.0, 0.0))[:3]
        steps.append(WaterfallStep(rule=rule, sentence=sentence, rows=rows, pieces=pieces, value=value))
    rows, pieces, value, left_pieces, left_value, reduced = by_step.get(kept, (0, 0.0, 0.0, 0.0, 0.0, 0))
    sentence = f"pieces taken off {reduced} lines that cancellations reduced"
    steps.append(
        WaterfallStep(
            rule="demand.reduced_line",
            sentence=sentence,
            rows=0,
            pieces=pieces - left_pieces,
            value=value - left_value,
        )
    )
    steps.append(
        WaterfallStep(rule="demand.kept", sentence="demand", rows=rows, pieces=left_pieces, value=left_value)
    )
    return steps


def waterfall_findings(steps: Sequence[WaterfallStep], asked: Sequence[Verdict]) -> list[Finding]:
    """A finding for every rule that took something away."""
    findings = []
    mends = {one.rule: one.mend for one in asked} | {"demand.return": RETURN_MEND}
    for step in steps[1:-1]:
        if not step.rows and not step.pieces:
            continue
        what = f"rows {step.sentence}: {step.pieces:,.0f} pieces, {step.value:,.2f} in money."
        if mend := mends.get(step.rule, ""):
            findings.append(warning("order lines", what, step.rule, mend, step.rows))
        else:
            findings.append(note("order lines", what, step.rule, step.rows))
    return findings

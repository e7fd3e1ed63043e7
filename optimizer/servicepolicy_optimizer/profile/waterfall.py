"""The waterfall: from all rows of the file to what is demand, in rows, pieces and money that add up."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from servicepolicy_models.errors import note, warning
from servicepolicy_models.findings import Finding
from servicepolicy_models.profile import WaterfallStep
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.profile.verdicts import Verdict

RETURN_MEND = "Nothing, if these are returns of earlier deliveries; they leave the demand as it was."

_AFTER_MATCHING = (
    ("demand.cancellation", "that cancel earlier rows", "back AND left_pieces < abs(pieces)"),
    ("demand.return", "of returns, or of cancellations that match no earlier row", "back"),
    ("demand.cancelled_line", "cancelled in whole by a later row", "left_pieces = 0"),
    ("demand.incomplete_month", "in the incomplete last month", "late"),
)
"""Rules asked of the lines that no verdict took, in this order; what is left by all is demand."""


def step_of(asked: Sequence[Verdict]) -> str:
    """The SQL of the number of the step that takes a line, 0 for the first verdict; `kept` for demand."""
    cases = " ".join(
        f"WHEN {condition} THEN {len(asked) + n}" for n, (_, _, condition) in enumerate(_AFTER_MATCHING)
    )
    return f"CAST(CASE WHEN verdict IS NOT NULL THEN verdict {cases} ELSE {kept(asked)} END AS TINYINT)"


def steps_of(verdict: Any, back: Any, left: Any, size: Any, late: Any, taken: int) -> Any:
    """(n,) the same of lines in arrays: the verdict that took each, `taken` for none, whether it cancels,
    how many pieces are left of how many, and whether it is late.
    """
    after = [back & (left < size), back, left == 0, late]
    step = np.select(after, range(taken, taken + len(after)), taken + len(after))
    return np.where(verdict < taken, verdict, step).astype(np.int8)


def kept(asked: Sequence[Verdict]) -> int:
    """The number of the step that holds what is left."""
    return len(asked) + len(_AFTER_MATCHING)


def waterfall(tally: str, asked: Sequence[Verdict], desk: Workspace) -> list[WaterfallStep]:
    """All rows first, then what each rule took, then what remains; `tally` is that of `tally.tallied`.

    Pieces and money are as recorded in the file. A line reduced by a cancellation stays, so its step takes
    pieces and money but no row.
    """
    names = [(one.rule, one.sentence) for one in asked] + [
        (rule, sentence) for rule, sentence, _ in _AFTER_MATCHING
    ]
    found = desk.connection.execute(
        f"SELECT step, sum(rows), {_double('pieces')}, {_double('value')}, {_double('left_pieces')}, "
        f"{_double('left_value')}, coalesce(sum(rows) FILTER (is_reduced), 0) "
        f"FROM {tally} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    by_step = {row[0]: row[1:] for row in found}
    rows, pieces, value, left_pieces, left_value, reduced = by_step.get(
        len(names), (0, 0.0, 0.0, 0.0, 0.0, 0)
    )
    steps = [
        _step("demand.rows_read", "in the file", *(sum(row[k] for row in by_step.values()) for k in range(3)))
    ]
    for number, (rule, sentence) in enumerate(names):
        steps.append(_step(rule, sentence, *by_step.get(number, (0, 0.0, 0.0))[:3]))
    reduction = _step(
        "demand.reduced_line", "reduced by later cancellations", 0, pieces - left_pieces, value - left_value
    )
    steps.append(reduction.model_copy(update={"rows_reduced": reduced}))
    steps.append(_step("demand.kept", "of demand", rows, left_pieces, left_value))
    return steps


def _double(amount: str) -> str:
    return f"CAST(sum({amount}) AS DOUBLE)"


def _step(rule: str, sentence: str, rows: int, pieces: float, value: float) -> WaterfallStep:
    return WaterfallStep(rule=rule, sentence=sentence, rows=rows, pieces=pieces, value=value)


def waterfall_findings(steps: Sequence[WaterfallStep], asked: Sequence[Verdict]) -> list[Finding]:
    """A finding for every rule that took something away."""
    findings = []
    mends = {one.rule: one.mend for one in asked} | {"demand.return": RETURN_MEND}
    for step in steps[1:-1]:
        if count := step.rows + step.rows_reduced:
            what = f"{count:,} rows {step.sentence}: {step.pieces:,.0f} pieces, {step.value:,.2f} in money."
            mend = mends.get(step.rule, "")
            findings.append(
                warning("order lines", what, step.rule, mend, count)
                if mend
                else note("order lines", what, step.rule, count)
            )
    return findings

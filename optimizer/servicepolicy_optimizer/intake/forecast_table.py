"""The company's own forecasts: one row an item and a date on which it was foreseen."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from servicepolicy_models.errors import TableRejected, error, note
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_optimizer.intake.checks import RowRule, broken_rules, cell_rules
from servicepolicy_optimizer.intake.examples import EXAMPLES, listed
from servicepolicy_optimizer.intake.fields import Field, Kind
from servicepolicy_optimizer.intake.files import Unreadable, open_file
from servicepolicy_optimizer.intake.loaded import Loaded, Writing
from servicepolicy_optimizer.intake.loading import read_fields
from servicepolicy_optimizer.intake.tables import SideTable
from servicepolicy_optimizer.intake.workspace import Workspace

FIELDS = (
    Field("item", "item", Kind.TEXT, required=True),
    Field("made_on", "made_on", Kind.TIME, required=True),
    Field("pieces_per_day", "pieces_per_day", Kind.NUMBER, required=True),
)
ERRORS = ("error_sd_pieces", "relative_error")
"""Columns that may be there: the forecast's error over the protection interval, at most one of them a row."""


def read_forecast_table(path: Path, desk: Workspace, upper_case: bool = True) -> SideTable:
    """Read forecasts: item, made_on, pieces_per_day and, where the file has them, the ERRORS.

    `upper_case` as `CleaningRules.item_code_upper_case`. Raises TableRejected with everything that blocks:
    an unreadable file, missing columns, empty, unreadable or negative cells, two errors in a row, an item
    foreseen twice at one time with different figures.
    """
    try:
        present = open_file(path, None, desk).relation.columns
        optional = (Field(name, name if name in present else None, Kind.NUMBER) for name in ERRORS)
        fields = (*FIELDS, *optional)
        loaded = read_fields(path, None, fields, desk, Writing())
    except Unreadable as trouble:
        raise TableRejected(trouble.findings) from trouble
    if upper_case:
        desk.connection.execute(f"UPDATE {loaded.stored} SET item = upper(item)")
    findings = [*loaded.findings, *broken_rules(loaded, _rules(fields), desk), *_repeated(loaded, desk)]
    if blocking := [one for one in findings if one.severity is Severity.ERROR]:
        raise TableRejected(blocking)
    given = frozenset(field.name for field in fields if field.column is not None)
    return SideTable(desk, loaded.table, loaded.file_name, given, loaded.rows, tuple(findings))


def _rules(fields: Sequence[Field]) -> list[RowRule]:
    """Cells are filled and readable, nothing is negative, and a row states one error at most."""
    rules = [
        replace(rule, mend="Write dates as 2011-12-31.") if rule.rule == "table.unreadable_date" else rule
        for rule in cell_rules(fields)
    ]
    for field in fields:
        if field.kind is Kind.NUMBER and field.column is not None:
            rules.append(
                RowRule(
                    breaks=f"{field.name} < 0",
                    shown=f"{field.name}::VARCHAR",
                    what=f"column '{field.column}' is negative at {{rows}}: {{shown}}.",
                    rule="table.number_out_of_range",
                    mend="Give zero or more.",
                )
            )
    both = " AND ".join(f"{name} IS NOT NULL" for name in ERRORS)
    what = f"{' and '.join(ERRORS)} are both filled at {{rows}}."
    return [*rules, RowRule(both, "''", what, "forecast.two_errors", "Fill one of them, or none.")]


def _repeated(loaded: Loaded, desk: Workspace) -> list[Finding]:
    """A forecast given twice: counted once when both rows say the same, an error when they differ."""
    run = desk.connection.execute
    figures = ", ".join(("pieces_per_day", *ERRORS))
    doubles, differ, examples = run(
        f"SELECT coalesce(sum(n) - count(*), 0), count(*) FILTER (variants > 1), "
        f"min(said, {EXAMPLES}) FILTER (variants > 1) FROM (SELECT count(*) AS n, "
        f"count(DISTINCT row({figures})) AS variants, "
        "item || ' on ' || strftime(made_on, '%Y-%m-%d') AS said "
        f"FROM {loaded.table} WHERE item IS NOT NULL AND made_on IS NOT NULL "
        "GROUP BY item, made_on HAVING count(*) > 1)"
    ).fetchall()[0]
    if differ:
        what = f"{differ} forecasts stand in several rows that differ: {listed(examples, differ)}."
        mend = "Keep one row for each item and date."
        found = error(loaded.file_name, what, "forecast.repeated", mend)
        return [found.model_copy(update={"count": differ})]
    if not doubles:
        return []
    run(
        f"DELETE FROM {loaded.stored} WHERE item IS NOT NULL AND made_on IS NOT NULL AND rowid NOT IN "
        f"(SELECT min(rowid) FROM {loaded.stored} GROUP BY item, made_on)"
    )
    what = f"{doubles:,} rows repeat another in every column; they count once."
    return [note(loaded.file_name, what, "forecast.repeated", int(doubles))]

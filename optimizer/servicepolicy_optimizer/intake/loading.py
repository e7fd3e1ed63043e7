"""One pass over the file into a table of typed fields; what a cell said is kept only where it could not be
read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from servicepolicy_models.errors import error, note
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.intake.examples import EXAMPLES, listed
from servicepolicy_optimizer.intake.fields import Field, Kind, missing_columns, recorded, value
from servicepolicy_optimizer.intake.files import OpenFile, Unreadable, not_readable, open_as_utf8, open_file
from servicepolicy_optimizer.intake.workspace import Workspace


@dataclass(frozen=True)
class Loaded:
    """Rows in the workspace. For every number and time field f, `unread_f` holds what could not be read."""

    table: str
    file_name: str
    row_word: str
    rows: int
    findings: tuple[Finding, ...]

    def row_names(self, rows: Sequence[int], count: int) -> str:
        """`line 118` or `lines 118, 902, ... (12 in all)`.

        >>> Loaded("t", "o.csv", "line", 9, ()).row_names([3, 4], 2)
        'lines 3, 4'
        """
        in_all = f" ({count} in all)" if count > len(rows) else ""
        return f"{self.row_word}{'s' if count > 1 else ''} {listed(rows, count)}{in_all}"


@dataclass(frozen=True)
class Writing:
    """How a file writes dates and numbers, where it holds them as text."""

    date_format: str | None = None
    decimal: str = "."


def read_fields(
    path: Path, sheet: str | None, fields: Sequence[Field], desk: Workspace, writing: Writing
) -> Loaded:
    """Open a file and load its fields; raise Unreadable with all that forbids going on.

    A CSV file that turns out not to be in UTF-8 is read again as Windows-1252.
    """
    file = open_file(path, sheet, desk)
    if absent := missing_columns(fields, file.relation.columns, path.name):
        raise Unreadable(absent)
    loaded = _load(file, fields, desk, writing)
    broken = _broken_lines(file, loaded, desk)
    if any(one.rule == "file.encoding" for one in broken):
        file = open_as_utf8(file, desk)
        loaded = _load(file, fields, desk, writing)
        broken = _broken_lines(file, loaded, desk)
    if broken:
        raise Unreadable(broken)
    if loaded.rows == 0:
        mend = "Hand in a file with at least one row below its header."
        raise Unreadable([error(path.name, "holds no rows.", "table.empty", mend)])
    return loaded


def _load(file: OpenFile, fields: Sequence[Field], desk: Workspace, writing: Writing) -> Loaded:
    """Create a table with `row`, the fields, and what could not be read; blank rows are counted only."""
    types = dict(zip(file.relation.columns, (str(one) for one in file.relation.dtypes), strict=True))
    source, table = desk.fresh("source"), desk.fresh("line")
    columns = [f"row_number() OVER () + {file.first_row - 1} AS row"]
    filled = []
    for field in fields:
        sql_type = types.get(field.column or "", "")
        read = value(field, sql_type, writing.date_format, writing.decimal)
        said = recorded(field, sql_type)
        columns.append(f"{read} AS {field.name}")
        if field.kind is not Kind.TEXT:
            columns.append(f"CASE WHEN ({read}) IS NULL THEN {said} END AS unread_{field.name}")
        if field.column is not None:
            filled.append(said)
    columns.append(f"COALESCE({', '.join(filled)}) IS NULL AS blank")
    file.relation.create_view(source)
    try:
        desk.connection.execute(f"CREATE TABLE {table} AS SELECT {', '.join(columns)} FROM {source}")
    except duckdb.Error as trouble:
        raise Unreadable([not_readable(file.path, trouble)]) from trouble
    finally:
        desk.connection.execute(f"DROP VIEW {source}")
    blanks = desk.connection.execute(f"DELETE FROM {table} WHERE blank").fetchall()[0][0]
    desk.connection.execute(f"ALTER TABLE {table} DROP COLUMN blank")
    rows = desk.connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    findings = list(file.findings)
    if blanks:
        what = f"{blanks:,} rows without any of the mapped columns were left out."
        findings.append(note(file.path.name, what, "table.blank_rows", blanks))
    return Loaded(table, file.path.name, file.row_word, rows, tuple(findings))


_BROKEN = {
    "MISSING COLUMNS": ("fewer columns than the header", "Complete the lines."),
    "TOO MANY COLUMNS": (
        "more columns than the header",
        "Put texts that hold the separator in quotation marks.",
    ),
    "UNQUOTED VALUE": ("a quotation mark out of place", "Double the quotation marks inside a text."),
}


def _broken_lines(file: OpenFile, loaded: Loaded, desk: Workspace) -> list[Finding]:
    """Lines of a CSV file that do not split into the header's columns, by kind."""
    if file.rejects is None:
        return []
    found = desk.connection.execute(
        f"SELECT error_type::VARCHAR, count(DISTINCT line), min(DISTINCT line, {EXAMPLES}) "
        f"FROM {file.rejects} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    findings = []
    for kind, count, lines in found:
        if kind == "INVALID ENCODING":
            return [error(loaded.file_name, "is not in UTF-8.", "file.encoding", "Save the file as UTF-8.")]
        what, mend = _BROKEN.get(kind, (kind.lower(), "Correct the lines."))
        finding = error(
            f"{loaded.file_name}, line {lines[0]}",
            f"{what} at {loaded.row_names(lines, count)}.",
            "table.broken_line",
            mend,
        )
        findings.append(finding.model_copy(update={"count": count}))
    return findings

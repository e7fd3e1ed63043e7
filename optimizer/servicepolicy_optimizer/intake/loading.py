"""One pass over the file into a table of typed fields; what a cell said is kept only where it could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from servicepolicy_models.errors import error, note
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_optimizer.intake.fields import Field, Kind, recorded, value
from servicepolicy_optimizer.intake.files import OpenFile
from servicepolicy_optimizer.intake.workspace import Workspace

EXAMPLES = 5
"""How many rows a finding names."""


@dataclass(frozen=True)
class Loaded:
    """Rows in the workspace. For every number and time field f, `unread_f` holds the text that could not be read."""

    table: str
    file_name: str
    row_word: str
    rows: int
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> bool:
        """Whether a finding forbids going on."""
        return any(one.severity is Severity.ERROR for one in self.findings)

    def row_names(self, rows: Sequence[int], count: int) -> str:
        """`line 118` or `lines 118, 902, ... (12 in all)`.

        >>> Loaded("t", "o.csv", "line", 9, ()).row_names([3, 4], 2)
        'lines 3, 4'
        """
        shown = ", ".join(str(row) for row in rows)
        if count == 1:
            return f"{self.row_word} {shown}"
        return f"{self.row_word}s {shown}" + (f", ... ({count} in all)" if count > len(rows) else "")


def load(
    file: OpenFile, fields: Sequence[Field], desk: Workspace, date_format: str | None, decimal: str
) -> Loaded:
    """Create a table with `row`, the fields, and what could not be read; blank rows are left out and counted."""
    types = dict(zip(file.relation.columns, (str(one) for one in file.relation.dtypes), strict=True))
    source, table = desk.fresh("source"), desk.fresh("line")
    columns = [f"row_number() OVER () + {file.first_row - 1} AS row"]
    filled = []
    for field in fields:
        sql_type = types.get(field.column or "", "")
        read, said = value(field, sql_type, date_format, decimal), recorded(field, sql_type)
        columns.append(f"{read} AS {field.name}")
        if field.kind is not Kind.TEXT:
            columns.append(f"CASE WHEN ({read}) IS NULL THEN {said} END AS unread_{field.name}")
        if field.column is not None:
            filled.append(said)
    columns.append(f"COALESCE({', '.join(filled)}) IS NULL AS blank")
    file.relation.create_view(source)
    broken: list[Finding] = []
    try:
        desk.connection.execute(f"CREATE TABLE {table} AS SELECT {', '.join(columns)} FROM {source}")
    except duckdb.Error as trouble:
        first = str(trouble).strip().splitlines()[0]
        mend = "Save the file again; the text above says where reading stopped."
        broken = [error(file.name, f"cannot be read to its end: {first}", "file.unreadable", mend)]
        return Loaded(table, file.name, file.row_word, 0, tuple(broken))
    finally:
        desk.connection.execute(f"DROP VIEW {source}")
    blanks = desk.connection.execute(f"DELETE FROM {table} WHERE blank").fetchall()[0][0]
    desk.connection.execute(f"ALTER TABLE {table} DROP COLUMN blank")
    if blanks:
        broken.append(
            note(
                file.name, "rows without any of the mapped columns were left out.", "table.blank_rows", blanks
            )
        )
    broken += _broken_lines(file, desk)
    rows = desk.connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    return Loaded(table, file.name, file.row_word, rows, tuple(broken))


def _broken_lines(file: OpenFile, desk: Workspace) -> list[Finding]:
    """Lines of a CSV file that do not split into the header's columns, by kind."""
    if file.rejects is None:
        return []
    found = desk.connection.execute(
        f"SELECT error_type::VARCHAR, count(DISTINCT line), min(line, {EXAMPLES}), any_value(error_message) "
        f"FROM {file.rejects} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    findings = []
    for kind, count, lines, message in found:
        shown = ", ".join(str(line) for line in sorted(set(lines)))
        what = f"{count} lines cannot be split into columns ({kind.lower()}): {message.splitlines()[0]}"
        finding = error(
            f"{file.name}, line {shown}", what, "table.broken_line", "Quote texts that hold the separator."
        )
        findings.append(finding.model_copy(update={"count": count}))
    return findings

"""One pass over the file into a table of typed fields; what a cell said is kept only where it could not be
read. A Parquet file of order lines is not copied: every question reads the columns that it needs.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.intake.examples import EXAMPLES
from servicepolicy_optimizer.intake.fields import Field, missing_columns
from servicepolicy_optimizer.intake.files import OpenFile, Unreadable, blaming, open_as_utf8, open_file
from servicepolicy_optimizer.intake.loaded import (
    Loaded,
    Rows,
    Writing,
    blank,
    column_types,
    read_columns,
    viewed,
)
from servicepolicy_optimizer.intake.streaming import can_stream, stream
from servicepolicy_optimizer.intake.workspace import Workspace


def read_fields(
    path: Path,
    sheet: str | None,
    fields: Sequence[Field],
    desk: Workspace,
    writing: Writing,
    *,
    streamed: bool = False,
    sound_rows: int | None = None,
) -> Loaded:
    """Open a file and load its fields; raise Unreadable with all that forbids going on.

    A CSV file that turns out not to be in UTF-8 is read again as Windows-1252. `streamed`: a Parquet file is
    left where it is, and every question reads the columns that it needs. `sound_rows`: how many rows it has,
    where all of them were read before.
    """
    file = open_file(path, sheet, desk)
    if absent := missing_columns(fields, file.relation.columns, path.name):
        raise Unreadable(absent)
    if streamed and can_stream(file, fields):
        return _not_empty(stream(file, fields, desk, writing, sound_rows))
    loaded = _load(file, fields, desk, writing)
    broken = _broken_lines(file, loaded, desk)
    if any(one.rule == "file.encoding" for one in broken):
        file = open_as_utf8(file, desk)
        loaded = _load(file, fields, desk, writing)
        broken = _broken_lines(file, loaded, desk)
    if broken:
        raise Unreadable(broken)
    return _not_empty(loaded)


def _not_empty(loaded: Loaded) -> Loaded:
    """The same, or Unreadable where no row is left."""
    if loaded.rows == 0:
        mend = "Hand in a file with at least one row below its header."
        raise Unreadable([error(loaded.file_name, "holds no rows.", "table.empty", mend)])
    return loaded


def _load(file: OpenFile, fields: Sequence[Field], desk: Workspace, writing: Writing) -> Loaded:
    """Read the file once into a table."""
    source, stored = desk.fresh("source"), desk.fresh("stored")
    types = column_types(file)
    columns = [*read_columns(types, fields, writing), f"{blank(types, fields)} AS blank"]
    with blaming(file.path, desk):
        file.relation.create_view(source)
        desk.connection.execute(f"CREATE TABLE {stored} AS SELECT {', '.join(columns)} FROM {source}")
    desk.connection.execute(f"DROP VIEW {source}")
    filled, blanks = desk.connection.execute(
        f"SELECT count(*) FILTER (NOT blank), count(*) FILTER (blank) FROM {stored}"
    ).fetchall()[0]
    # A table keeps the order of the file, so the place of a row in it is its number: counting rows while they
    # are read would leave the reading to one thread.
    row = f"rowid + {file.first_row}"
    loaded = viewed(file, "* EXCLUDE (blank)", stored, row, Rows(filled, blanks), desk)
    return replace(loaded, stored=stored)


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

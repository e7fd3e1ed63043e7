"""A file of any accepted format as a DuckDB relation, and what is wrong when it cannot be one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import fastexcel

from servicepolicy_models.errors import error, note
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.intake.workspace import Workspace

CSV = {".csv", ".tsv", ".txt"}
PARQUET = {".parquet", ".pq"}
JSON = {".json", ".jsonl", ".ndjson"}
EXCEL = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
PACKED = {".gz", ".zst"}


@dataclass(frozen=True)
class OpenFile:
    """A file as a relation, not yet read."""

    name: str
    """File name, for findings."""
    relation: duckdb.DuckDBPyRelation
    row_word: str
    """What a row is called in findings: `line` where the file has lines, else `row`."""
    first_row: int
    """Number of the first data row in the file as its reader counts: 2 below a header."""
    rejects: str | None = None
    """Table in which DuckDB notes the lines that it cannot split into columns."""
    findings: tuple[Finding, ...] = ()


class Unreadable(Exception):
    """A file is not what its name says; carries the one finding."""

    def __init__(self, finding: Finding) -> None:
        """Carry the finding."""
        super().__init__(finding.what)
        self.finding = finding


def open_file(path: Path, sheet: str | None, desk: Workspace) -> OpenFile:
    """Open CSV, TSV (also .gz, .zst), Parquet, JSON or Excel; raise Unreadable with where, what, rule and mend."""
    if not path.is_file():
        what = "is a folder, not a file." if path.is_dir() else "does not exist."
        raise Unreadable(
            error(path.name or str(path), what, "file.missing", "Give the path of a file of order lines.")
        )
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = next((suffix for suffix in reversed(suffixes) if suffix not in PACKED), "")
    try:
        if kind in CSV:
            return _csv(path, desk)
        if kind in PARQUET:
            return OpenFile(path.name, desk.connection.read_parquet(_literal(path)), "row", 1)
        if kind in JSON:
            return OpenFile(path.name, desk.connection.read_json(_literal(path), sample_size=-1), "row", 1)
        if kind in EXCEL:
            return _excel(path, sheet, desk)
    except duckdb.Error as trouble:
        raise Unreadable(_not_readable(path, kind, str(trouble))) from trouble
    known = ", ".join(sorted(CSV | PARQUET | JSON | EXCEL))
    what = f"has the unknown ending `{''.join(path.suffixes) or 'none'}`."
    raise Unreadable(
        error(path.name, what, "file.format", f"Known endings are {known}; CSV and JSON may end in .gz too.")
    )


def _not_readable(path: Path, kind: str, trouble: str) -> Finding:
    """The finding for a file that its reader refuses: the first line of the complaint, without the folder."""
    first = trouble.strip().splitlines()[0].replace(str(path.parent), "").strip()
    return error(
        path.name, f"cannot be read as {kind.lstrip('.')}: {first}.", "file.unreadable",
        "Save the file again in the format that its ending names, or give it the right ending.",
    )  # fmt: skip


def _literal(path: Path) -> str:
    """The path with DuckDB's wildcards taken literally."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def _csv(path: Path, desk: Workspace) -> OpenFile:
    rejects = desk.fresh("reject")
    reading: dict[str, Any] = {
        "header": True,
        "all_varchar": True,
        "store_rejects": True,
        "rejects_table": rejects,
        "rejects_scan": f"{rejects}_scan",
    }
    return OpenFile(path.name, desk.connection.read_csv(_literal(path), **reading), "line", 2, rejects)


def _excel(path: Path, sheet: str | None, desk: Workspace) -> OpenFile:
    """Read one sheet; column types are inferred from all its rows, so that a stray text is kept to be found."""
    try:
        book = fastexcel.read_excel(path)
    except fastexcel.FastExcelError as trouble:
        raise Unreadable(_not_readable(path, path.suffix, str(trouble))) from trouble
    if sheet is not None and sheet not in book.sheet_names:
        raise Unreadable(
            error(
                path.name,
                f"has no sheet '{sheet}'.",
                "file.sheet",
                f"Its sheets are {', '.join(book.sheet_names)}.",
            )
        )
    chosen = sheet or book.sheet_names[0]
    table = book.load_sheet(chosen, schema_sample_rows=None).to_arrow()
    left_out = (
        [] if sheet or len(book.sheet_names) == 1 else [name for name in book.sheet_names if name != chosen]
    )
    findings = (
        note(
            path.name,
            f"the first sheet '{chosen}' is read; not read: {', '.join(left_out)}.",
            "file.sheet",
            1,
        ),
    )
    return OpenFile(
        path.name, desk.connection.from_arrow(table), "row", 2, findings=findings if left_out else ()
    )

"""A file of any accepted format as a DuckDB relation, and what is wrong when it cannot be one."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import fastexcel

from servicepolicy_models.errors import error, note
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.intake.encodings import is_utf16, written_as_utf8
from servicepolicy_optimizer.intake.workspace import Workspace

CSV = {".csv", ".tsv", ".txt"}
PARQUET = {".parquet", ".pq"}
JSON = {".json", ".jsonl", ".ndjson"}
EXCEL = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
PACKED = {".gz", ".zst"}


@dataclass(frozen=True)
class OpenFile:
    """A file as a relation, not yet read."""

    path: Path
    """The file that was asked for; findings name it without its folder."""
    relation: duckdb.DuckDBPyRelation
    row_word: str
    """What a row is called in findings: `line` where the file has lines, else `row`."""
    first_row: int
    """Number of the first data row in the file as its reader counts: 2 below a header."""
    rejects: str | None = None
    """Table in which DuckDB notes the lines that it cannot split into columns."""
    findings: tuple[Finding, ...] = ()


class Unreadable(Exception):
    """A file cannot be read; carries the findings that say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Carry the findings."""
        super().__init__(" ".join(one.what for one in findings))
        self.findings = tuple(findings)


class Unsteady(Exception):
    """A file that is read where it is answers one question in two ways: what it says of its cells, by which
    some of them are not looked at, is not what they hold.
    """


DAMAGED = (duckdb.Error, fastexcel.FastExcelError, OSError, EOFError, zlib.error)
"""What readers raise on a file that is not what its ending says, was cut, or lies on a disk that fails."""


@contextmanager
def blaming(path: Path, desk: Workspace) -> Iterator[None]:
    """Whatever a reader refuses is the file's fault, told as Unreadable; want of memory or disk is not."""
    try:
        yield
    except DAMAGED as trouble:
        if desk.is_short(trouble):
            raise
        raise Unreadable([_not_readable(path, _said(path, trouble))]) from trouble


def open_file(path: Path, sheet: str | None, desk: Workspace) -> OpenFile:
    """Open CSV, TSV (also .gz, .zst), Parquet, JSON or Excel; raise Unreadable with what to mend."""
    with blaming(path, desk):
        if not path.is_file():
            what = "is a folder, not a file." if path.is_dir() else "does not exist."
            raise Unreadable([error(path.name, what, "file.missing", "Give the path of a file.")])
        if path.stat().st_size == 0:
            mend = "Hand in a file with a header and at least one row."
            raise Unreadable([error(path.name, "is empty.", "table.empty", mend)])
        match kind_of(path):
            case "csv":
                return _csv(path, desk)
            case "parquet":
                return _parquet(path, desk)
            case "json":
                return OpenFile(path, desk.connection.read_json(literal(path), sample_size=-1), "row", 1)
            case "excel":
                return _excel(path, sheet, desk)
    known = ", ".join(sorted(CSV | PARQUET | JSON | EXCEL))
    what = f"has the unknown ending `{''.join(path.suffixes) or 'none'}`."
    mend = f"Known endings are {known}; CSV and JSON may end in .gz too."
    raise Unreadable([error(path.name, what, "file.format", mend)])


def kind_of(path: Path) -> str:
    """`csv`, `parquet`, `json`, `excel`, or nothing, by the ending of the name.

    >>> kind_of(Path("lines.2021.CSV.gz"))
    'csv'
    """
    suffix = next((one.lower() for one in reversed(path.suffixes) if one.lower() not in PACKED), "")
    kinds = {"csv": CSV, "parquet": PARQUET, "json": JSON, "excel": EXCEL}
    return next((kind for kind, suffixes in kinds.items() if suffix in suffixes), "")


def _said(path: Path, trouble: Exception) -> str:
    """The first line of a reader's complaint, without the folder."""
    if isinstance(trouble, OSError) and trouble.strerror:
        return trouble.strerror
    lines = str(trouble).replace(f"{path.parent}/", "").strip().splitlines() or [type(trouble).__name__]
    return (
        "no table of separated values was found in it" if "CSV Sniffer" in lines[0] else lines[0].rstrip(". ")
    )


def _not_readable(path: Path, said: str) -> Finding:
    mend = "Save the file again in the format that its ending names, or give it the right ending."
    said = "".join(letter if letter.isprintable() else "\ufffd" for letter in said)
    return error(path.name, f"cannot be read as {kind_of(path)}: {said}.", "file.unreadable", mend)


def open_as_utf8(file: OpenFile, desk: Workspace) -> OpenFile:
    """Open a CSV file that is not in UTF-8 once more, rewritten in UTF-8."""
    with blaming(file.path, desk):
        return _rewritten(file.path, "cp1252", desk)


def _rewritten(path: Path, encoding: str, desk: Workspace) -> OpenFile:
    copy = desk.folder / f"{desk.fresh('utf8')}.csv"
    written_as_utf8(path, copy, encoding)
    what = f"is not in UTF-8; it was read as {'UTF-16' if encoding == 'utf-16' else 'Windows-1252'}."
    return _csv(path, desk, copy, (note(path.name, what, "file.encoding", 1),))


def literal(path: Path) -> str:
    """The path with DuckDB's wildcards taken literally."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def _csv(
    path: Path, desk: Workspace, copy: Path | None = None, findings: tuple[Finding, ...] = ()
) -> OpenFile:
    """Open a CSV file, or its copy, with every cell as text; lines that do not split are noted in a table."""
    if copy is None and is_utf16(path):
        return _rewritten(path, "utf-16", desk)
    rejects = desk.fresh("reject")
    reading: dict[str, Any] = {
        "header": True,
        "all_varchar": True,
        "store_rejects": True,
        "rejects_table": rejects,
        "rejects_scan": f"{rejects}_scan",
    }
    relation = desk.connection.read_csv(literal(copy or path), **reading)
    return OpenFile(path, relation, "line", 2, rejects, findings)


def _parquet(path: Path, desk: Workspace) -> OpenFile:
    try:
        return OpenFile(path, desk.connection.read_parquet(literal(path)), "row", 1)
    except (RuntimeError, UnicodeDecodeError) as trouble:
        # What binds the database to Python is the first to read names as texts, and says so.
        if isinstance(trouble, RuntimeError) and "conversion error" not in str(trouble):
            raise
        raise Unreadable([_not_readable(path, "the name of a column is not in UTF-8")]) from trouble


def _excel(path: Path, sheet: str | None, desk: Workspace) -> OpenFile:
    """Read one sheet; column types are inferred from all its rows, so that a stray text is found."""
    book = fastexcel.read_excel(path)
    sheets = book.sheet_names
    if sheet is not None and sheet not in sheets:
        mend = f"Its sheets are {', '.join(sheets)}."
        raise Unreadable([error(path.name, f"has no sheet '{sheet}'.", "file.sheet", mend)])
    chosen = sheet or sheets[0]
    table = book.load_sheet(chosen, schema_sample_rows=None).to_arrow()
    findings = []
    if sheet is None and len(sheets) > 1:
        what = f"the first sheet '{chosen}' is read; not read: {', '.join(sheets[1:])}."
        findings = [note(path.name, what, "file.sheet", 1)]
    return OpenFile(path, desk.connection.from_arrow(table), "row", 2, findings=tuple(findings))

"""Tables of the policy as CSV (RFC 4180, UTF-8), for programs: texts stand as they are, even `=1+1`."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from servicepolicy_api.export.sheet import Sheet
from servicepolicy_api.files import whole_file

DECIMALS = 6


class RowWriter(Protocol):
    """What csv.writer makes."""

    def writerow(self, row: Iterable[object], /) -> object:
        """Write one row."""

    def writerows(self, rows: Iterable[Iterable[object]], /) -> object:
        """Write many."""


def write_csv(sheet: Sheet, path: Path) -> None:
    """Write one table with its header; what is absent is empty."""
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        write_rows(sheet, csv.writer(file))


def write_rows(sheet: Sheet, writer: RowWriter) -> None:
    """Write a table to where rows go."""
    writer.writerow([header for header, _ in sheet.columns])
    writer.writerows([_rounded(cell) for cell in row] for row in sheet.rows)


def _rounded(cell: object) -> object:
    """Six decimals: more would be noise to a program, and to a person."""
    return round(cell, DECIMALS) if isinstance(cell, float) else cell

"""A table on its way out: a title, columns with what they hold, rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

Cell = str | float | int | bool | None


class Holds(Enum):
    """What a column holds, and so how Excel shows it and how wide it is."""

    TEXT = ("@", 18)
    SENTENCE = ("@", 70)
    MONEY = ("#,##0", 13)
    EXACT_MONEY = ("#,##0.00", 13)
    SHARE = ("0.0%", 10)
    COUNT = ("#,##0", 11)
    AMOUNT = ("#,##0.00", 12)
    SMALL = ("0.0E+00", 12)

    def __init__(self, excel_format: str, width_characters: int) -> None:
        """Keep the Excel number format and the column's width."""
        self.excel_format = excel_format
        self.width_characters = width_characters


@dataclass(frozen=True)
class Sheet:
    """One subject of the answer."""

    title: str
    columns: tuple[tuple[str, Holds], ...]
    """Header and what is below it."""
    rows: Sequence[tuple[Cell, ...]]
    frozen_columns: int = 1
    """Columns that stay in sight."""

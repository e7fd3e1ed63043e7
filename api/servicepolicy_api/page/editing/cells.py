"""What a field says as text, and what a typed text means: percent for shares, blanks for nothing.

A text that means nothing goes into the draft as it is: then the check of the scenario says what is wrong.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any


class Cell(Enum):
    """How a field is shown and read."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    NAMES = "names"
    """A list of names, separated by commas."""
    SHARES = "shares"
    """A list of shares in percent, separated by semicolons or blanks."""
    YES_NO = "yes_no"
    CHOICE = "choice"

    @property
    def is_number(self) -> bool:
        """Whether it stands at the right."""
        return self in (Cell.NUMBER, Cell.PERCENT)


YES_NO: Mapping[bool, str] = {True: "yes", False: "no"}


def text_of(cell: Cell, value: Any) -> str:
    """A value as it is shown in its field.

    >>> text_of(Cell.PERCENT, 0.925), text_of(Cell.NUMBER, 12.0), text_of(Cell.NAMES, ["A", "B"])
    ('92.5', '12', 'A, B')
    >>> text_of(Cell.NUMBER, None), text_of(Cell.PERCENT, "many"), text_of(Cell.SHARES, [0.05, 0.2])
    ('', 'many', '5; 20')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES_NO[value]
    if cell is Cell.NAMES and isinstance(value, list):
        return ", ".join(map(str, value))
    if cell is Cell.SHARES and isinstance(value, list):
        return "; ".join(text_of(Cell.PERCENT, one) for one in value)
    if isinstance(value, int | float) and cell.is_number:
        return f"{100 * value if cell is Cell.PERCENT else value:.12g}"
    return str(value)


def value_of(cell: Cell, text: str | None) -> Any:
    """What a typed text means.

    >>> value_of(Cell.PERCENT, "92,5 %"), value_of(Cell.NUMBER, "1,250"), value_of(Cell.NUMBER, "12")
    (0.925, 1250, 12)
    >>> value_of(Cell.NUMBER, "many"), value_of(Cell.NAMES, "A; B"), value_of(Cell.TEXT, "  ")
    ('many', ['A', 'B'], None)
    >>> value_of(Cell.SHARES, "5 %; 20")
    [0.05, 0.2]
    """
    bare = (text or "").strip()
    if not bare:
        return None
    match cell:
        case Cell.NAMES:
            return [
                one.strip() for one in bare.replace(";", ",").replace("\uff0c", ",").split(",") if one.strip()
            ]
        case Cell.SHARES:
            return [_number(one, 100) for one in bare.replace("%", " ").replace(";", " ").split()]
        case Cell.YES_NO:
            return {"yes": True, "no": False}.get(bare, bare)
        case Cell.NUMBER | Cell.PERCENT:
            return _number(bare, 100 if cell is Cell.PERCENT else 1)
        case _:
            return bare


def _number(text: str, divided_by: int) -> float | int | str:
    """Thousands may be set apart, and a single comma with one or two digits behind it is a decimal sign."""
    bare = text.rstrip("% ").replace("\u00a0", "").replace(" ", "")
    whole, comma, rest = bare.rpartition(",")
    if comma and "." not in bare and "," not in whole and len(rest) != 3:
        bare = f"{whole}.{rest}"
    try:
        number = float(bare.replace(",", ""))
    except ValueError:
        return text
    if not abs(number) < 1e15:
        return text
    number = round(number / divided_by, 12)
    return int(number) if number.is_integer() else number

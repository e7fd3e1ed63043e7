"""A table on its way out: a title, columns with what they hold, rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

Cell = str | float | int | bool | None


class Holds(Enum):
    """What a column holds, and so how Excel shows it and how wide it is."""

    TEXT = ("@", 18)
    SENTENCE = ("@", 70)
    MONEY = ("#,##0.00", 14)
    SHARE = ("0.0%", 10)
    COUNT = ("#,##0", 11)
    AMOUNT = ("#,##0.00", 12)

    def __init__(self, excel_format: str, width_characters: int) -> None:
        """Keep the Excel number format and the column's width."""
        self.excel_format = excel_format
        self.width_characters = width_characters


SHARES = ("fill_rate", "probability", "otif", "share")
MONEY = ("revenue", "cost", "value")


def held_by(noun: type[BaseModel], field: str) -> Holds:
    """Return what a column with this field of a noun holds, by its type and the words of its name.

    >>> from servicepolicy_models.policy import SegmentPolicy
    >>> held_by(SegmentPolicy, "planned_fill_rate"), held_by(SegmentPolicy, "channel")
    (<Holds.SHARE: ('0.0%', 10)>, <Holds.TEXT: ('@', 18)>)
    >>> from servicepolicy_models.backtest import ShortItem
    >>> held_by(ShortItem, "reason")
    <Holds.TEXT: ('@', 18)>
    """
    kinds = _kinds(noun.model_fields[field].annotation)
    if all(one is bool or (isinstance(one, type) and issubclass(one, str)) for one in kinds):
        return Holds.TEXT
    if kinds == [int]:
        return Holds.COUNT
    if any(word in field for word in SHARES):
        return Holds.SHARE
    return Holds.MONEY if any(word in field for word in MONEY) else Holds.AMOUNT


def _kinds(annotation: Any) -> list[Any]:
    """The types of what a field holds where it holds anything: of `int | None`, of `Literal["a", "b"]`."""
    if isinstance(annotation, UnionType):
        return [kind for one in get_args(annotation) if one is not NoneType for kind in _kinds(one)]
    if get_origin(annotation) is Literal:
        return sorted({type(one) for one in get_args(annotation)}, key=str)
    return [annotation]


@dataclass(frozen=True)
class Sheet:
    """One subject of the answer."""

    title: str
    columns: tuple[tuple[str, Holds], ...]
    """Header and what is below it."""
    rows: Sequence[tuple[Cell, ...]]
    frozen_columns: int = 1
    """Columns that stay in sight."""

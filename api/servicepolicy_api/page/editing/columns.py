"""The fields of a noun that a sheet shows: its plain ones, and those of its time."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from servicepolicy_api.page.editing.cells import YES_NO, Cell
from servicepolicy_api.page.editing.places import Steps
from servicepolicy_models.means import StageTime

PERCENT = frozenset((
    "error_share_of_lines", "inbound_cost_share_of_value", "wait", "substitute",
    "buy_elsewhere_once", "leave", "lost_share_of_price", "demand_lost_share_per_day",
    "returns_share_of_lines", "small_order_share",
    "fill_rate", "cycle_service_level", "on_time_probability", "otif", "carrying_rate_per_year",
    "unit_cost_share_of_price", "relative_gap",
))  # fmt: skip
"""Fields that people read in percent."""


@dataclass(frozen=True)
class FieldColumn:
    """One plain field."""

    steps: Steps
    cell: Cell
    options: tuple[str, ...] = ()
    """What may be chosen."""

    @property
    def name(self) -> str:
        """The name by which its words are found."""
        return str(self.steps[-1])

    @property
    def key(self) -> str:
        """The name of its column; AG Grid takes dots for steps of its own."""
        return "__".join(map(str, self.steps))


@cache
def columns_of(noun: type[BaseModel], *left_out: str) -> tuple[FieldColumn, ...]:
    """The columns of a noun, in the order of its fields."""
    found: list[FieldColumn] = []
    for name, field in noun.model_fields.items():
        kind = _bare(field.annotation)
        if name in left_out:
            continue
        if kind is StageTime:
            found += [FieldColumn((name, *one.steps), one.cell) for one in columns_of(StageTime)]
        elif (column := _column(name, kind)) is not None:
            found.append(column)
    return tuple(found)


def _column(name: str, kind: Any) -> FieldColumn | None:
    if kind is bool:
        return FieldColumn((name,), Cell.YES_NO, tuple(YES_NO.values()))
    if kind in (float, int):
        return FieldColumn((name,), Cell.PERCENT if name in PERCENT else Cell.NUMBER)
    if kind is str:
        return FieldColumn((name,), Cell.TEXT)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return FieldColumn((name,), Cell.CHOICE, tuple(str(one.value) for one in kind))
    if get_origin(kind) is Literal:
        return FieldColumn((name,), Cell.CHOICE, tuple(map(str, get_args(kind))))
    if get_origin(kind) is tuple and _bare(get_args(kind)[0]) in (str, float):
        return FieldColumn((name,), Cell.NAMES if _bare(get_args(kind)[0]) is str else Cell.SHARES)
    return None


def _bare(annotation: Any) -> Any:
    """A type without its limits, and without `None` beside it."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        (kind, *others) = [one for one in get_args(annotation) if one is not NoneType]
        return annotation if others else _bare(kind)
    return annotation


def blank(noun: type[BaseModel], name: str) -> Mapping[str, Any]:
    """A new entry of a list, with zero for every number that it must have."""
    made: dict[str, Any] = {}
    for field, about in noun.model_fields.items():
        if about.is_required():
            kind = _bare(about.annotation)
            made[field] = name if kind is str else 0 if kind in (float, int) else None
    return {field: value for field, value in made.items() if value is not None}

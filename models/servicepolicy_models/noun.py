"""What every noun is: frozen, closed, and strict about its numbers."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field


class Noun(BaseModel):
    """A value that travels between rooms: frozen, closed to unknown fields, free of NaN and infinity."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True, populate_by_name=True
    )

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Be its own copy, for it never changes: pydantic copies a default for each noun that has it."""
        return self


class Row(Noun):
    """A noun of which there may be millions.

    Rows that were given the same fields share the set of their names, which pydantic makes for each: it is
    two fifths of a row of items.

    >>> class One(Row):
    ...     number: int
    >>> one, other = One(number=1), One(number=2)
    >>> one.model_fields_set is other.model_fields_set is other.model_copy().model_fields_set
    True
    """

    def model_post_init(self, context: Any, /) -> None:
        """Share the names of the fields that were given."""
        _share_fields_set(self)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As of every noun."""
        copied = super().model_copy(update=update, deep=deep)
        _share_fields_set(copied)
        return copied


def _share_fields_set(row: Row) -> None:
    given = row.__pydantic_fields_set__
    object.__setattr__(row, "__pydantic_fields_set__", _GIVEN.setdefault(frozenset(given), given))


_GIVEN: dict[frozenset[str], set[str]] = {}
"""Sets of the names of fields that any row was given; nobody changes one that is here."""

Name = Annotated[str, Field(min_length=1, max_length=120)]
"""A name chosen by the planner: 1 to 120 characters."""

Share = Annotated[float, Field(ge=0, le=1)]
"""A share of a whole, 0 to 1."""

OpenShare = Annotated[float, Field(gt=0, lt=1)]
"""A share strictly between 0 and 1: a promise of 1 cannot be kept by any finite stock."""

NonNegative = Annotated[float, Field(ge=0, le=1e15)]
"""A number that is zero or more."""

Positive = Annotated[float, Field(gt=0, le=1e15)]
"""A number above zero."""

Signed = Annotated[float, Field(ge=-1e15, le=1e15)]
"""A number of either sign."""

"""What every noun is: frozen, closed, and strict about its numbers."""

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

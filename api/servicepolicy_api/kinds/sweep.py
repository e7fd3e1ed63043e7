"""What the kind `sweep` is asked: many what-ifs on one scenario. Its points are runs of kind `solve`."""

import itertools
import math
from collections.abc import Mapping
from functools import reduce
from typing import Annotated, Any

from pydantic import Field, model_validator

from servicepolicy_models.noun import Noun

MOST_POINTS = 500
Patches = Annotated[tuple[dict[str, Any], ...], Field(min_length=1, max_length=MOST_POINTS)]


class SweepSettings(Noun):
    """What-ifs on one scenario, each a point: a list of them, or every combination of several lists."""

    patches: Patches | None = None
    """JSON merge patches (RFC 7396), each on the run's scenario."""
    grid: Annotated[tuple[Patches, ...], Field(min_length=1, max_length=8)] | None = None
    """Lists of such patches: one of each list, in every combination, is a point; 500 points at most."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "SweepSettings":
        if (self.patches is None) == (self.grid is None):
            raise ValueError("exactly one of patches and grid is needed")
        if math.prod(map(len, self.grid or ())) > MOST_POINTS:
            raise ValueError(f"the grid has more than {MOST_POINTS} points")
        return self

    def points(self) -> list[dict[str, Any]]:
        """The patch of every point, in order; the last list of a grid turns quickest."""
        if self.patches is not None:
            return list(self.patches)
        return [reduce(both, chosen, {}) for chosen in itertools.product(*(self.grid or ()))]


def both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """One patch and then another as one patch: where both speak of the same field, the other is heard.

    >>> both({"a": {"x": 1, "y": 2}, "b": 3}, {"a": {"y": None}, "c": 4})
    {'a': {'x': 1, 'y': None}, 'b': 3, 'c': 4}
    """
    made = dict(one)
    for name, value in other.items():
        before = made.get(name)
        is_inside = isinstance(before, Mapping) and isinstance(value, Mapping)
        made[name] = both(before, value) if is_inside else value  # type: ignore[arg-type]
    return made

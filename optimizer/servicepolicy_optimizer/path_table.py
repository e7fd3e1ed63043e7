"""The service paths of a segment under a deployment as arrays: read like a tuple of paths, a path made only
when somebody looks at it. Half a million paths are then a few arrays and not half a million objects.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np

from servicepolicy_optimizer.choices import ServicePath
from servicepolicy_optimizer.facts import Floats, Ints

AMOUNTS = (
    "response_cost", "transport_cost", "warehousing_cost", "lost_sales_cost", "promised_response_hours",
    "on_time_probability", "mean_response_hours", "channel_labour_hours", "weight_kg", "co2e_kg",
)  # fmt: skip
"""Fields of a path that are one number."""
MEANS = ("channel", "process", "mode", "frequency")


@dataclass(frozen=True, eq=False)
class PathTable(Sequence[ServicePath]):
    """n paths of one segment under one deployment. Amounts are yearly; see `ServicePath`."""

    names: tuple[tuple[str, ...], ...]
    """Of each of MEANS, every name that may occur."""
    means: Ints
    """(n, 4) which channel, process, mode and frequency."""
    amounts: Mapping[str, Floats]
    """Each of AMOUNTS -> (n,)."""
    lines_per_day: Mapping[str, Floats]
    """Location -> (n,)."""
    needing: Mapping[str, Ints]
    """Facility -> numbers of the paths that need it open."""

    def __len__(self) -> int:
        return int(self.means.shape[0])

    @overload
    def __getitem__(self, number: int) -> ServicePath: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[ServicePath, ...]: ...
    def __getitem__(self, number: int | slice) -> ServicePath | tuple[ServicePath, ...]:
        if isinstance(number, slice):
            return tuple(self._path(n) for n in range(*number.indices(len(self))))
        if not -len(self) <= number < len(self):
            raise IndexError(f"path {number} of {len(self)}")
        return self._path(range(len(self))[number])

    def __iter__(self) -> Iterator[ServicePath]:
        return (self._path(n) for n in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PathTable | tuple) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def cost_without_lost_sales(self) -> Floats:
        """(n,) what counts against a budget of the total cost."""
        return self.cost - self.amounts["lost_sales_cost"]

    @cached_property
    def cost(self) -> Floats:
        """(n,) all parts, added in the order in which a path adds them."""
        parts = ("response_cost", "transport_cost", "warehousing_cost", "lost_sales_cost")
        cost: Floats = sum((self.amounts[part] for part in parts), np.zeros(len(self)))
        return cost

    def users_of(self, means: str) -> Iterator[tuple[str, Ints]]:
        """Each name of one of MEANS that some path uses, with the numbers of these paths."""
        axis = MEANS.index(means)
        for code in np.unique(self.means[:, axis]).tolist():
            yield self.names[axis][code], np.flatnonzero(self.means[:, axis] == code)

    def take(self, numbers: Ints) -> "PathTable":
        """Some of the paths, by number, rising."""
        kept = np.full(len(self), -1)
        kept[numbers] = np.arange(numbers.size)
        needing = {facility: kept[paths[kept[paths] >= 0]] for facility, paths in self.needing.items()}
        return PathTable(
            self.names,
            self.means[numbers],
            {name: amount[numbers] for name, amount in self.amounts.items()},
            {location: lines[numbers] for location, lines in self.lines_per_day.items()},
            {facility: paths for facility, paths in needing.items() if paths.size},
        )

    def _path(self, n: int) -> ServicePath:
        chosen = (names[code] for names, code in zip(self.names, self.means[n].tolist(), strict=True))
        amounts = {name: amount[n].item() for name, amount in self.amounts.items()}
        return ServicePath(
            **dict(zip(MEANS, chosen, strict=True)),
            **amounts,
            lines_per_day={location: lines[n].item() for location, lines in self.lines_per_day.items()},
            facilities=tuple(name for name, paths in self.needing.items() if n in paths),
        )


def path_table(paths: Sequence[ServicePath]) -> PathTable:
    """Any paths as a table."""
    if isinstance(paths, PathTable):
        return paths
    names = tuple(tuple(sorted({getattr(path, one) for path in paths})) for one in MEANS)
    means = [
        [known.index(getattr(path, one)) for one, known in zip(MEANS, names, strict=True)] for path in paths
    ]
    locations = dict.fromkeys(location for path in paths for location in path.lines_per_day)
    facilities = dict.fromkeys(facility for path in paths for facility in path.facilities)
    return PathTable(
        names,
        np.array(means, dtype=np.intp).reshape(-1, len(MEANS)),
        {name: np.array([getattr(path, name) for path in paths], dtype=np.float64) for name in AMOUNTS},
        {at: np.array([path.lines_per_day.get(at, 0.0) for path in paths]) for at in locations},
        {
            name: np.array([n for n, path in enumerate(paths) if name in path.facilities], dtype=np.intp)
            for name in facilities
        },
    )

"""A problem with more columns and rows than its model has, each with a name and its few entries."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import coo_array, csc_array

from servicepolicy_optimizer.solve.arrays import Arrays, Name


@dataclass
class Widening:
    """Columns and rows on their way into a problem; numbers go on where the problem's own end."""

    problem: Arrays
    _columns: list[tuple[Name, float, bool]] = field(default_factory=list)
    _rows: list[tuple[Name, float, float]] = field(default_factory=list)
    _entries: list[tuple[int, int, float]] = field(default_factory=list)

    def column(
        self, name: Name, entries: Mapping[int, float], upper: float = 1.0, integral: bool = True
    ) -> int:
        """Add a column from 0 to `upper` at no cost, entries by row; its number."""
        number = self.problem.cost.size + len(self._columns)
        self._columns.append((name, upper, integral))
        self._entries += [(row, number, value) for row, value in entries.items()]
        return number

    def row(
        self, name: Name, entries: Mapping[int, float], lower: float = -np.inf, upper: float = np.inf
    ) -> int:
        """Add a row, entries by column; its number."""
        number = self.problem.row_lower.size + len(self._rows)
        self._rows.append((name, lower, upper))
        self._entries += [(number, column, value) for column, value in entries.items()]
        return number

    def entry(self, row: int, column: int, value: float) -> None:
        """Put a value where a row and a column meet; what is there already is added to."""
        self._entries.append((row, column, value))

    @property
    def grown(self) -> bool:
        """Whether anything was added."""
        return bool(self._columns or self._rows)

    def widened(self) -> Arrays:
        """The problem with everything that was added."""
        problem, shape = self.problem, (self._height, self._width)
        own = coo_array(problem.matrix)
        parts = zip(*self._entries, strict=True) if self._entries else ((), (), ())
        rows, columns, values = (np.array(part) for part in parts)
        matrix = coo_array(
            (
                np.concatenate([own.data, values]),
                (np.concatenate([own.coords[0], rows]), np.concatenate([own.coords[1], columns])),
            ),
            shape=shape,
        )
        return replace(
            problem,
            cost=np.concatenate([problem.cost, np.zeros(len(self._columns))]),
            matrix=csc_array(matrix),
            row_lower=np.concatenate([problem.row_lower, [lower for _, lower, _ in self._rows]]),
            row_upper=np.concatenate([problem.row_upper, [upper for _, _, upper in self._rows]]),
            lower=np.concatenate([problem.lower, np.zeros(len(self._columns))]),
            upper=np.concatenate([problem.upper, [upper for _, upper, _ in self._columns]]),
            integral=np.concatenate(
                [problem.integral, np.array([integral for _, _, integral in self._columns], dtype=bool)]
            ),
            rows=(*problem.rows, *(name for name, _, _ in self._rows)),
            columns=(*problem.columns, *(name for name, _, _ in self._columns)),
        )

    @property
    def _height(self) -> int:
        return self.problem.row_lower.size + len(self._rows)

    @property
    def _width(self) -> int:
        return self.problem.cost.size + len(self._columns)

"""A problem falls apart where no row ties its columns together. Its relaxation settles the parts in which it
mixes no integral column; only the others need a tree.

With the stocking options of a leaf held, stock (columns, fill rates, their budget) and paths (capacities,
response times) are such parts unless a promise on time in full or a budget over both ties them. A solver that
is given both looks for cuts in rows that are settled.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array
from scipy.sparse.csgraph import connected_components

from servicepolicy_models.proof import Held
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import Outcome


@dataclass(frozen=True)
class Undecided:
    """What is left of a problem once its relaxation is known."""

    problem: Arrays
    """The parts that are undecided; what the others cost is in its constant."""
    columns: Ints
    """(n,) their numbers in the whole problem."""
    values: Floats
    """(N,) of all columns in the relaxation; those of the other parts are optimal."""

    def start(self, values: Floats | None) -> Floats | None:
        """Of a solution of the whole problem, what concerns these parts."""
        return None if values is None else values[self.columns]

    def whole(self, found: Outcome) -> Outcome:
        """An outcome of these parts as one of the whole problem. No part knows of another, so the least of
        the sum is the sum of the least: objective and bound stand as they are.
        """
        if found.values is None:
            return found
        values = self.values.copy()
        values[self.columns] = found.values
        return replace(found, values=values)


def undecided(problem: Arrays, relaxation: Outcome | None) -> Undecided | None:
    """The parts in which the optimum of the relaxation mixes an integral column; None where these are all
    there is, or no optimum is known, or what is forced on an integral column is not whole.
    """
    if relaxation is None or relaxation.held is not Held.OPTIMAL or relaxation.values is None:
        return None
    values, (row, column) = relaxation.values, _entries(problem.matrix)
    tied = ~_forced(problem, row, column)
    mixed = problem.integral & (values != np.round(values))
    if not tied[mixed].all():
        return None
    part_of_row, part_of_column = _parts(row, column, tied, problem.row_lower.size)
    open_parts = np.unique(part_of_column[mixed])
    columns = np.flatnonzero(tied & np.isin(part_of_column, open_parts))
    rows = np.flatnonzero(np.isin(part_of_row, open_parts))
    if columns.size == tied.sum():
        return None
    settled = values.copy()
    settled[columns] = 0.0
    used = (problem.matrix @ settled)[rows]
    left = replace(
        problem,
        cost=problem.cost[columns],
        constant=problem.constant + float(problem.cost @ settled),
        matrix=csc_array(problem.matrix[:, columns][rows]),
        row_lower=problem.row_lower[rows] - used,
        row_upper=problem.row_upper[rows] - used,
        lower=problem.lower[columns],
        upper=problem.upper[columns],
        integral=problem.integral[columns],
        rows=tuple(problem.rows[n] for n in rows.tolist()),
        columns=tuple(problem.columns[n] for n in columns.tolist()),
    )
    return Undecided(left, columns, values)


def _entries(matrix: csc_array) -> tuple[Ints, Ints]:
    """(k,) row and (k,) column of every entry that is not zero."""
    column = np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))
    counts = matrix.data != 0.0
    return matrix.indices[counts], column[counts]


def _forced(problem: Arrays, row: Ints, column: Ints) -> NDArray[np.bool_]:
    """(n,) columns that have one value in every solution: by their bounds, or by a row of their own."""
    forced: NDArray[np.bool_] = problem.lower == problem.upper
    entries = np.bincount(row, minlength=problem.row_lower.size)
    alone = (entries == 1) & (problem.row_lower == problem.row_upper)
    forced[column[alone[row]]] = True
    return forced


def _parts(row: Ints, column: Ints, tied: NDArray[np.bool_], height: int) -> tuple[Ints, Ints]:
    """Of every row and of every column, the number of its part; only the columns that are tied tie."""
    of_tied = tied[column]
    ends = (row[of_tied], height + column[of_tied])
    graph = coo_array((np.ones(ends[0].size, dtype=np.int8), ends), shape=(height + tied.size,) * 2)
    _, part = connected_components(graph, directed=False)
    return part[:height], part[height:]

"""Columns of stock join the arrays of a model, where a model written with all of them would have them."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, hstack

from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.master.new_columns import NewColumns
from servicepolicy_optimizer.solve.arrays import Arrays, Name


def with_columns(problem: Arrays, new: NewColumns) -> Arrays:
    """The problem with more columns of its shelves, which may be mixed, and with the rows that these need."""
    number = {name: n for n, name in enumerate(problem.rows)}
    unknown, upper = unknown_rows(number, new)
    number |= {row: len(number) + n for n, row in enumerate(unknown)}
    parts, size = [with_rows(problem.matrix, len(number)), columns_in(number, new)], new.cost.size
    more = replace(
        problem,
        cost=np.concatenate([problem.cost, new.cost]),
        matrix=csc_array(hstack(parts, format="csc")),
        row_lower=np.concatenate([problem.row_lower, np.full(len(unknown), -np.inf)]),
        row_upper=np.concatenate([problem.row_upper, upper]),
        lower=np.concatenate([problem.lower, np.zeros(size)]),
        upper=np.concatenate([problem.upper, np.full(size, np.inf)]),
        integral=np.concatenate([problem.integral, np.zeros(size, dtype=bool)]),
        rows=tuple(number),
        columns=(*problem.columns, *(("weight", name) for name in new.names)),
    )
    return by_shelf(more, len(problem.columns))


def columns_in(rows: Mapping[Name, int], new: NewColumns) -> csc_array:
    """(rows, columns) what the new columns add to which row. rows: name -> number."""
    number = np.array([rows[row] for row in new.rows], dtype=np.int32)
    at = (np.repeat(number, new.run), new.column.astype(np.int32))
    return csc_array((new.amount, at), shape=(len(rows), len(new.names)))


def unknown_rows(rows: Mapping[Name, int], new: NewColumns) -> tuple[list[Name], Floats]:
    """Rows in which no decision stood before, and which so were left out, and the upper side of each."""
    unknown = [row for row in dict.fromkeys(new.rows) if row not in rows]
    return unknown, np.array([new.most[row] for row in unknown], dtype=np.float64)


def with_rows(matrix: csc_array, rows: int) -> csc_array:
    """The matrix with empty rows below, so many in all."""
    return csc_array((matrix.data, matrix.indices, matrix.indptr), shape=(rows, matrix.shape[1]))


def by_shelf(problem: Arrays, size: int) -> Arrays:
    """The problem with its columns from number `size` on, all of shelves, put behind those of their shelf:
    columns of a shelf stand together, in the order of their numbers.
    """
    names = problem.columns
    last = {name[1][:3]: n for n, name in enumerate(names[:size]) if name[0] == "weight"}
    added = np.array([last.get(name[1][:3], size) for name in names[size:]], dtype=np.intp)
    order = np.argsort(np.concatenate([np.arange(size), added]), kind="stable")
    return replace(
        problem,
        cost=problem.cost[order],
        matrix=csc_array(problem.matrix[:, order]),
        lower=problem.lower[order],
        upper=problem.upper[order],
        integral=problem.integral[order],
        columns=tuple(names[n] for n in order.tolist()),
    )

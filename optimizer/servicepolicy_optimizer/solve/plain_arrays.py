"""The arrays of a model that was written as plain rows: those that Pyomo's compiler makes of the same model,
to the last bit and in the same order.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from pyomo.common.errors import InfeasibleConstraintException
from scipy.sparse import csc_array, csr_array

from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.master.plain_kit import AT_LEAST, AT_MOST, Decisions, Linear, PlainModel
from servicepolicy_optimizer.solve.named_arrays import Arrays


def plain_arrays(model: PlainModel) -> Arrays:
    """Number every decision that an amount stands at, and lay the rows side by side."""
    bodies = [row.body for _, row in model.rows]
    first, variables = _first_numbers((model.objective, *bodies))
    count = sum(len(one.number) for one in variables)
    cost, matrix = _matrix([model.objective], first, count), _matrix(bodies, first, count)
    # Decisions that stand nowhere are none.
    used = (np.diff(matrix.indptr) > 0) | (np.diff(cost.indptr) > 0)
    kept = _kept(model, matrix)
    rows = [row for row, keep in zip(model.rows, kept, strict=True) if keep]
    side = np.array([row.side for _, row in rows], dtype=int)
    rhs = np.array([row.amount - row.body.constant for _, row in rows], dtype=float)
    names = [(one.name, key) for one in variables for key in one.number]
    return Arrays(
        cost=cost[:, used].toarray()[0],
        constant=float(model.objective.constant),
        matrix=csc_array(_columns(matrix, used) if all(kept) else matrix[np.array(kept), :][:, used]),
        row_lower=np.where(side <= 0, rhs, -np.inf),
        row_upper=np.where(side >= 0, rhs, np.inf),
        lower=_of_each(variables, [one.least for one in variables])[used],
        upper=_of_each(variables, [one.most for one in variables])[used],
        integral=_of_each(variables, [one.integral for one in variables])[used].astype(bool),
        rows=tuple(name for name, _ in rows),
        columns=tuple(name for name, keep in zip(names, used.tolist(), strict=True) if keep),
    )


def _first_numbers(sums: Iterable[Linear]) -> tuple[dict[int, int], list[Decisions]]:
    """Variable, by object -> number of its first decision; and the variables as they are spoken of."""
    first, variables, count = dict[int, int](), list[Decisions](), 0
    for one in sums:
        for of, _, _ in one.terms:
            if id(of) not in first:
                first[id(of)] = count
                variables.append(of)
                count += len(of.number)
    return first, variables


def _matrix(sums: Sequence[Linear], first: dict[int, int], columns: int) -> csc_array:
    """(sums, columns) without zeros."""
    sizes = [sum(len(keys) for _, keys, _ in one.terms) for one in sums]
    ends = np.concatenate([[0], np.cumsum(sizes, dtype=np.int32)]).astype(np.int32)
    index = np.fromiter(chain.from_iterable(_numbers(sums, first)), np.int32, int(ends[-1]))
    amounts = chain.from_iterable(one for each in sums for _, _, one in each.terms)
    data = np.fromiter(amounts, np.float64, int(ends[-1]))
    matrix = csr_array((data, index, ends), shape=(len(sums), columns)).tocsc()
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


def _numbers(sums: Sequence[Linear], first: dict[int, int]) -> Iterator[Iterable[int]]:
    for one in sums:
        for of, keys, _ in one.terms:
            start, number = first[id(of)], of.number
            yield [start + number[key] for key in keys]


def _kept(model: PlainModel, matrix: csc_array) -> list[bool]:
    """Which rows are rows: one between constants says nothing where it holds, as in Pyomo."""
    entries = np.bincount(matrix.indices, minlength=len(model.rows)).tolist()
    for (name, row), some in zip(model.rows, entries, strict=True):
        if not some and not _holds(row.side, row.body.constant, row.amount):
            raise InfeasibleConstraintException(f"{name} cannot hold")
    return [some > 0 for some in entries]


def _holds(side: int, constant: float, amount: float) -> bool:
    if side == AT_MOST:
        return constant <= amount
    return constant >= amount if side == AT_LEAST else constant == amount


def _columns(matrix: csc_array, used: np.ndarray) -> csc_array:
    """Without empty columns."""
    ends = matrix.indptr[np.concatenate([used, [True]])]
    return csc_array((matrix.data, matrix.indices, ends), shape=(matrix.shape[0], ends.size - 1))


def _of_each(variables: Sequence[Decisions], value: Sequence[Any]) -> Floats:
    """(n,) a value of every variable for all its decisions."""
    return np.repeat(np.array(value, dtype=float), [len(one.number) for one in variables])

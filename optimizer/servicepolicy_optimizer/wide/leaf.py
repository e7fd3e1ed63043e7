"""The master model over some options and paths, as arrays: those of the relaxation, cut to size.

Every row and every column of stock is in the relaxation; `uses` and `rows` say what a path adds to which row.
A test compares every coefficient with the model that Pyomo builds over the same choices.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, hstack

from servicepolicy_optimizer.facts import Ints
from servicepolicy_optimizer.solve.arrays import Arrays, Name
from servicepolicy_optimizer.solve.joined import with_rows
from servicepolicy_optimizer.wide.lagrangian import Mask
from servicepolicy_optimizer.wide.uses import PathUses


def leaf(
    whole: Arrays, uses: PathUses, rows: csc_array, kept: Mask, options: Collection[tuple[str, str]]
) -> Arrays:
    """The problem with only these options, their columns, and these paths.

    whole: with every option and any paths; rows: (rows, resources), see `rows_of`; kept: (P,). Paths are
    numbered among those that are kept. Rows that nothing is left of are left out, unless they are broken so.
    """
    before, after = _others(whole, options)
    numbers = np.flatnonzero(kept)
    paths = with_rows((rows @ uses.uses[:, numbers]).tocsc(), whole.row_lower.size)
    matrix = hstack([whole.matrix[:, before], paths, whole.matrix[:, after]], format="csr")
    some = np.diff(matrix.indptr) > 0
    stay = np.flatnonzero(some | (whole.row_lower > 0.0) | (whole.row_upper < 0.0))
    none, ones = np.zeros(numbers.size), np.ones(numbers.size)
    return replace(
        whole,
        cost=np.concatenate([whole.cost[before], uses.cost[numbers], whole.cost[after]]),
        matrix=csc_array(matrix[stay]),
        row_lower=whole.row_lower[stay],
        row_upper=whole.row_upper[stay],
        lower=np.concatenate([whole.lower[before], none, whole.lower[after]]),
        upper=np.concatenate([whole.upper[before], ones, whole.upper[after]]),
        integral=np.concatenate([whole.integral[before], ones > 0, whole.integral[after]]),
        rows=tuple(whole.rows[n] for n in stay.tolist()),
        columns=(
            *(whole.columns[n] for n in before.tolist()),
            *_names(uses, kept),
            *(whole.columns[n] for n in after.tolist()),
        ),
    )


def _others(whole: Arrays, options: Collection[tuple[str, str]]) -> tuple[Ints, Ints]:
    """Columns that stay, by number: those before the paths of the problem, and those after."""
    names = whole.columns
    first = next((n for n, (component, _) in enumerate(names) if component == "path"), len(names))
    stay = [
        n
        for n, (component, index) in enumerate(names)
        if component != "path" and (component not in ("stock", "weight") or index[:2] in options)
    ]
    numbers = np.array(stay, dtype=np.intp)
    return numbers[numbers < first], numbers[numbers > first]


def _names(uses: PathUses, kept: Mask) -> Iterator[Name]:
    number = np.concatenate([[0], np.cumsum(kept)])[uses.start].tolist()
    for (s, d), first, end in zip(uses.serving, number, number[1:], strict=False):
        for q in range(end - first):
            yield "path", (*s, d, q)

"""The relaxation of a group of shelves, kept in the solver while rungs are left out."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array

from servicepolicy_models.proof import Stopped
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.realise.group import Group, Mask
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.highs import Session

INSIDE = 1e-6
"""Share of a side that is kept clear of, more than the solver's tolerance."""


@dataclass(frozen=True)
class Mixed:
    """What the relaxation tells."""

    stopped: Stopped
    price: Floats | None
    """(R,) currency a unit of each row; None where no mix keeps the rows."""
    weights: Floats
    """(N, M) of each rung; 0 where there is none."""


@dataclass(frozen=True)
class RelaxedGroup:
    """The rungs of a group that may be in its mix."""

    group: Group
    near: Mask
    """(N, M)"""
    limits: Limits

    def mixed(self, allowed: Mask | None = None) -> Mixed:
        """The cheapest mix of allowed rungs (N, M); of all, unless said. Raises SolverFailed."""
        if allowed is not None:
            upper = allowed[self.near].astype(np.float64)
            self._session.bound_columns(np.arange(upper.size), np.zeros(upper.size), upper)
        found = self._session.run()
        weights = np.zeros(self.near.shape)
        if found.values is None or found.row_prices is None:
            return Mixed(found.stopped, None, weights)
        weights[self.near] = found.values
        return Mixed(found.stopped, found.row_prices[len(self.near) :] / row_scale(self.group), weights)

    @cached_property
    def _session(self) -> Session:
        return Session(problem_of(self.group, self.near, integral=False), self.limits)


def problem_of(group: Group, near: Mask, integral: bool) -> Arrays:
    """The group as arrays: a row an item, then its rows in shares of their side, so that the solver's
    tolerance is one too; a column for each rung that is near (N, M).
    """
    item, rung = np.nonzero(near)
    items, columns = len(near), item.size
    scale = row_scale(group)
    least, most = group.least / scale, group.most / scale
    inside = np.minimum(INSIDE, np.where(np.isfinite(most - least), (most - least) / 4, np.inf))
    brings = group.rows[:, item, rung] / scale[:, None]
    matrix = np.zeros((items + len(brings), columns))
    matrix[item, np.arange(columns)] = 1.0
    matrix[items:] = brings
    return Arrays(
        cost=group.cost[item, rung],
        constant=0.0,
        matrix=csc_array(matrix),
        row_lower=np.concatenate([np.ones(items), least + inside]),
        row_upper=np.concatenate([np.ones(items), most - inside]),
        lower=np.zeros(columns),
        upper=np.ones(columns),
        integral=np.full(columns, integral),
        rows=tuple(("row", n) for n in range(len(matrix))),
        columns=tuple(("rung", n) for n in range(columns)),
    )


def row_scale(group: Group) -> Floats:
    """(R,) the larger side of each row; 1 where it is 0."""
    sides = np.stack([group.least, group.most])
    scale = np.max(np.where(np.isfinite(sides), np.abs(sides), 0.0), axis=0, initial=0.0)
    return np.where(scale > 0, scale, 1.0)

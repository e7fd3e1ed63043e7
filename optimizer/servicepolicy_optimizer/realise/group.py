"""A group of shelves whose whole items are chosen together.

    min Σ_n Σ_m cost[n,m] x[n,m]    Σ_m x[n,m] = 1 ∀ n,    x binary
    least[k] ≤ Σ_n Σ_m rows[k,n,m] x[n,m] ≤ most[k]   ∀ rows k: promises, orders, limits

A multiple-choice knapsack with several rows. At any price of the rows,

    Σ_n min_m (cost[n,m] − Σ_k price[k] rows[k,n,m]) + Σ_k price[k] side[k]

is a bound: nothing that keeps the rows costs less (Fisher 1981). A rung that costs an item more than the gap
above its least is in no better choice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.facts import Floats, Ints

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Group:
    """N items with M rungs each, and R rows that what is chosen keeps."""

    cost: Floats
    """(N, M) currency a year."""
    rows: Floats
    """(R, N, M) what each rung brings into each row."""
    least: Floats
    """(R,) −inf where there is no such side."""
    most: Floats
    """(R,)"""

    def total(self, chosen: Ints) -> float:
        """Cost of a choice (N,)."""
        return float(self.cost[np.arange(chosen.size), chosen].sum())

    def keeps(self, chosen: Ints) -> bool:
        """Whether a choice (N,) keeps every row, by plain arithmetic."""
        comes_to = self.rows[:, np.arange(chosen.size), chosen].sum(axis=1)
        return bool(((comes_to >= self.least) & (comes_to <= self.most)).all())

    def at(self, price: Floats) -> "Priced":
        """The group at a price (R,) of its rows, currency a unit: as much as a unit more in a row would cost.
        Prices of the wrong sign for the only side of a row count as nothing.
        """
        price = np.where(np.isneginf(self.least), np.minimum(price, 0.0), price)
        price = np.where(np.isposinf(self.most), np.maximum(price, 0.0), price)
        side = np.where(price > 0, self.least, np.where(price < 0, self.most, 0.0))
        return Priced(price, self.cost - np.tensordot(price, self.rows, 1), float(price @ side))


@dataclass(frozen=True)
class Priced:
    """What rungs cost where rows have a price."""

    price: Floats
    """(R,) currency a unit; at most 0 where a row has only an upper side."""
    reduced: Floats
    """(N, M) currency a year, less what the rung is worth in the rows."""
    worth_of_sides: float
    """Currency a year: what all sides are worth."""

    @property
    def bound(self) -> float:
        """No choice that keeps the rows costs less."""
        return float(self.reduced.min(axis=1).sum()) + self.worth_of_sides


@dataclass(frozen=True)
class Effort:
    """How much is done for a choice that costs less."""

    worth: float
    """Less than this, in currency a year, is not looked for."""
    most_nodes: int
    """Of the solver's tree: unlike a time, the same on every machine."""
    limits: Limits
    """Of each run; the time is for the case that nodes take unusually long."""

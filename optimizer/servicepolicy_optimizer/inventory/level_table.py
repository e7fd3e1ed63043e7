"""Shortage by stock level, added up once from a demand's own probabilities, on levels that may lie apart.

Levels are 0, h, 2h, ... pieces. On them the loss function G is that of the lattice demand; between them it is
a straight line, which is exact for demand on the lattice. One table answers every reorder point and order
quantity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.at_hand import compiled
from servicepolicy_optimizer.inventory.excess import Array, Mask, Whole
from servicepolicy_optimizer.inventory.shortage_law import ShortageLaw

ADD_UP_NS, LOOK_UP_NS = 10.0, 25.0
"""What arrays take for a level."""


@dataclass(frozen=True)
class LevelTable:
    """Demand of N items on levels 0, h, ..., C h; beyond the last there is nothing.

    step_pieces  h, whole, (N,)
    loss         G at the levels, (N, C + 1)                                                   [pieces]
    loss_sum     sum of G(y) over whole y above the level, (N, C + 1)                         [pieces²]
    mean_pieces  E[D], (N,); may be told, since the table leaves out a negligible tail
    sd_pieces    standard deviation, (N,)

    Answers as `Demand` does, up to the second order.
    """

    step_pieces: Array
    loss_pieces: Array
    loss_sum_pieces2: Array
    mean_pieces: Array
    sd_pieces: Array

    @classmethod
    def adding_up(
        cls, probability: Array, step_pieces: Array, mean_pieces: Array | None = None
    ) -> LevelTable:
        """Add up P(D = j h), (N, C), whose rows sum to 1.

        >>> dice = LevelTable.adding_up(np.array([[0.0, 0.5, 0.5]]), np.array([1.0]))
        >>> [rung.tolist() for rung in dice.excess_moments(np.array([[-1.0, 0.0, 1.0]]), 2)]
        [[[2.5, 1.5, 0.5]], [[2.0, 0.5, 0.0]]]
        """
        level = np.arange(probability.shape[1])
        # Not by `@`, whose last digits of a row depend on how many rows there are.
        mean, square = (np.einsum("nj,j->n", probability, level**power) for power in (1.0, 2.0))
        variance = np.maximum(square - mean**2, 0.0)
        loss, total = _added_up(probability, step_pieces)
        mean = step_pieces * mean if mean_pieces is None else mean_pieces
        return cls(step_pieces, loss, total, mean, step_pieces * np.sqrt(variance))

    @property
    def is_counting(self) -> Mask:
        """True for every item, (N,)."""
        return np.ones(len(self.loss_pieces), dtype=bool)

    @property
    def table_levels(self) -> Whole:
        """Nothing more to tabulate, (N,)."""
        return np.zeros(len(self.loss_pieces), np.intp)

    def tabulated(self) -> LevelTable:
        """Itself."""
        return self

    def tabulated_with(self, longer: ShortageLaw) -> tuple[ShortageLaw, ShortageLaw]:
        """Itself, and the longer demand tabulated."""
        return self, longer.tabulated()

    def of(self, items: Whole) -> LevelTable:
        """The table of some of the items."""
        loss, total = self.loss_pieces[items], self.loss_sum_pieces2[items]
        step, mean = self.step_pieces[items], self.mean_pieces[items]
        return LevelTable(step, loss, total, mean, self.sd_pieces[items])

    def survival(self, x_pieces: npt.ArrayLike) -> Array:
        """P(D > x).  [-]"""
        whole = np.floor(self._aligned(x_pieces))
        place, step, _ = self._cell(whole)
        drop = self._at(self.loss_pieces, place) - self._at(self.loss_pieces, place + 1)
        beyond = whole >= step * (self.loss_pieces.shape[1] - 1)
        return np.where(whole < 0, 1.0, np.where(beyond, 0.0, drop / step))

    def excess_moments(self, x_pieces: npt.ArrayLike, highest_order: int) -> list[Array]:
        """E[(D - x)+] and, of second order, the sum of G(y) over whole y > x; straight lines between whole
        levels.
        """
        if highest_order > 2:
            raise ValueError(f"highest_order: a table holds orders 1 and 2, not {highest_order}; use Demand")
        x = self._aligned(x_pieces)
        if compiled.instead_of(LOOK_UP_NS * x.size):
            from servicepolicy_optimizer.compiled.level_sums import moments_at

            tables = self.loss_pieces, self.loss_sum_pieces2
            return list(moments_at(*tables, self.step_pieces, x))[:highest_order]
        whole = np.floor(x)
        part = x - whole
        chance, first, second = self._moments(whole)
        if np.any(part):
            second = second - part * (first - chance)
            first = first - part * chance
        return [first, second][:highest_order]

    def _moments(self, whole: Array) -> tuple[Array, Array, Array]:
        """P(D > n), G(n), sum of G above n, at whole n."""
        place, step, along = self._cell(whole)
        here, there = self._at(self.loss_pieces, place), self._at(self.loss_pieces, place + 1)
        slope = (there - here) / step
        first = here + along * slope
        upto = step * (step + 1) - along * (along + 1)
        second = self._at(self.loss_sum_pieces2, place + 1) + (step - along) * here + slope * upto / 2
        chance = -slope
        if whole.min(initial=0.0) < 0:
            below = np.maximum(-whole, 0.0)
            start, total = (
                table[:, 0].reshape(step.shape) for table in (self.loss_pieces, self.loss_sum_pieces2)
            )
            first = np.where(below > 0, start + below, first)
            second = np.where(below > 0, total + below * start + below * (below - 1) / 2, second)
            chance = np.where(below > 0, 1.0, chance)
        beyond = whole >= step * (self.loss_pieces.shape[1] - 1)
        for one in (chance, first, second):
            one[beyond] = 0.0
        return chance, first, second

    def _cell(self, whole: Array) -> tuple[Whole, Array, Array]:
        """Which two levels a whole level lies between, their distance, and how far along it lies."""
        step = self.step_pieces.reshape(-1, *(1,) * (whole.ndim - 1))
        place = np.clip(np.floor(whole / step), 0, self.loss_pieces.shape[1] - 2)
        return place.astype(np.intp), step, whole - place * step

    def _at(self, table: Array, place: Whole) -> Array:
        """The table at one place each."""
        rows = np.arange(len(table)).reshape(-1, *(1,) * (place.ndim - 1))
        return np.asarray(np.take(table, place + rows * table.shape[1]))

    def _aligned(self, x_pieces: npt.ArrayLike) -> Array:
        """Levels with one row an item."""
        x, items = np.asarray(x_pieces, float), len(self.loss_pieces)
        return np.broadcast_to(x, (items, *x.shape[1:]))


def _added_up(probability: Array, step_pieces: Array) -> tuple[Array, Array]:
    """Losses and their sums at the levels, (N, C + 1) each."""
    if compiled.instead_of(ADD_UP_NS * probability.size):
        from servicepolicy_optimizer.compiled.level_sums import added_up

        return added_up(probability, step_pieces)
    beyond, step = np.zeros((len(probability), 1)), step_pieces[:, None]
    at_least = np.cumsum(probability[:, ::-1], axis=1)[:, ::-1]
    above = np.concatenate([at_least[:, 1:], beyond], axis=1)
    loss = step * np.cumsum(above[:, ::-1], axis=1)[:, ::-1]
    loss = np.concatenate([loss, beyond], axis=1)
    # sum over a cell's whole levels, which lie on a line from G_k to G_{k+1}, without its first
    cell = step * loss[:, :-1] + np.diff(loss, axis=1) * (step + 1) / 2
    return loss, np.concatenate([np.cumsum(cell[:, ::-1], axis=1)[:, ::-1], beyond], axis=1)

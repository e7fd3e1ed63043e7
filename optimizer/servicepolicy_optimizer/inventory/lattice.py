"""Demand of many items by its own probabilities on 0, 1, 2, ...: exact where a named family only comes
near.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array, Mask
from servicepolicy_optimizer.inventory.shortage_law import ShortageLaw

HIGHEST_ORDER = 4


@dataclass(frozen=True)
class LatticeDemand:
    """Demand D of N items with P(D_i = j) = probability[i, j], shape (N, C); rows sum to 1.

    Answers the same questions as `Demand` (x of shape (N,), (N, M) or ()), so that `pooled_performance` and
    `rationed_performance` take either. Sums run over the table, so nothing is approximated; what lies beyond
    the last column must be negligible. Raises ValueError where rows do not sum to 1.

    >>> dice = LatticeDemand(np.array([[0.0, 0.5, 0.5], [0.25, 0.5, 0.25]]))
    >>> dice.mean_pieces.tolist(), dice.loss(1).tolist(), dice.survival([0, 1]).tolist()
    ([1.5, 1.0], [0.5, 0.25], [1.0, 0.25])
    """

    probability: Array
    _ladder: tuple[Array, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sum the table up once: S_m(n) for n = 0..C."""
        table = np.asarray(self.probability, float)
        if table.ndim != 2 or np.any(np.abs(table.sum(axis=1) - 1) > 1e-6) or np.any(table < -1e-9):
            raise ValueError(
                "probability: each row (an item) must be chances that sum to 1; divide by its sum"
            )
        object.__setattr__(self, "probability", table)
        object.__setattr__(self, "_ladder", _ladder_of(table))

    @property
    def mean_pieces(self) -> Array:
        """E[D], (N,)."""
        return self._ladder[1][:, 0]

    @property
    def sd_pieces(self) -> Array:
        """Standard deviation of D, (N,)."""
        mean = self.mean_pieces
        return np.asarray(np.sqrt(np.maximum(2 * self._ladder[2][:, 0] + mean - mean * mean, 0.0)))

    @property
    def is_counting(self) -> Mask:
        """True for every item, (N,)."""
        return np.ones(len(self.probability), dtype=bool)

    @property
    def table_levels(self) -> npt.NDArray[np.intp]:
        """Nothing more to tabulate, (N,)."""
        return np.zeros(len(self.probability), np.intp)

    def tabulated(self) -> LatticeDemand:
        """Itself."""
        return self

    def tabulated_with(self, longer: ShortageLaw) -> tuple[ShortageLaw, ShortageLaw]:
        """Itself, and the longer demand tabulated."""
        return self, longer.tabulated()

    def of(self, items: npt.NDArray[np.intp]) -> LatticeDemand:
        """The demand of some of the items, by their places."""
        return LatticeDemand(self.probability[items])

    def survival(self, x_pieces: npt.ArrayLike) -> Array:
        """P(D > x).  [-]"""
        return self._at(0, np.floor(self._aligned(x_pieces)) + 1)

    def loss(self, x_pieces: npt.ArrayLike) -> Array:
        """G(x) = E[(D - x)+].  [pieces]"""
        return self.excess_moments(x_pieces, 1)[0]

    def loss_integral(self, x_pieces: npt.ArrayLike) -> Array:
        """Sum of G(y) over whole y > x: 1/2 E[(D - x)+ (D - x - 1)+].  [pieces²]"""
        return self.excess_moments(x_pieces, 2)[1]

    def second_moment_of_excess(self, x_pieces: npt.ArrayLike) -> Array:
        """E[((D - x)+)²] at whole x.  [pieces²]"""
        first, second = self.excess_moments(x_pieces, 2)
        return 2 * second + first

    def excess_moments(self, x_pieces: npt.ArrayLike, highest_order: int) -> list[Array]:
        """E[C((D - x)+, m)] for m = 1..highest_order (at most 4), straight lines between whole levels.
        [pieces^m]
        """
        x = self._aligned(x_pieces)
        n = np.floor(x)
        part = x - n
        rungs = [self._at(order, n) for order in range(1, highest_order + 1)]
        if not np.any(part):
            return rungs
        above = self._at(0, n + 1)
        between = []
        for rung in rungs:
            between.append(rung - part * above)
            above = rung - above
        return between

    def _aligned(self, x_pieces: npt.ArrayLike) -> Array:
        """Levels with one row an item."""
        x = np.asarray(x_pieces, float)
        items = len(self.probability)
        if x.ndim == 0:
            return np.broadcast_to(x, (items,))
        return np.broadcast_to(x, (items, *x.shape[1:]))

    def _at(self, order: int, n: Array) -> Array:
        """S_m at whole levels: from the table, zero above it, by a binomial shift below zero."""
        place = np.clip(n, 0, self.probability.shape[1]).astype(np.intp)
        value = np.take_along_axis(self._ladder[order], place.reshape(len(n), -1), axis=1).reshape(n.shape)
        below = np.maximum(-n, 0.0)
        if order == 0 or not np.any(below):
            return value
        axes = (slice(None), *((None,) * (n.ndim - 1)))
        total, ways = value, np.ones_like(below)
        for step in range(1, order + 1):
            # C(below, step) more ways to choose pieces from below zero; S_0 at 0 is one
            ways = ways * (below - step + 1) / step
            total = total + ways * self._ladder[order - step][:, 0][axes]
        return total


def convolved(one: Array, other: Array) -> Array:
    """Probabilities of a sum of two independent demands, row by row: (N, A), (N, B) -> (N, A + B - 1).

    >>> convolved(np.array([[0.5, 0.5]]), np.array([[0.0, 1.0]])).round(12).tolist()
    [[0.0, 0.5, 0.5]]
    """
    width = one.shape[1] + other.shape[1] - 1
    points = 1 << (width - 1).bit_length()
    product = np.fft.rfft(one, points) * np.fft.rfft(other, points)
    return np.asarray(np.maximum(np.fft.irfft(product, points)[:, :width], 0.0))


def _ladder_of(table: Array) -> tuple[Array, ...]:
    """S_0(n) = P(D >= n) and S_m(n) = sum of S_{m-1} over levels above n, n = 0..C."""
    beyond = np.zeros((len(table), 1))
    rung = np.concatenate([np.cumsum(table[:, ::-1], axis=1)[:, ::-1], beyond], axis=1)
    ladder = [rung]
    for _ in range(HIGHEST_ORDER):
        above = np.concatenate([rung[:, 1:], beyond], axis=1)
        rung = np.cumsum(above[:, ::-1], axis=1)[:, ::-1]
        ladder.append(rung)
    return tuple(ladder)

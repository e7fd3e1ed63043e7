"""Demand of many items over an interval: family, mean and deviation, and what lies beyond a stock level."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import (
    Array,
    counting_excess,
    counting_point_and_tail,
    gamma_excess,
    normal_excess,
)
from servicepolicy_optimizer.inventory.shortage_law import ShortageLaw

Codes = npt.NDArray[np.int64]

NORMAL_FROM_MEAN_PIECES = 10.0
NORMAL_BELOW_VARIATION = 0.25
NORMAL_UP_TO_ORDER_SIZE_PIECES = 1.5
POISSON_VARIANCE_TOLERANCE = 0.05


class Family(IntEnum):
    """The law of a demand; the number is what arrays of families hold."""

    NORMAL = 0
    GAMMA = 1
    POISSON = 2
    NEGATIVE_BINOMIAL = 3


COUNTING_FAMILIES = (Family.POISSON, Family.NEGATIVE_BINOMIAL)


def choose_family(
    mean_pieces: npt.ArrayLike,
    sd_pieces: npt.ArrayLike,
    mean_order_size_pieces: npt.ArrayLike = 1.0,
    *,
    normal_from_mean_pieces: float = NORMAL_FROM_MEAN_PIECES,
    normal_below_variation: float = NORMAL_BELOW_VARIATION,
    normal_up_to_order_size_pieces: float = NORMAL_UP_TO_ORDER_SIZE_PIECES,
    poisson_variance_tolerance: float = POISSON_VARIANCE_TOLERANCE,
) -> Codes:
    """The family that is safe for a lead-time demand of this mean, deviation and order size; shapes
    broadcast.

    - mean below 10: Poisson if the variance is at most 5 % above the mean, else negative binomial;
    - mean of 10 or more: normal if the coefficient of variation is below 0.25 and order lines are single
      pieces (mean size up to 1.5), else gamma (skewed, never negative).

    A Poisson for a variance below its mean errs on the safe side. Textbooks allow the normal up to a
    variation of 0.5 (Silver, Pyke & Thomas 2017, 6.7.14; Axsäter, Inventory Control 2015, 5.1); against
    exact compound Poisson demand with variation 0.2 to 0.35 its fill rate was off by up to 0.047, the
    gamma's by up to 0.009, so the line is drawn lower here. Every threshold may be given.

    >>> [Family(code).name for code in choose_family([4, 4, 50, 50], [2, 5, 10, 40])]
    ['POISSON', 'NEGATIVE_BINOMIAL', 'NORMAL', 'GAMMA']
    """
    mean, sd, size = np.broadcast_arrays(
        np.asarray(mean_pieces, float),
        np.asarray(sd_pieces, float),
        np.asarray(mean_order_size_pieces, float),
    )
    near_poisson = sd * sd <= (1 + poisson_variance_tolerance) * mean
    smooth = (sd < normal_below_variation * mean) & (size <= normal_up_to_order_size_pieces)
    fast = np.where(smooth, Family.NORMAL, Family.GAMMA)
    slow = np.where(near_poisson, Family.POISSON, Family.NEGATIVE_BINOMIAL)
    return np.where(mean < normal_from_mean_pieces, slow, fast).astype(np.int64)


@dataclass(frozen=True)
class Demand:
    """Demand D of N items over some interval, each of its own family.

    family            Family codes                                                     shape (N,) or ()
    mean_pieces       E[D] with the certain part                                       shape (N,) or ()
    sd_pieces         standard deviation of D; a Poisson takes its own, sqrt(mean)     shape (N,) or ()
    certain_pieces    part of D that is sure (an order of constant size); the family describes the rest

    Every question takes x of shape (N,), (N, M) or () and answers in the shape of x. Counting families
    answer at whole levels; between them the loss functions are straight lines. A negative binomial whose
    variance is not above its mean is taken as Poisson. A normal or gamma without deviation is its mean.
    """

    family: Codes
    mean_pieces: Array
    sd_pieces: Array
    certain_pieces: Array = field(default_factory=lambda: np.zeros(()))

    def __post_init__(self) -> None:
        """Give the four fields one common shape."""
        shape = np.broadcast_shapes(
            np.shape(self.family),
            np.shape(self.mean_pieces),
            np.shape(self.sd_pieces),
            np.shape(self.certain_pieces),
        )
        object.__setattr__(self, "family", np.broadcast_to(np.asarray(self.family, np.int64), shape))
        for name in ("mean_pieces", "sd_pieces", "certain_pieces"):
            object.__setattr__(self, name, np.broadcast_to(np.asarray(getattr(self, name), float), shape))

    @property
    def is_counting(self) -> npt.NDArray[np.bool_]:
        """True where the demand counts whole pieces (Poisson, negative binomial), shape (N,)."""
        poisson, negative_binomial = COUNTING_FAMILIES
        return np.asarray((self.family == poisson) | (self.family == negative_binomial))

    def of(self, items: npt.NDArray[np.intp] | slice) -> Demand:
        """The demand of some of the items, by their places."""
        return Demand(
            self.family[items], self.mean_pieces[items], self.sd_pieces[items], self.certain_pieces[items]
        )

    @property
    def table_levels(self) -> npt.NDArray[np.intp]:
        """0: formulas need no tables, shape (N,)."""
        return np.zeros(self.family.shape, np.intp)

    def tabulated(self) -> Demand:
        """Itself."""
        return self

    def tabulated_with(self, longer: ShortageLaw) -> tuple[ShortageLaw, ShortageLaw]:
        """Itself, and the longer demand tabulated."""
        return self, longer.tabulated()

    def survival(self, x_pieces: npt.ArrayLike) -> Array:
        """P(D > x), the chance that a stock of x runs short.  [-]

        >>> float(Demand(Family.POISSON, 10.0, 0.0).survival(10).round(4))  # one in stock for order 11 of 10
        0.417
        """
        x = self._aligned(x_pieces)
        answer = np.empty(x.shape)
        for family, rows in self._groups():
            level, mean, sd = self._of(rows, x)
            if family in COUNTING_FAMILIES:
                over = _overdispersion(family, mean, sd)
                above, mean, over = np.broadcast_arrays(np.floor(level) + 1, mean, over)
                answer[rows] = counting_point_and_tail(above, mean, over)[1]
            else:
                answer[rows] = _CONTINUOUS[family](level, mean, sd, 0)[0]
        return answer

    def loss(self, x_pieces: npt.ArrayLike) -> Array:
        """G(x) = E[(D - x)+], the expected shortage of a stock of x.  [pieces]

        >>> float(Demand(Family.POISSON, 7.0, 0.0).loss(5).round(6))
        2.2926
        """
        return self.excess_moments(x_pieces, 1)[0]

    def loss_integral(self, x_pieces: npt.ArrayLike) -> Array:
        """What a shortage sums to over all levels above x: integral of G, or sum of G(y) over whole y > x.
        [pieces²]

        Continuous: 1/2 E[((D - x)+)²]. Counting: 1/2 E[(D - x)+ (D - x - 1)+].

        >>> float(Demand(Family.NORMAL, 0.0, 1.0).loss_integral(0.3).round(7))
        0.1510301
        """
        return self.excess_moments(x_pieces, 2)[1]

    def second_moment_of_excess(self, x_pieces: npt.ArrayLike) -> Array:
        """E[((D - x)+)²]; for counting families exact at whole x.  [pieces²]

        >>> float(Demand(Family.POISSON, 3.0, 0.0).second_moment_of_excess(0).round(9))  # variance + mean²
        12.0
        """
        first, second = self.excess_moments(x_pieces, 2)
        counting = self.is_counting.reshape(
            self.is_counting.shape + (1,) * (first.ndim - self.is_counting.ndim)
        )
        return 2 * second + np.where(counting, first, 0.0)

    def excess_moments(self, x_pieces: npt.ArrayLike, highest_order: int) -> list[Array]:
        """E[((D - x)+)^m] / m! (continuous) or E[C((D - x)+, m)] (counting) for m = 1..highest_order.
        [pieces^m]

        The sum (integral) of order m over the levels above x is order m + 1 at x, whatever the family.

        >>> [float(m.round(6)) for m in Demand(Family.POISSON, 1.0, 0.0).excess_moments(2, 3)]
        [0.103638, 0.028482, 0.006064]
        """
        x = self._aligned(x_pieces)
        answers = [np.empty(x.shape) for _ in range(highest_order)]
        for family, rows in self._groups():
            level, mean, sd = self._of(rows, x)
            if family in COUNTING_FAMILIES:
                ladder = _counting_ladder(level, mean, _overdispersion(family, mean, sd), highest_order)
            else:
                ladder = _CONTINUOUS[family](level, mean, sd, highest_order)[1:]
            for answer, rung in zip(answers, ladder, strict=True):
                answer[rows] = rung
        return answers

    def _aligned(self, x_pieces: npt.ArrayLike) -> Array:
        """The levels above the certain part, items first, in the shape of the answer."""
        x = np.asarray(x_pieces, float)
        shape = self.family.shape
        if shape and x.ndim >= 1 and x.shape[0] == 1 != shape[0]:
            x = np.broadcast_to(x, shape + x.shape[1:])
        elif x.ndim < len(shape):
            x = np.broadcast_to(x, shape)
        return x - self.certain_pieces.reshape(shape + (1,) * (x.ndim - len(shape)))

    def _groups(self) -> list[tuple[Family, npt.NDArray[np.bool_] | slice | tuple[()]]]:
        """Each family present with the items that follow it; no copy where all follow one."""
        present = np.unique(self.family)
        if present.size == 1:
            return [(Family(int(present[0])), slice(None) if self.family.ndim else ())]
        return [(Family(int(code)), self.family == code) for code in present]

    def _of(self, rows: npt.NDArray[np.bool_] | slice | tuple[()], x: Array) -> tuple[Array, Array, Array]:
        """Levels, means and deviations of some items, the last two with axes added to meet the levels."""
        level = x if isinstance(rows, tuple) else x[rows]
        axes = (1,) * (x.ndim - self.family.ndim)
        mean = (self.mean_pieces - self.certain_pieces)[rows]
        sd = self.sd_pieces[rows]
        return level, mean.reshape(mean.shape + axes), sd.reshape(sd.shape + axes)


_CONTINUOUS = {Family.NORMAL: normal_excess, Family.GAMMA: gamma_excess}


def _overdispersion(family: Family, mean: Array, sd: Array) -> Array:
    """variance / mean - 1, zero for a Poisson.  [-]"""
    if family is Family.POISSON:
        return np.zeros_like(mean)
    return np.maximum(sd * sd / np.maximum(mean, 1e-300) - 1, 0.0) * (mean > 0)


def _counting_ladder(x: Array, mean: Array, over: Array, highest_order: int) -> list[Array]:
    """Orders 1..m at real x: a straight line between the whole levels below and above."""
    n = np.floor(x)
    point, ladder = counting_excess(n, mean, over, highest_order)
    part = x - n
    if not np.any(part):
        return ladder[1:]
    above = ladder[0] - point
    between = []
    for rung in ladder[1:]:
        between.append(rung - part * above)
        above = rung - above
    return between

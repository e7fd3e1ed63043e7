"""Compound Poisson demand of many items, from their order sizes: tabulated when asked, a few at a time.

Lines come at random; where history varies more from day to day than that, they come in bursts: bursts at
random, a logarithmic number of lines in each, so that the lines of a day are negative binomial with

    kappa = variance / mean of the lines of a day = 1 + (s_d² - lambda E[x²]) / (lambda E[x]²).

With phi the transform of an order size, psi = lambda ln(1 + (kappa - 1)(1 - phi)) / (kappa - 1), and
lambda (1 - phi) for kappa = 1, the transform of the demand over a time L is exp(-L psi), and over a gamma
lead time (1 + s_L²/L psi)^(-L²/s_L²). Variances grow with time as tau s_d² + d² s_L² (formulation, section
3). A burst arrives as one: what is short of it is counted with what its other lines took. With kappa = 1 it
is a line.

Where sizes are large, levels lie h pieces apart: a size between two levels is shared between them so that its
mean stays. That adds at most h²/4 to the variance of a line and makes shortages no smaller; h is chosen so
that this is at most 1 % of the variance of demand (`lattice_of`).

Sources: Axsäter, Inventory Control (2015), 5.1.4 (logarithmic compounding is negative binomial), 5.3;
Zipkin (2000), 6.4 and 7.4; sharing sizes: Gerber, Insurance: Mathematics and Economics 1 (1982) 13-18.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.by_item import DemandByItem
from servicepolicy_optimizer.inventory.excess import Array, Mask, Whole
from servicepolicy_optimizer.inventory.level_table import LevelTable
from servicepolicy_optimizer.inventory.order_sizes import OrderSizes
from servicepolicy_optimizer.inventory.shortage_law import ShortageLaw
from servicepolicy_optimizer.inventory.transforms import (
    CERTAIN_WITHIN,
    day_and_burst,
    exponential,
    over_time,
)

FEWEST_LEVELS, MOST_LEVELS = 128, 4096
MOST_ADDED_VARIANCE = 0.01


@dataclass(frozen=True)
class CompoundDemand:
    """Demand of N items over a lead time and, if asked, a review period or one burst more.

    sizes            lines a day by size
    lines_variation  kappa: variance / mean of the lines of a day, 1 or more, (N,)
    lead_time_mean_days, lead_time_sd_days   L and s_L, (N,)
    more_days        constant time added, (N,)
    one_burst_more   whether one burst is added
    step_pieces      h, whole, (N,)
    levels           levels of the table, (N,)

    >>> one = OrderSizes.of_entries(1, [0], [1.0], [0.5])
    >>> law = compound_demand(one, np.ones(1), np.array([4.0]), np.zeros(1))
    >>> law.survival([0]).round(6).tolist(), law.loss([0.0]).round(9).tolist()  # Poisson, mean 2
    ([0.864665], [2.0])
    """

    sizes: OrderSizes
    lines_variation: Array
    lead_time_mean_days: Array
    lead_time_sd_days: Array
    more_days: Array
    one_burst_more: bool
    step_pieces: Array
    levels: Whole

    @property
    def mean_pieces(self) -> Array:
        """E[D], (N,)."""
        rate = self.sizes.lines * self.sizes.moment(1)
        mean = rate * (self.lead_time_mean_days + self.more_days)
        return mean + burst_moments(self.sizes, self.lines_variation)[0] if self.one_burst_more else mean

    @property
    def sd_pieces(self) -> Array:
        """Standard deviation of D, (N,)."""
        lines, first, second = self.sizes.lines, self.sizes.moment(1), self.sizes.moment(2)
        daily = lines * (second + (self.lines_variation - 1) * first**2)
        variance = (self.lead_time_mean_days + self.more_days) * daily
        variance = variance + (lines * first * self.lead_time_sd_days) ** 2
        if self.one_burst_more:
            mean, square = burst_moments(self.sizes, self.lines_variation)
            variance = variance + np.maximum(square - mean**2, 0.0)
        return np.asarray(np.sqrt(variance))

    @property
    def is_counting(self) -> Mask:
        """True for every item, (N,)."""
        return np.ones(self.levels.size, dtype=bool)

    @property
    def table_levels(self) -> Whole:
        """Levels that a table of each item takes, (N,)."""
        return self.levels

    def of(self, items: Whole) -> CompoundDemand:
        """The demand of some of the items, by their places."""
        per_item = ("lines_variation", "lead_time_mean_days", "lead_time_sd_days", "more_days", "step_pieces")
        picked = {name: getattr(self, name)[items] for name in per_item}
        return replace(self, sizes=self.sizes.of(items), levels=self.levels[items], **picked)

    def tabulated_with(self, longer: ShortageLaw) -> tuple[ShortageLaw, ShortageLaw]:
        """This demand and a longer one of the same items, both added up."""
        if isinstance(longer, CompoundDemand) and self._same_lines(longer):
            return tabulated_together(self, longer)
        return self.tabulated(), longer.tabulated()

    def tabulated(self) -> ShortageLaw:
        """The same demand added up: takes `table_levels` numbers an item, and answers at once."""
        widths = np.unique(self.levels)
        groups = [np.flatnonzero(self.levels == width) for width in widths]
        tables = [self.of(rows)._together(int(width))[0] for rows, width in zip(groups, widths, strict=True)]
        return tables[0] if len(tables) == 1 else DemandByItem.of_groups(groups, tables)

    def _same_lines(self, other: CompoundDemand) -> bool:
        """Whether the other is of the same lines on the same levels."""
        mine = (self.sizes.start, self.sizes.pieces, self.sizes.lines_per_day, self.step_pieces, self.levels)
        his = (other.sizes.start, other.sizes.pieces, other.sizes.lines_per_day)
        return all(map(np.array_equal, mine, (*his, other.step_pieces, other.levels)))

    def survival(self, x_pieces: npt.ArrayLike) -> Array:
        """P(D > x).  [-]"""
        return self.tabulated().survival(x_pieces)

    def loss(self, x_pieces: npt.ArrayLike) -> Array:
        """G(x) = E[(D - x)+].  [pieces]"""
        return self.excess_moments(x_pieces, 1)[0]

    def excess_moments(self, x_pieces: npt.ArrayLike, highest_order: int) -> list[Array]:
        """As `LevelTable.excess_moments`."""
        return self.tabulated().excess_moments(x_pieces, highest_order)

    def _together(self, levels: int, *others: CompoundDemand) -> list[LevelTable]:
        """Tables of this demand and of others of the same lines: sizes are transformed once for all."""
        phi = np.fft.rfft(self.sizes.on_lattice(self.step_pieces, levels))
        psi, burst = day_and_burst(phi, self.sizes.lines, self.lines_variation)
        lead = over_time(psi, self.lead_time_mean_days, self.lead_time_sd_days, np.zeros(len(psi)))
        tables = []
        for one in (self, *others):
            longer = lead
            if one.more_days.any():
                # In place: of a factor without a name numpy decides by its size which comes first.
                longer = exponential(-one.more_days[:, None] * psi)
                longer *= lead
            chance = np.fft.irfft(longer * burst if one.one_burst_more else longer, levels)
            np.maximum(chance, 0.0, out=chance)
            chance /= chance.sum(axis=1, keepdims=True)
            tables.append(LevelTable.adding_up(chance, self.step_pieces, one.mean_pieces))
        return tables


def tabulated_together(lead: CompoundDemand, exposed: CompoundDemand) -> tuple[ShortageLaw, ShortageLaw]:
    """Both tables of the same items, in half the time that they take apart."""
    widths = np.unique(lead.levels)
    groups = [np.flatnonzero(lead.levels == width) for width in widths]
    pairs = [
        lead.of(rows)._together(int(width), exposed.of(rows))
        for rows, width in zip(groups, widths, strict=True)
    ]
    if len(pairs) == 1:
        return pairs[0][0], pairs[0][1]
    first, second = zip(*pairs, strict=True)
    return DemandByItem.of_groups(groups, first), DemandByItem.of_groups(groups, second)


def compound_demand(
    sizes: OrderSizes,
    lines_variation: Array,
    lead_time_mean_days: Array,
    lead_time_sd_days: Array,
    *,
    more_days: Array | None = None,
    one_burst_more: bool = False,
) -> CompoundDemand:
    """The demand of N items, on levels that `lattice_of` gives."""
    more = np.zeros(lines_variation.shape) if more_days is None else more_days
    bare = CompoundDemand(
        sizes, lines_variation, lead_time_mean_days, lead_time_sd_days, more, one_burst_more,
        np.ones(lines_variation.shape), np.full(lines_variation.shape, FEWEST_LEVELS),
    )  # fmt: skip
    step, levels, _ = lattice_of(bare)
    return replace(bare, step_pieces=step, levels=levels)


def lattice_of(demand: CompoundDemand) -> tuple[Array, Whole, Mask]:
    """Distance of levels h (N,), their number (N,), and whether they keep the bound (N,).

    The levels reach to mean + 8 sd + 12 variance / mean and twice the largest size, beyond which nothing of
    weight lies. h²/4 is at most 1 % of E[x²], so of the variance of demand over a time; a line that comes for
    certain adds up to 1 % of E[x²] more. A distance of one piece is exact. The number is the least power of
    two that will do, from 128 to 4,096; beyond that so many lines are asked for that two moments describe
    their sum.

    >>> few = OrderSizes.of_entries(1, [0, 0], [30.0, 70.0], [0.01, 0.01])
    >>> [part.tolist() for part in lattice_of(compound_demand(few, np.ones(1), np.array([9.0]), np.zeros(1)))]
    [[9.0], [128], [True]]
    """
    mean, sd = demand.mean_pieces, demand.sd_pieces
    lump = np.divide(sd**2, mean, out=np.zeros_like(sd), where=mean > 0)
    top = np.maximum(mean + 8 * sd + 12 * lump + 2 * demand.sizes.largest_pieces, 1.0)
    widest = np.maximum(np.floor(2 * np.sqrt(MOST_ADDED_VARIANCE * demand.sizes.moment(2))), 1.0)
    needed = np.ceil(np.log2(np.ceil(top / widest) + 1))
    levels = 2 ** np.clip(needed, np.log2(FEWEST_LEVELS), np.log2(MOST_LEVELS)).astype(np.intp)
    step = np.ceil(top / (levels - 1))
    return step, levels, step <= widest


def burst_moments(sizes: OrderSizes, lines_variation: Array) -> tuple[Array, Array]:
    """E[B] and E[B²] of the pieces of a burst: n E[x] and n (E[x²] + (kappa - 1) E[x]²), n = (kappa - 1) / ln
    kappa.  [pieces, pieces²]

    >>> one = OrderSizes.of_entries(1, [0], [2.0], [1.0])
    >>> [part.tolist() for part in burst_moments(one, np.array([1.0]))]
    [[2.0], [4.0]]
    """
    first, second = sizes.moment(1), sizes.moment(2)
    lines = lines_in_burst(lines_variation)
    return lines * first, lines * (second + (lines_variation - 1) * first**2)


def lines_in_burst(lines_variation: Array) -> Array:
    """(kappa - 1) / ln kappa: mean of a logarithmic number, 1 for kappa = 1.  [-]

    >>> lines_in_burst(np.array([1.0, np.e])).round(6).tolist()
    [1.0, 1.718282]
    """
    over = lines_variation - 1
    many = over > CERTAIN_WITHIN
    return np.where(many, np.where(many, over, 1.0) / np.log1p(np.where(many, over, 1.0)), 1.0)

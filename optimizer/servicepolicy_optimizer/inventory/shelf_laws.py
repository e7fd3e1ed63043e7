"""Which law describes an item's demand on a shelf, and why: chosen from its data, or as asked.

- `compound`: the order sizes are known; exact for lines (or bursts of lines) at random, on levels that keep
  the bound of `compound_demand`. Taken wherever it can be: the two-moment laws below were off by up to 0.06
  of fill rate for lumpy items.
- `poisson`, `negative_binomial`, `gamma`, `normal`: two moments, by `choose_family`, where sizes are not
  known or so many lines are asked for that the table would not keep its bound.

Where a day's demand varies more than lines at random would make it, lines come in bursts (`compound_demand`),
also for the two-moment laws: the burst takes the place of the line.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.by_item import DemandByItem
from servicepolicy_optimizer.inventory.compound_demand import (
    CompoundDemand,
    burst_moments,
    compound_demand,
    lattice_of,
)
from servicepolicy_optimizer.inventory.demand import (
    Codes,
    Family,
    choose_family,
)
from servicepolicy_optimizer.inventory.excess import Array, Mask
from servicepolicy_optimizer.inventory.order_sizes import OrderSizes
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, shelf_demand
from servicepolicy_optimizer.inventory.shortage_law import ShortageLaw


class Law(IntEnum):
    """How an item's demand is described; the first four are `Family`'s."""

    NORMAL = Family.NORMAL
    GAMMA = Family.GAMMA
    POISSON = Family.POISSON
    NEGATIVE_BINOMIAL = Family.NEGATIVE_BINOMIAL
    COMPOUND = 4


AUTO = -1
"""The code of 'chosen from the data'."""


class Reason(IntEnum):
    """Why a law was taken."""

    ASKED = 0
    LINES_AT_RANDOM = 1
    BURSTS = 2
    TOO_MANY_LINES = 3
    NO_SIZES = 4


WORDS = {
    Reason.ASKED: "asked for in the scenario",
    Reason.LINES_AT_RANDOM: "order sizes are known; lines come at random",
    Reason.BURSTS: "order sizes are known; demand varies more than lines at random, so lines come in bursts",
    Reason.TOO_MANY_LINES: "two moments: so many lines that their sum is smooth",
    Reason.NO_SIZES: "two moments: order sizes are not known",
}


class ShelfFigures(NamedTuple):
    """What is known of the N items of a shelf; arrays (N,)."""

    pieces_per_day: Array
    variance_pieces2_per_day: Array
    """s_d²."""
    lines_per_day: Array
    order_size_second_moment_pieces2: Array
    """E[x²]."""
    sizes: OrderSizes
    """Empty for items whose sizes are not known."""
    lead_time_mean_days: float
    lead_time_sd_days: float
    review_days: float

    def of(self, places: npt.NDArray[np.intp]) -> ShelfFigures:
        """Of some of the items."""
        arrays = ("pieces_per_day", "variance_pieces2_per_day", "lines_per_day")
        picked = {name: getattr(self, name)[places] for name in (*arrays, "order_size_second_moment_pieces2")}
        return self._replace(sizes=self.sizes.of(places), **picked)


class LawfulDemand(NamedTuple):
    """The demand of a shelf with the law of each item."""

    demand: ShelfDemand
    law: Codes
    """(N,) codes of `Law`."""
    reason: Codes
    """(N,) codes of `Reason`."""
    figures: ShelfFigures
    """What it was made of."""

    def with_lead_time(self, mean_days: float, sd_days: float) -> LawfulDemand:
        """The same items, each by the same law, over another lead time."""
        figures = self.figures._replace(lead_time_mean_days=mean_days, lead_time_sd_days=sd_days)
        return lawful_demand(figures, self.law)

    def of(self, places: npt.NDArray[np.intp]) -> LawfulDemand:
        """Of some of the items, by their places."""
        return LawfulDemand(
            self.demand.of(places), self.law[places], self.reason[places], self.figures.of(places)
        )


def lawful_demand(figures: ShelfFigures, asked: npt.ArrayLike = AUTO) -> LawfulDemand:
    """Demand over the protection interval, each item by the law that is safe for it, or by the one asked for.

    asked: a code of `Law` or `AUTO`, one for all or (N,). An item whose sizes are not known cannot follow
    `compound`; it follows the two-moment law chosen for it.

    >>> sizes = OrderSizes.of_entries(2, [0, 0], [1.0, 10.0], [0.3, 0.1])
    >>> rate = np.array([1.3, 1.3])
    >>> figures = ShelfFigures(rate, np.array([10.3, 1.3]), np.array([0.4, 1.3]), np.array([25.75, 1.0]),
    ...                        sizes, 5.0, 0.0, 0.0)
    >>> found = lawful_demand(figures)
    >>> [Law(code).name for code in found.law], [Reason(code).name for code in found.reason]
    (['COMPOUND', 'POISSON'], ['LINES_AT_RANDOM', 'NO_SIZES'])
    """
    wanted = np.broadcast_to(np.asarray(asked, np.int64), figures.pieces_per_day.shape)
    variation = lines_variation(figures)
    by_moments, family = _by_moments(figures, variation, wanted)
    known = (figures.sizes.lines > 0) & ((wanted == AUTO) | (wanted == Law.COMPOUND))
    reason = np.where(figures.sizes.lines > 0, Reason.TOO_MANY_LINES, Reason.NO_SIZES)
    reason[(wanted != AUTO) & (wanted != Law.COMPOUND)] = Reason.ASKED
    rows = np.flatnonzero(known)
    if not rows.size:
        return LawfulDemand(by_moments, family, reason.astype(np.int64), figures)
    lead, exposed, within = _compound(figures, variation, rows)
    kept = np.flatnonzero(within | (wanted[rows] == Law.COMPOUND))
    rows = rows[kept]
    law = family.copy()
    law[rows] = Law.COMPOUND
    why = np.where(variation[rows] > 1, Reason.BURSTS, Reason.LINES_AT_RANDOM)
    reason[rows] = np.where(wanted[rows] == AUTO, why, Reason.ASKED)
    if not rows.size:
        return LawfulDemand(by_moments, law, reason.astype(np.int64), figures)
    others = np.flatnonzero(law != Law.COMPOUND)
    increment = np.array(np.broadcast_to(by_moments.increment_mean_pieces, law.shape))
    if not by_moments.periodic:
        increment[rows] = burst_moments(figures.sizes.of(rows), variation[rows])[0]
    demand = ShelfDemand(
        _joined([rows, others], [lead.of(kept), by_moments.lead.of(others)]),
        _joined([rows, others], [exposed.of(kept), by_moments.exposed.of(others)]),
        increment,
        by_moments.periodic,
        by_moments.order_size_of_piece_pieces,
        by_moments.whole_pieces,
    )
    return LawfulDemand(demand, law, reason.astype(np.int64), figures)


def lines_variation(figures: ShelfFigures) -> Array:
    """kappa = max(1, 1 + (s_d² - lambda E[x²]) / (lambda E[x]²)): variance / mean of the lines of a day.  [-]

    A variance below that of lines at random counts as at random, which errs on the safe side.
    """
    lines, pieces = figures.lines_per_day, figures.pieces_per_day
    beyond = figures.variance_pieces2_per_day - lines * figures.order_size_second_moment_pieces2
    squared = np.divide(pieces**2, lines, out=np.zeros_like(pieces), where=lines > 0)
    over = np.divide(beyond, squared, out=np.zeros_like(pieces), where=squared > 0)
    # rounding of a Poisson's own variance is no burst
    return np.where(over > 1e-9, 1 + over, 1.0)


def _by_moments(figures: ShelfFigures, variation: Array, wanted: Codes) -> tuple[ShelfDemand, Codes]:
    """The shelf by two moments, bursts in the place of lines, and the family of each item."""
    lines = np.maximum(figures.lines_per_day, 1e-300)
    first = figures.pieces_per_day / lines
    second = figures.order_size_second_moment_pieces2
    in_burst = np.where(variation > 1, (variation - 1) / np.log(np.maximum(variation, 1 + 1e-12)), 1.0)
    lump = np.maximum(second, first**2) / np.maximum(first, 1e-300)
    family = np.where(np.isin(wanted, tuple(Family)), wanted, _chosen(figures, lump))
    demand = shelf_demand(
        figures.pieces_per_day,
        np.sqrt(figures.variance_pieces2_per_day),
        in_burst * first,
        in_burst * (second + (variation - 1) * first**2),
        figures.lead_time_mean_days,
        figures.lead_time_sd_days,
        figures.review_days,
        family,
    )
    shelf = ShelfDemand(
        demand.lead, demand.exposed, demand.increment_mean_pieces, demand.periodic, lump, demand.whole_pieces
    )
    return shelf, family.astype(np.int64)


def _chosen(figures: ShelfFigures, lump_pieces: Array) -> Codes:
    """`choose_family` for the demand over the protection interval."""
    days = figures.lead_time_mean_days + figures.review_days
    spread = (figures.pieces_per_day * figures.lead_time_sd_days) ** 2
    sd = np.sqrt(days * figures.variance_pieces2_per_day + spread)
    return choose_family(figures.pieces_per_day * days, sd, lump_pieces)


def _compound(
    figures: ShelfFigures, variation: Array, rows: npt.NDArray[np.intp]
) -> tuple[CompoundDemand, CompoundDemand, Mask]:
    """Lead-time demand and what the shelf is exposed to, on the same levels; where these keep the bound."""
    sizes, count = figures.sizes.of(rows), rows.size
    mean = np.full(count, float(figures.lead_time_mean_days))
    sd = np.full(count, float(figures.lead_time_sd_days))
    periodic = figures.review_days > 0
    exposed = compound_demand(
        sizes, variation[rows], mean, sd,
        more_days=np.full(count, float(figures.review_days)), one_burst_more=not periodic,
    )  # fmt: skip
    within = lattice_of(exposed)[2]
    lead = CompoundDemand(
        sizes, variation[rows], mean, sd, np.zeros(count), False, exposed.step_pieces, exposed.levels
    )
    return lead, exposed, within


def _joined(groups: list[npt.NDArray[np.intp]], laws: list[ShortageLaw]) -> ShortageLaw:
    """Both groups as one demand; a group of nobody is left out."""
    some = [(group, law) for group, law in zip(groups, laws, strict=True) if group.size]
    if len(some) == 1:
        return some[0][1]
    return DemandByItem.of_groups([group for group, _ in some], [law for _, law in some])

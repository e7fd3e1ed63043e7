"""What a shelf delivers: the unit fill rate, stock on hand and backorders of a reorder point policy.

One formula serves continuous and periodic review, unit and larger order lines:

    beta = 1 - avg_y [ G_{L+X}(y) - G_L(y) ] / E[X]

y is the inventory position just after ordering, uniform on r+1..r+Q (whole pieces) or on [r, r+Q]; with Q =
0 it is r itself (order-up-to). Where a normal or gamma stands for demand in whole pieces, r+1..r+Q becomes
[r + 1/2, r + Q + 1/2] (continuity correction). X is what is asked for while one order's fate is decided: the
order line (continuous review) or the demand of a review period (periodic review). Because the position under
an (r, nQ) policy is uniform whatever the order sizes, no correction for the undershoot is needed.

Sources: Axsäter, Inventory Control (2015), 5.3.2-5.3.4 (uniform position, fill rate by the customer's own
pieces); Broekmeulen & van Donselaar, the (R, s, nQ) fill rate 1 - (E[B(L+R)] - E[B(L)]) / (mu R); Silver,
Pyke & Thomas, Inventory and Production Management in Supply Chains (2017), ch. 6. Unit orders give the
classical 1 - (G(r) - G(r + Q)) / Q.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.demand import COUNTING_FAMILIES, Codes, Demand, choose_family
from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.shortage_law import ShortageLaw
from servicepolicy_optimizer.inventory.side_by_side import side_by_side

TABLED_AT_ONCE = 1 << 18
"""Levels of tables that are held at once: 2 MB a table of doubles."""
ROW_OF_FORMULAS = 1 << 7
"""Counts for an item that needs no table: its ladder and what is computed of it stay in the cache."""


@dataclass(frozen=True)
class ShelfDemand:
    """The demand a shelf must outlast, for N items.

    lead                        demand over the lead time L
    exposed                     demand over L plus the increment X
    increment_mean_pieces       E[X]: mean order line (continuous review) or mean demand of a review period
                                (N,)
    periodic                    True for periodic review
    order_size_of_piece_pieces  E[x²]/E[x] of an order line: the mean size of the line a random piece comes
                                in (N,)
    whole_pieces                True where stock moves in whole pieces though the family is continuous
    """

    lead: ShortageLaw
    exposed: ShortageLaw
    increment_mean_pieces: Array
    periodic: bool
    order_size_of_piece_pieces: Array = field(default_factory=lambda: np.ones(()))
    whole_pieces: bool = False

    def of(self, items: npt.NDArray[np.intp]) -> ShelfDemand:
        """The shelf demand of some of the items, by their places."""
        count = self.lead.is_counting.shape
        return replace(
            self,
            lead=self.lead.of(items),
            exposed=self.exposed.of(items),
            increment_mean_pieces=np.broadcast_to(self.increment_mean_pieces, count)[items],
            order_size_of_piece_pieces=np.broadcast_to(self.order_size_of_piece_pieces, count)[items],
        )

    def tabulated(self) -> ShelfDemand:
        """The same demand with its tables made, quick to ask often; see `parts` for how many at once."""
        lead, exposed = self.lead.tabulated_with(self.exposed)
        return replace(self, lead=lead, exposed=exposed)

    def parts(self) -> list[npt.NDArray[np.intp]]:
        """The items in lots that fit into a bounded memory, those together that are computed alike.

        >>> one = shelf_demand([2.0, 1.0], 1.0, 1, 1, 2, 0)
        >>> [lot.tolist() for lot in one.parts()]
        [[1, 0]]
        """
        levels = np.atleast_1d(self.exposed.table_levels)
        kind, mean = np.atleast_1d(self.exposed.is_counting), np.atleast_1d(self.exposed.mean_pieces)
        order = np.lexsort((mean, kind, levels))
        lot = np.cumsum(np.maximum(levels, ROW_OF_FORMULAS)[order]) // TABLED_AT_ONCE
        return np.split(order, np.flatnonzero(np.diff(lot)) + 1)

    def level_for_law(
        self, reorder_point_pieces: npt.ArrayLike, order_quantity_pieces: npt.ArrayLike
    ) -> Array:
        """The reorder points as the families see them: half a piece higher for continuous families of whole
        pieces.
        """
        r, moving = _positions(self.lead, reorder_point_pieces, order_quantity_pieces)
        if not self.whole_pieces:
            return r
        return r + np.where(_meeting(~self.lead.is_counting, r) * (moving > 0), 0.5, 0.0)


class Performance(NamedTuple):
    """What a policy delivers; every array in the shape of the reorder points."""

    unit_fill_rate: Array
    on_hand_pieces: Array
    backorders_pieces: Array


def shelf_demand(
    mean_per_day: npt.ArrayLike,
    sd_per_day: npt.ArrayLike,
    order_size_mean_pieces: npt.ArrayLike,
    order_size_second_moment_pieces2: npt.ArrayLike,
    lead_time_mean_days: npt.ArrayLike,
    lead_time_sd_days: npt.ArrayLike,
    review_days: npt.ArrayLike = 0.0,
    family: npt.ArrayLike | None = None,
    *,
    whole_pieces: bool = True,
) -> ShelfDemand:
    """Demand over the protection interval from daily figures; shapes (N,) or ().

    mean_per_day                     d    pieces a day
    sd_per_day                       s_d  deviation of one day's demand, pieces (grows with the root of time)
    order_size_mean_pieces           E[x] pieces of an order line, at least 1 for items counted in pieces
    order_size_second_moment_pieces2 E[x²]
    lead_time_mean_days, _sd_days    L and s_L
    review_days                      R; 0 is continuous review, and R must be 0 for all items or for none
    family                           one family for all, or one an item; by default `choose_family` decides
    whole_pieces                     False for goods measured, not counted (or for textbook continuous review)

    Mean over an interval tau: d tau; variance: tau s_d² + d² s_L² (formulation, section 3). Raises
    ValueError where continuous and periodic review are mixed.

    >>> units = shelf_demand(1.5, 1.5 ** 0.5, 1, 1, 3, 0, 1)  # Poisson, base stock 9, review 1 day
    >>> round(float(pooled_performance(units, 9, 0).unit_fill_rate), 4)
    0.9107
    """
    rate, daily_sd, size, size2, lead_days, lead_sd, review = (
        np.asarray(value, float)
        for value in (
            mean_per_day,
            sd_per_day,
            order_size_mean_pieces,
            order_size_second_moment_pieces2,
            lead_time_mean_days,
            lead_time_sd_days,
            review_days,
        )
    )
    if np.any(review > 0) and not np.all(review > 0):
        raise ValueError(
            "review_days: some items have 0 and some more; a shelf is reviewed continuously or periodically; "
            "ask for the two groups apart"
        )
    periodic = bool(np.all(review > 0))
    lead_mean = rate * lead_days
    lead_variance = lead_days * daily_sd**2 + (rate * lead_sd) ** 2
    lump = np.maximum(size2, size * size) / np.maximum(size, 1e-300)
    if periodic:
        whole = (lead_mean + rate * review, np.sqrt(lead_variance + review * daily_sd**2))
        codes = choose_family(*whole, lump) if family is None else np.asarray(family, np.int64)
        exposed = Demand(codes, *whole)
    else:
        codes = (
            choose_family(lead_mean, np.sqrt(lead_variance), lump)
            if family is None
            else np.asarray(family, int)
        )
        exposed = _lead_demand_and_one_order(codes, lead_mean, lead_variance, size, size2)
    lead = Demand(codes, lead_mean, np.sqrt(lead_variance))
    return ShelfDemand(lead, exposed, rate * review if periodic else size, periodic, lump, whole_pieces)


def pooled_performance(
    demand: ShelfDemand, reorder_point_pieces: npt.ArrayLike, order_quantity_pieces: npt.ArrayLike
) -> Performance:
    """Unit fill rate, mean stock on hand and mean backorders when every customer draws from one shelf.

    reorder_point_pieces   r, shape (N,), (N, M) or (); with order quantity 0 the order-up-to level
    order_quantity_pieces  Q, shape (N,) or ()

    On hand: avg_y (y - mu_L + G_L(y)); under periodic review the mean of its values just after a receipt and
    just before the next one (Silver, Pyke & Thomas 2017, 6.9). An item without demand fills everything.

    >>> shelf = shelf_demand(14 / 365, (14 / 365) ** 0.5, 1, 1, 45, 0)  # Hopp & Spearman
    >>> [round(float(value), 3) for value in pooled_performance(shelf, 2, 4)]
    [0.903, 2.823, 0.049]
    """
    q = np.asarray(order_quantity_pieces, float)
    r = np.asarray(reorder_point_pieces, float)
    items = demand.lead.is_counting.shape
    lots = demand.parts() if items else []
    if len(lots) < 2:
        return _performance(demand.tabulated(), r, q)
    r = np.broadcast_to(r, (*items, *r.shape[1:]))
    q = np.broadcast_to(q, items)
    whole = Performance(np.empty(r.shape), np.empty(r.shape), np.empty(r.shape))

    def of_lot(lot: npt.NDArray[np.intp]) -> None:
        got = _performance(demand.of(lot).tabulated(), r[lot], q[lot])
        for answer, part in zip(whole, got, strict=True):
            answer[lot] = part

    for _ in side_by_side(of_lot, lots):
        pass
    return whole


def _performance(demand: ShelfDemand, reorder_point_pieces: Array, q: Array) -> Performance:
    """`pooled_performance` of demand whose tables are made."""
    r = demand.level_for_law(reorder_point_pieces, q)
    lead = position_average(demand.lead, r, q, 1)[0]
    exposed = position_average(demand.exposed, r, q, 1)[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        short_share = (exposed - lead) / _meeting(demand.increment_mean_pieces, lead)
    fill = np.where(np.isfinite(short_share), 1 - np.clip(short_share, 0.0, 1.0), 1.0)
    net = mean_position(demand.lead, r, q) - _meeting(demand.lead.mean_pieces, lead)
    if not demand.periodic:
        return Performance(fill, net + lead, lead)
    net = net - _meeting(demand.exposed.mean_pieces - demand.lead.mean_pieces, lead) / 2
    backorders = (lead + exposed) / 2
    return Performance(fill, net + backorders, backorders)


def position_average(
    law: ShortageLaw, reorder_point_pieces: Array, order_quantity_pieces: Array, highest_order: int
) -> list[Array]:
    """avg_y of the excess moments 1..m over the inventory positions y of an (r, nQ) policy.  [pieces^m]

    Sums over whole levels and integrals alike telescope: the average of order m is the difference of order m
    + 1 at r and at r + Q, over Q. Where Q = 0, y is r.

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> law = Demand(Family.POISSON, 2.0, 0.0)
    >>> by_hand = (law.loss(4) + law.loss(5) + law.loss(6)) / 3
    >>> abs(float(position_average(law, np.array(3.0), np.array(3.0), 1)[0] - by_hand)) < 1e-15
    True
    """
    return stockout_and_averages(law, reorder_point_pieces, order_quantity_pieces, highest_order)[1:]


def stockout_and_averages(
    law: ShortageLaw, reorder_point_pieces: Array, order_quantity_pieces: Array, highest_order: int
) -> list[Array]:
    """`position_stockout` and the averages of orders 1..m of `position_average`, in one evaluation.

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> law, r, q = Demand(Family.POISSON, 2.0, 0.0), np.array(3.0), np.array(2.0)
    >>> stockout, average = stockout_and_averages(law, r, q, 1)
    >>> stockout == position_stockout(law, r, q), average == position_average(law, r, q, 1)[0]
    (np.True_, np.True_)
    """
    r, moving = _positions(law, reorder_point_pieces, order_quantity_pieces)
    at_r = law.excess_moments(r, highest_order + 1)
    above = law.excess_moments(r + moving, highest_order + 1)
    still = moving <= 0
    one_below = r - _meeting(np.where(law.is_counting, 1.0, 0.0), r)
    unmoved = [law.survival(one_below) if still.any() else at_r[0], *at_r]
    safe = np.where(still, 1.0, moving)
    return [np.where(still, unmoved[m], (at_r[m] - above[m]) / safe) for m in range(highest_order + 1)]


def position_stockout(law: ShortageLaw, reorder_point_pieces: Array, order_quantity_pieces: Array) -> Array:
    """avg_y of P(D >= y): the chance that nothing is on the shelf at a random moment.  [-]

    >>> from servicepolicy_optimizer.inventory.demand import Family
    >>> law = Demand(Family.POISSON, 2.0, 0.0)
    >>> by_hand = (law.survival(3) + law.survival(4)) / 2
    >>> abs(float(position_stockout(law, np.array(3.0), np.array(2.0)) - by_hand)) < 1e-15
    True
    """
    return stockout_and_averages(law, reorder_point_pieces, order_quantity_pieces, 0)[0]


def _positions(
    law: ShortageLaw, reorder_point_pieces: npt.ArrayLike, order_quantity_pieces: npt.ArrayLike
) -> tuple[Array, Array]:
    """Reorder points, at least one an item, and order quantities with axes added to meet them."""
    r, q = np.asarray(reorder_point_pieces, float), np.asarray(order_quantity_pieces, float)
    items = np.broadcast_shapes(law.is_counting.shape, q.shape)
    if r.ndim < len(items):
        r = np.broadcast_to(r, items)
    return r, np.reshape(np.broadcast_to(q, items), items + (1,) * (r.ndim - len(items)))


def mean_position(law: ShortageLaw, reorder_point_pieces: Array, order_quantity_pieces: Array) -> Array:
    """E[y]: r + (Q + 1)/2 for whole pieces, r + Q/2 for continuous demand, r where Q = 0.  [pieces]"""
    q = np.asarray(order_quantity_pieces, float)
    half = np.where(law.is_counting & (q > 0), (q + 1) / 2, q / 2)
    return reorder_point_pieces + _meeting(half, np.asarray(reorder_point_pieces))


def order_cycle_pieces(demand: ShelfDemand, order_quantity_pieces: Array) -> Array:
    """Mean stock on hand above the safety stock: half an order, and half of a review period's demand.

    (n,)
    """
    level = demand.level_for_law(np.zeros(order_quantity_pieces.shape), order_quantity_pieces)
    order = mean_position(demand.lead, level, order_quantity_pieces)
    if demand.periodic:
        order = order + (demand.exposed.mean_pieces - demand.lead.mean_pieces) / 2.0
    return order


def lost_sales_fill_rate(backorder_fill_rate: npt.ArrayLike) -> Array:
    """Fill rate when what is short is lost: Q / (Q + ESC) from 1 - ESC / Q, that is 1 / (2 - beta).  [-]

    One order outstanding (Silver, Pyke & Thomas 2017, 6.7.3): a cycle sells Q and loses ESC more.

    >>> round(float(lost_sales_fill_rate(1 - 100 / 900)), 6)
    0.9
    """
    return 1.0 / (2.0 - np.asarray(backorder_fill_rate, float))


def _lead_demand_and_one_order(
    family: Codes, lead_mean: Array, lead_variance: Array, size: Array, size2: Array
) -> Demand:
    """Lead-time demand and one order line: means and variances add; part of the line is certain.

    Counting families: the certain part is what every line surely has, floor(E[x] - sd[x]), at least one
    piece. Continuous families: chosen so that the third cumulant is that of the sum, the line being a
    certain part and a gamma of mean min(E[x], sd[x]); a constant line is then exact.
    """
    size_variance = np.maximum(size2 - size * size, 0.0)
    size_sd = np.sqrt(size_variance)
    variance = lead_variance + size_variance
    third = _over(lead_variance**2, lead_mean) + _over(size_variance**2, np.minimum(size, size_sd))
    smooth = np.where(third > 0, lead_mean + size - _over(variance**2, third), size)
    counted = np.minimum(np.maximum(np.floor(size - size_sd + 1e-9), 1.0), size)
    certain = np.where(np.isin(family, COUNTING_FAMILIES), counted, np.clip(smooth, 0.0, size))
    return Demand(family, lead_mean + size, np.sqrt(variance), certain)


def _over(numerator: Array, denominator: Array) -> Array:
    """numerator / denominator, zero where the denominator is zero."""
    return np.divide(
        numerator,
        denominator,
        out=np.zeros(np.broadcast(numerator, denominator).shape),
        where=np.broadcast_to(denominator > 0, np.broadcast(numerator, denominator).shape),
    )


def _meeting(per_item: npt.ArrayLike, answer: Array) -> Array:
    """A value an item, with axes added to meet an answer of shape (N, M)."""
    value = np.asarray(per_item, float)
    return value.reshape(value.shape + (1,) * max(answer.ndim - value.ndim, 0))

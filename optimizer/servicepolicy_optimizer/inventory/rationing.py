"""One shelf with reserve levels: what each customer class gets when class k is served only above its
critical level.

Serial-stage equivalence (Arslan, Graves & Roemer, "A single-product inventory model for multiple demand
classes", Management Science 53, 2007; critical levels after Deshpande, Cohen & Donohue 2003 and Dekker,
Hill, Kleijn & Teunter 2002). Class 0 is the best. The stage of the worst class K-1 holds all demand against
y - c_{K-1}; a customer whose piece it cannot cover looks to the next stage, which holds c_{K-1} - c_{K-2}
pieces against the better classes' part of that backlog; and so on down to class 0. Backlog is cleared first
come, first served within a stage (threshold clearing): the worst class is exact, and better classes do at
least as well under priority clearing.

How it is computed. For a random piece, let Z be the demand ahead of it: lead-time demand and the pieces
before it in its own order line. The piece is short at the first stage when Z >= y, with W = Z - y pieces of
backlog ahead. The chance and the first two moments of W are exact (excess moments two orders up). W given
short is fitted by a negative binomial (counting demand: its binomial thinning is exact) or a gamma, thinned
to the better classes' share, and set against the next stage's stock; the piece is short there when the
thinned W reaches that stock.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array, Mask, counting_excess, gamma_excess
from servicepolicy_optimizer.inventory.shelf import (
    ShelfDemand,
    ShortageLaw,
    mean_position,
    position_average,
    position_stockout,
)

# Below this chance the moments of the backlog are rounding noise, and so is what a better class could lose.
NEGLIGIBLE_CHANCE = 1e-11


class RationedPerformance(NamedTuple):
    """What a rationed shelf delivers."""

    unit_fill_rate: Array
    """Share of each class's pieces delivered from stock, (N, M, K)."""
    on_hand_pieces: Array
    """Mean stock on hand, (N, M)."""
    backorders_pieces: Array
    """Mean backorders of each class, (N, M, K)."""


class Backlog(NamedTuple):
    """A stage as a customer finds it, (N, M): is it short, and how much backlog is ahead if so."""

    chance: Array
    """P(short)."""
    mean_pieces: Array
    """E[W | short]."""
    variance_pieces2: Array
    """Var[W | short]."""
    own_share: Array
    """Share of W that is pieces of the customer's own order: never thinned out."""


def rationed_performance(
    demand: ShelfDemand,
    class_share: npt.ArrayLike,
    critical_level_pieces: npt.ArrayLike,
    reorder_point_pieces: npt.ArrayLike,
    order_quantity_pieces: npt.ArrayLike,
) -> RationedPerformance:
    """Unit fill rates of K classes, stock on hand and backorders for M candidate policies of N items.

    class_share            share of each class in the item's pieces, (N, K), best class first
    critical_level_pieces  c, (N, M, K): class k is served while stock on hand is above c_k; c_0 = 0, never
                           falling in k; whole numbers for counting demand
    reorder_point_pieces   r, (N, M)
    order_quantity_pieces  Q, (N,); 0 is order-up-to r

    With all levels zero every class gets the pooled fill rate. Raises ValueError where levels fall or start
    above 0.

    >>> from servicepolicy_optimizer.inventory.shelf import shelf_demand
    >>> shelf = shelf_demand([2.0], [2.0 ** 0.5], 1, 1, 2, 0)  # two classes, one piece a day each
    >>> rationed_performance(shelf, [[0.5, 0.5]], [[[0, 2]]], [[7]], [1]).unit_fill_rate.round(3).tolist()
    [[[0.98, 0.785]]]
    """
    share, level = np.asarray(class_share, float), np.asarray(critical_level_pieces, float)
    q = np.asarray(order_quantity_pieces, float)
    r = demand.level_for_law(reorder_point_pieces, q)
    _check_levels(level)
    protected = r - level[..., -1]
    found = _stages(_found_by_a_piece(demand, protected, q), demand, share, level)
    fill = np.stack([1 - stage.chance for stage in found], axis=-1)
    backorders = _backorders(_stages(_standing(demand.lead, protected, q), demand, share, level), share)
    net = mean_position(demand.lead, r, q) - demand.lead.mean_pieces[:, None]
    if demand.periodic:
        at_end = _backorders(_stages(_standing(demand.exposed, protected, q), demand, share, level), share)
        backorders = (backorders + at_end) / 2
        net = net - (demand.exposed.mean_pieces - demand.lead.mean_pieces)[:, None] / 2
    return RationedPerformance(fill, net + backorders.sum(axis=-1), backorders)


def _check_levels(level: Array) -> None:
    """Refuse critical levels that start above zero or fall."""
    findings = []
    if np.any(level[..., 0] != 0):
        findings.append("critical_level_pieces[..., 0]: the best class has no level; set it to 0")
    if np.any(np.diff(level, axis=-1) < 0):
        findings.append(
            "critical_level_pieces: a worse class has a lower level than a better one; sort them upwards"
        )
    if findings:
        raise ValueError("; ".join(findings))


def _found_by_a_piece(demand: ShelfDemand, level: Array, order_quantity: Array) -> Backlog:
    """The first stage as a random piece finds it: W = Z - y with Z the demand ahead of the piece.

    Summing over the pieces of the increment X raises the order by one:
    E[C(Z - y, m); Z >= y] = (E[C((D_{L+X} - y)+, m + 1)] - E[C((D_L - y)+, m + 1)]) / E[X].
    """
    lead = position_average(demand.lead, level, order_quantity, 3)
    exposed = position_average(demand.exposed, level, order_quantity, 3)
    per_piece = demand.increment_mean_pieces[..., None]
    zero, first, second = (
        np.divide(e - a, per_piece, out=np.zeros_like(a), where=per_piece > 0)
        for e, a in zip(exposed, lead, strict=True)
    )
    others = lead[0]
    if demand.periodic:
        # Only the piece's own line is surely its own; the rest of the review period is everybody's demand.
        own_pieces = (demand.order_size_of_piece_pieces[..., None] - 1) / 2
        others = np.maximum(first - zero * own_pieces, 0.0)
    return _fitted(np.clip(zero, 0.0, 1.0), first, second, first - others, demand.lead.is_counting)


def _standing(law: ShortageLaw, level: Array, order_quantity: Array) -> Backlog:
    """The first stage as it stands at a random moment: W = D - y given D >= y."""
    chance = position_stockout(law, level, order_quantity)
    first, second = position_average(law, level, order_quantity, 2)
    return _fitted(chance, first, second, np.zeros_like(first), law.is_counting)


def _fitted(chance: Array, first: Array, second: Array, own: Array, counting: Mask) -> Backlog:
    """Conditional mean and variance from moments over the short part: E[W; short], E[C(W, 2); short] or
    E[W²/2; short].
    """
    some = chance > NEGLIGIBLE_CHANCE
    safe = np.where(some, chance, 1.0)
    mean = np.where(some, np.maximum(first, 0.0) / safe, 0.0)
    square = np.where(some, 2 * second / safe, 0.0) + np.where(counting[:, None], mean, 0.0)
    own_share = np.divide(own, first, out=np.zeros_like(first), where=first > 0)
    return Backlog(chance, mean, np.maximum(square - mean * mean, 0.0), np.clip(own_share, 0.0, 1.0))


def _stages(worst: Backlog, demand: ShelfDemand, share: Array, level: Array) -> list[Backlog]:
    """The backlog of every class's stage, best class first, from the worst class down."""
    upto = np.cumsum(share, axis=-1)
    stages = [worst]
    for better in range(share.shape[-1] - 2, -1, -1):
        part = np.divide(
            upto[:, better], upto[:, better + 1], out=np.zeros(len(upto)), where=upto[:, better + 1] > 0
        )
        thinned = _thinned(stages[-1], part[:, None], demand.order_size_of_piece_pieces[..., None])
        stages.append(
            _against_stock(thinned, level[..., better + 1] - level[..., better], demand.lead.is_counting)
        )
    return stages[::-1]


def _thinned(backlog: Backlog, part: Array, line_pieces: Array) -> Backlog:
    """The better classes' share of a backlog, in whole order lines; the customer's own pieces all stay.

    Mean: s' w with s' = own + (1 - own) s. Variance: s'² v + (1 - own) w s (1 - s) E[x²]/E[x]; with single
    pieces the binomial thinning of a negative binomial, exactly.
    """
    own = backlog.own_share
    kept = own + (1 - own) * part
    mean = kept * backlog.mean_pieces
    lines = (1 - own) * backlog.mean_pieces * part * (1 - part) * line_pieces
    still_own = np.divide(own, kept, out=np.zeros_like(own), where=kept > 0)
    return Backlog(backlog.chance, mean, kept**2 * backlog.variance_pieces2 + lines, still_own)


def _against_stock(ahead: Backlog, stock: Array, counting: Mask) -> Backlog:
    """The next stage: short when the backlog ahead reaches its stock; with no stock nothing changes."""
    asked = (stock > 0) & (ahead.chance > NEGLIGIBLE_CHANCE)
    zero = np.where(asked | (stock <= 0), 1.0, 0.0)
    first, second = ahead.mean_pieces.copy(), np.zeros_like(ahead.mean_pieces)
    for rows, ladder_of in ((counting, _counting_ladder), (~counting, _gamma_ladder)):
        cells = asked & rows[:, None]
        if cells.any():
            ladder = ladder_of(stock[cells], ahead.mean_pieces[cells], ahead.variance_pieces2[cells])
            zero[cells], first[cells], second[cells] = ladder
    fitted = _fitted(zero * ahead.chance, first * ahead.chance, second * ahead.chance, 0 * first, counting)
    fitted = fitted._replace(own_share=ahead.own_share)
    return Backlog(*(np.where(stock > 0, new, old) for new, old in zip(fitted, ahead, strict=True)))


def _counting_ladder(stock: Array, mean: Array, variance: Array) -> list[Array]:
    """S_0, S_1, S_2 of a negative binomial backlog, a Poisson where it is not overdispersed."""
    over = np.maximum(np.divide(variance, mean, out=np.ones_like(mean), where=mean > 0) - 1, 0.0)
    return counting_excess(np.ceil(stock), mean, over, 2)[1]


def _gamma_ladder(stock: Array, mean: Array, variance: Array) -> list[Array]:
    """J_0, J_1, J_2 of a gamma backlog."""
    return gamma_excess(stock, mean, np.sqrt(variance), 2)


def _backorders(stages: list[Backlog], share: Array) -> Array:
    """Mean backorders of each class, (N, M, K): its share of its stage's backlog."""
    upto = np.cumsum(share, axis=-1)
    own = np.divide(share, upto, out=np.zeros_like(share), where=upto > 0)
    own[:, 0] = 1.0
    total = np.stack([stage.chance * stage.mean_pieces for stage in stages], axis=-1)
    return total * own[:, None, :]

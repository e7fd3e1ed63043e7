"""One shelf with reserve levels: what each customer class gets when class k is served only above its
critical level.

Serial-stage equivalence (Arslan, Graves & Roemer, "A single-product inventory model for multiple demand
classes", Management Science 53, 2007; critical levels after Deshpande, Cohen & Donohue 2003 and Dekker,
Hill, Kleijn & Teunter 2002). Class 0 is the best. The stage of the worst class K-1 holds all demand against
y - c_{K-1}; a customer whose piece it cannot cover looks to the next stage, which holds c_{K-1} - c_{K-2}
pieces against the better classes' part of that backlog; and so on down to class 0. Backlog is cleared first
come, first served within a stage (threshold clearing): the worst class is exact, and better classes do at
least as well when backlog is cleared by priority.

How it is computed. Thinning the backlog to the better classes and comparing it with a reserve is the same as
asking how much demand the reserve outlasts (`reserve_life`): to class k the shelf looks like a pooled one
with T_k more pieces on it, T_k random and independent of demand. So

    short_k = E[ short(y - c_{K-1} + T_k) ],    backorders_k = share_k E[ G(y - c_{K-1} + T_k) ]

with the pooled curves of `shelf`. For counting demand with single-piece orders this is exact; larger lines
add the approximation that classes of neighbouring pieces form a chain; continuous demand adds a quadrature.

Measured in fill rate: single pieces against the exact sums 1e-9; normal and gamma against counting 0.003.
Larger lines make it too good for the better classes, for a large line drains the reserve and is short itself:
against shelves played with three classes, random levels and constant lead times by 0.011 at most for lines of
1 to 10 pieces, 0.03 for geometric lines of mean 5, 0.045 for lines of 1, 10 or 40 pieces (0.003 to 0.013 on
average); the worst class is as exact as the pooled shelf. Orders that overtake each other (random lead times
and orders smaller than a lead time's demand) serve all classes better than stated, by up to 0.07: the law of
the lead-time demand takes orders to arrive in turn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.at_hand import compiled
from servicepolicy_optimizer.inventory.excess import Array, Mask, Whole
from servicepolicy_optimizer.inventory.reserve_life import (
    Reserve,
    growing,
    in_steps,
    mean_after_reserve,
    piece_by_piece,
)
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, mean_position
from servicepolicy_optimizer.inventory.shortage_curves import (
    ShortageCurves,
    WholeCurves,
    continuous_curves,
    shortage_at,
    whole_level_curves,
)
from servicepolicy_optimizer.inventory.side_by_side import side_by_side

CELLS_AT_ONCE = 20_000
"""Items times candidates: what is computed of them stays in a processor's cache."""
OUTLAST_NS = 2_000.0
"""What arrays take for a level of a cell."""
LOWEST_LEVEL_PIECES = -1.0
"""Tables start here, so that candidates from here up share one table whoever else is asked."""
STEPS_IN_DEVIATION = 4.0
LONGEST_COUNT_PIECES = 600.0


class RationedPerformance(NamedTuple):
    """What a rationed shelf delivers."""

    unit_fill_rate: Array
    """Share of each class's pieces delivered from stock, (N, M, K)."""
    on_hand_pieces: Array
    """Mean stock on hand, (N, M)."""
    backorders_pieces: Array
    """Mean backorders of each class, (N, M, K)."""


def rationed_performance(
    demand: ShelfDemand,
    class_share: npt.ArrayLike,
    critical_level_pieces: npt.ArrayLike,
    reorder_point_pieces: npt.ArrayLike,
    order_quantity_pieces: npt.ArrayLike,
) -> RationedPerformance:
    """Unit fill rates of K classes, stock on hand and backorders for M candidate policies of N items.

    class_share            share of each class in the item's pieces, (N, K), best class first
    critical_level_pieces  c, (N, P, K), M a multiple of P: candidate j has the (j mod P)-th. Class k is
                           served while stock on hand is above c_k; c_0 = 0, never falling in k; whole
                           numbers for counting demand. Levels above the reorder point say nothing more: such
                           a class would wait for ever
    reorder_point_pieces   r, (N, M)
    order_quantity_pieces  Q, (N,); 0 is order-up-to r

    With all levels zero every class gets the pooled fill rate. A higher level of a class never raises its own
    fill rate and never lowers a better class's. Raises ValueError where levels fall or start above 0.

    >>> from servicepolicy_optimizer.inventory.shelf import shelf_demand
    >>> shelf = shelf_demand([2.0], [2.0 ** 0.5], 1, 1, 2, 0)  # two classes, one piece a day each
    >>> rationed_performance(shelf, [[0.5, 0.5]], [[[0, 2]]], [[7]], [1]).unit_fill_rate.round(9).tolist()
    [[[0.979909191, 0.785130387]]]
    """
    share, level = np.asarray(class_share, float), np.asarray(critical_level_pieces, float)
    _check_levels(level)
    q = np.broadcast_to(np.asarray(order_quantity_pieces, float), share.shape[:1])
    r = demand.level_for_law(reorder_point_pieces, q)
    total = share.sum(axis=1, keepdims=True)
    share = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
    protected = r - np.tile(level[..., -1], r.shape[1] // level.shape[1])
    # classes first in memory: whoever prices rungs goes through them class by class
    fill, backorders = (np.empty((share.shape[1], *protected.shape)) for _ in range(2))

    def judge(group: tuple[bool, Whole]) -> None:
        counted, items = group
        part = demand.of(items).tabulated()
        worst = _worst_class(part, protected[items], level.shape[1], q[items])
        asked = share[items], level[items], protected[items], q[items]
        better = _better_classes(part, counted, *asked)
        for k in range(len(fill)):
            found = np.minimum(better[k], worst) if k in better else worst
            fill[k, items] = 1 - found[0]
            backorders[k, items] = share[items, k, None] * found[1:].mean(axis=0)

    for _ in side_by_side(judge, _groups(demand, r.shape[1])):
        pass
    net = mean_position(demand.lead, r, q) - demand.lead.mean_pieces[:, None]
    if demand.periodic:
        net = net - (demand.exposed.mean_pieces - demand.lead.mean_pieces)[:, None] / 2
    fill_rate, owed = (np.moveaxis(one, 0, -1) for one in (fill, backorders))
    return RationedPerformance(fill_rate, net + owed.sum(axis=-1), owed)


def _worst_class(demand: ShelfDemand, protected: Array, patterns: int, order_quantity: Array) -> Array:
    """`shortage_at` the protected levels (N, M), (curves, N, M); once, where all patterns leave the same."""
    points = protected.reshape(len(protected), -1, patterns)
    if patterns == 1 or not (points == points[..., :1]).all():
        return np.stack(shortage_at(demand, protected, order_quantity))
    return np.repeat(np.stack(shortage_at(demand, points[..., 0], order_quantity)), patterns, axis=2)


def _check_levels(level: Array) -> None:
    """Refuse critical levels that start above zero or fall."""
    findings = []
    if np.any(level[..., 0] != 0):
        findings.append("critical_level_pieces[..., 0]: the best class has no level; set it to 0")
    if np.any(np.diff(level, axis=-1) < 0):
        findings.append("critical_level_pieces: a worse class's level is below a better one's; sort them")
    if findings:
        raise ValueError("; ".join(findings))


def _groups(demand: ShelfDemand, candidates: int) -> list[tuple[bool, Whole]]:
    """Items whose levels are all counted, then the others, and which they are; few enough at once to keep
    memory small.
    """
    counted = _is_counted(demand)
    at_once = max(CELLS_AT_ONCE // max(candidates, 1), 1)
    groups = []
    for kind in (True, False):
        of_kind = np.flatnonzero(counted == kind)
        for lot in demand.of(of_kind).parts() if of_kind.size else []:
            groups += [(kind, of_kind[lot[start : start + at_once]]) for start in range(0, lot.size, at_once)]
    return groups


def _better_classes(
    demand: ShelfDemand, counted: bool, share: Array, level: Array, protected: Array, order_quantity: Array
) -> dict[int, Array]:
    """The curves (curves, N, M) of every class that has a reserve of its own, with T_k pieces more than the
    protected level (N, M); infinite where it has none.

    level: (N, P, K), of which candidate j has the (j mod P)-th: the reserve of a pattern lasts the same at
    every reorder point.
    counted: of all items here, by their demand before it was tabulated: a table has a little more variance,
    so near the bound it would say otherwise.
    """
    reserve = level[..., -1:] - level
    if not np.any(reserve > 0):
        return {}
    if counted:
        protected = np.floor(protected)
    lowest = np.minimum(protected.min(axis=1), LOWEST_LEVEL_PIECES)
    tabulated = whole_level_curves if counted else continuous_curves
    curves = tabulated(demand, lowest, order_quantity)
    points = protected.reshape(len(share), -1, level.shape[1]).swapaxes(1, 2)
    upto = np.cumsum(share, axis=1)
    lines = np.broadcast_to(demand.order_size_of_piece_pieces, len(share))
    found, worse = dict[int, Array](), np.full((curves.curves, *points.shape), np.inf)
    for k in range(share.shape[1] - 2, -1, -1):
        # Served down to the same level as the next worse class, it gets the same.
        found[k] = worse = worse.copy()
        row, pattern = np.nonzero(level[..., k] < level[..., k + 1])
        steps = np.diff(level[row, pattern, k:], axis=1)
        cells = Reserve(np.ceil(steps) if counted else steps, upto[row, k:-1], lines[row])
        worse[:, row, pattern] = _after_reserve(demand, curves, row, points[row, pattern], cells)
    return {k: one.swapaxes(2, 3).reshape(curves.curves, *protected.shape) for k, one in found.items()}


def _is_counted(demand: ShelfDemand) -> Mask:
    """Items (N,) with counting demand that ends within so few levels that each can be counted.

    Farther reaching demand is so overdispersed that single pieces no longer matter. Asked of the demand
    alone, so that an item's answer does not depend on what else is asked at once.
    """
    mean, sd = demand.exposed.mean_pieces, demand.exposed.sd_pieces
    lump = np.divide(sd * sd, mean, out=np.zeros_like(sd), where=mean > 0)
    return np.asarray(demand.lead.is_counting & (mean + 12 * sd + 30 * lump <= LONGEST_COUNT_PIECES))


def _after_reserve(
    demand: ShelfDemand, curves: ShortageCurves, row: Whole, level: Array, reserve: Reserve
) -> Array:
    """E[curve(level + T)] of every curve at the levels of each cell: piece by piece or in steps."""
    if isinstance(curves, WholeCurves):
        lasting = piece_by_piece(reserve)
    else:
        lasting = in_steps(reserve, _steps(demand.exposed.sd_pieces[row], reserve.line_pieces))
    asked = growing(level, lasting)
    if not compiled.instead_of(OUTLAST_NS * level.size):
        return mean_after_reserve(lambda cells, at: curves.at(row[cells], at), asked)
    from servicepolicy_optimizer.compiled.after_reserve import after_reserve

    found = after_reserve(curves, row, asked)
    owing = np.flatnonzero(asked.owed)
    if owing.size:
        found[:, owing] = mean_after_reserve(
            lambda cells, at: curves.at(row[owing[cells]], at), asked.of(owing)
        )
    return found


def _steps(sd_pieces: Array, line_pieces: Array) -> Array:
    """A quarter of the deviation of demand, but no longer than a line unless lines are short against that."""
    step = np.maximum(sd_pieces / STEPS_IN_DEVIATION, 1.0)
    return np.where(line_pieces < step / 2, step, np.minimum(step, line_pieces))

"""Shortage as a function of the stock level, tabulated an item, so that many levels can be looked up cheaply.

Counting demand: at every whole level, looked up as it is.
Continuous demand: at levels that lie denser towards the lowest, between them a cubic through values and
slopes (Hermite); the error is measured in the tests and stays below 1e-6 of the largest value.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from servicepolicy_optimizer.inventory.at_hand import compiled
from servicepolicy_optimizer.inventory.excess import Array, Whole
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, position_average, stockout_and_averages

NEGLIGIBLE_VALUE = 1e-11
CONTINUOUS_POINTS = 320
MOST_LEVELS = 2**15
CUBIC_NS = 15.0
"""What arrays take for a cubic."""
SURE_DEVIATIONS = 40.0
"""So many below its mean demand surely lies; levels that begin there are a third of a deviation apart."""


class WholeCurves(NamedTuple):
    """Tables of n items at Y whole levels from `lowest_pieces` (n,) up; at the last, and beyond, nothing.
    Below the lowest every piece is short.
    """

    lowest_pieces: Array
    values: Array
    """(curves, n, Y)."""

    @property
    def curves(self) -> int:
        """How many curves."""
        return len(self.values)

    def at(self, row: Whole, level_pieces: Array) -> Array:
        """Every curve at whole levels (c, M) of the items `row` (c,): (curves, c, M).

        >>> table = WholeCurves(np.zeros(1), np.array([[[1.0, 0.5, 0.0]]]))
        >>> table.at(np.array([0]), np.array([[1.0, 9.0]])).tolist()
        [[[0.5, 0.0]]]
        """
        knots = self.values.shape[2]
        place = level_pieces - self.lowest_pieces[row, None]
        below = _below(place)
        place = np.minimum(place, knots - 1, out=place).astype(np.intp)
        if below is not None:
            np.maximum(place, 0, out=place)
        place += (row * knots)[:, None]
        return _with_all_short(np.stack([one.ravel().take(place) for one in self.values]), below)


class CubicCurves(NamedTuple):
    """Tables of n items over levels from `lowest_pieces` to `highest_pieces`, (n,); beyond is nothing, and
    below every piece is short.
    """

    lowest_pieces: Array
    highest_pieces: Array
    pieces: Array
    """(n, Y, curves, 4): coefficients from each of Y levels to the next, lowest power first, of t in 0..1;
    none from the last on.
    """

    @property
    def curves(self) -> int:
        """How many curves."""
        return int(self.pieces.shape[2])

    def at(self, row: Whole, level_pieces: Array) -> Array:
        """Every curve at levels (c, M) of the items `row` (c,): (curves, c, M).

        >>> lines = np.array([[[[1.0, -1.0, 0.0, 0.0]], [[0.0, 0.0, 0.0, 0.0]]]])
        >>> table = CubicCurves(np.zeros(1), np.array([2.0]), lines)
        >>> table.at(np.array([0]), np.array([[0.5, 9.0]])).tolist()
        [[[0.75, 0.0]]]
        """
        items, knots, curves, powers = self.pieces.shape
        low = self.lowest_pieces[row, None]
        far = level_pieces - low
        below = _below(far)
        if below is not None:
            np.maximum(far, 0.0, out=far)
        far /= self.highest_pieces[row, None] - low
        # levels lie on squares
        far = np.sqrt(np.minimum(far, 1.0, out=far), out=far)
        far *= knots - 1
        place = far.astype(np.intp)
        t = far - place
        # from the place between two roots to the place between two levels
        t *= (2 * place + t) / (2 * place + 1)
        place += (row * knots)[:, None]
        coefficients = self.pieces.reshape(items * knots, curves, powers).take(place, axis=0)
        found = np.empty((curves, *t.shape))
        for curve, value in enumerate(found):
            np.multiply(coefficients[..., curve, -1], t, out=value)
            for power in range(powers - 2, 0, -1):
                value += coefficients[..., curve, power]
                value *= t
            value += coefficients[..., curve, 0]
        return _with_all_short(np.maximum(found, 0.0, out=found), below)


def _below(above_lowest_pieces: Array) -> Array | None:
    """Pieces below the lowest level of a table; None where no level is."""
    if above_lowest_pieces.min(initial=0.0) >= 0:
        return None
    return np.maximum(-above_lowest_pieces, 0.0)


def _with_all_short(at_lowest: Array, below_pieces: Array | None) -> Array:
    """Curves with what is short below a table: every piece more is owed, and no more of them are short."""
    if below_pieces is not None:
        at_lowest[1:] += below_pieces
    return at_lowest


ShortageCurves = WholeCurves | CubicCurves


def shortage_at(demand: ShelfDemand, level_pieces: Array, order_quantity_pieces: Array) -> list[Array]:
    """What a protected level leaves short, in the shape of the levels (N, M): chance a piece is short,
    E[backlog].

    The second is avg_y G_L(y), the mean backlog of a random moment; under periodic review a third follows,
    the backlog at the end of the review period.

    >>> from servicepolicy_optimizer.inventory.shelf import shelf_demand
    >>> shelf = shelf_demand([2.0], [2.0 ** 0.5], 1, 1, 2, 0)
    >>> [part.round(4).tolist() for part in shortage_at(shelf, np.array([[5.0]]), np.ones(1))]
    [[[0.2149]], [[0.1954]]]
    """
    lead = position_average(demand.lead, level_pieces, order_quantity_pieces, 1)[0]
    exposed = position_average(demand.exposed, level_pieces, order_quantity_pieces, 1)[0]
    per_piece = np.broadcast_to(demand.increment_mean_pieces, demand.lead.is_counting.shape)[:, None]
    parts = [_over(exposed - lead, per_piece).clip(0.0, 1.0), lead]
    return [*parts, exposed] if demand.periodic else parts


def whole_level_curves(
    demand: ShelfDemand, lowest_pieces: Array, order_quantity_pieces: Array
) -> WholeCurves:
    """Curves of counting demand at lowest, lowest + 1, ..., until all are negligible.

    The table of an item ends where its own demand ends, not where the candidates end: so an answer does not
    depend on what else is asked at once.
    """
    # Where nothing can be on hand every piece is short: a reserve above what is ever ordered asks of there.
    lowest_pieces = np.maximum(lowest_pieces, -np.ceil(order_quantity_pieces) - 2.0)
    count, knots = 16, np.zeros(lowest_pieces.size, np.intp)
    while True:
        end = shortage_at(demand, lowest_pieces[:, None] + count, order_quantity_pieces)
        over = np.concatenate(end, axis=1).max(axis=1) < NEGLIGIBLE_VALUE
        knots[(over | (count >= MOST_LEVELS)) & (knots == 0)] = count
        if knots.all():
            break
        count *= 2
    levels = lowest_pieces[:, None] + np.arange(count + 1, dtype=float)
    values = np.stack(shortage_at(demand, levels, order_quantity_pieces))
    values[:, np.arange(count + 1) >= knots[:, None]] = 0.0
    return WholeCurves(lowest_pieces, values)


def continuous_curves(demand: ShelfDemand, lowest_pieces: Array, order_quantity_pieces: Array) -> CubicCurves:
    """Curves of normal and gamma demand from the lowest level to where the tail of either law has gone.

    Of demand that is large against its deviation, levels begin where every piece is short for certain: they
    would lie farther apart than the deviation.
    """
    law = demand.exposed
    far, near = (
        np.minimum(*(one.mean_pieces - times * one.sd_pieces for one in (demand.lead, law)))
        for times in (SURE_DEVIATIONS, 8.0)
    )
    sure = np.maximum(far, np.minimum(near, 0.0))
    lowest_pieces = np.maximum(lowest_pieces, np.floor(sure - order_quantity_pieces) - 1.0)
    spread = law.sd_pieces
    lump = np.divide(spread**2, law.mean_pieces, out=np.zeros_like(spread), where=law.mean_pieces > 0)
    highest = np.maximum(law.mean_pieces + 8 * spread + 20 * lump, lowest_pieces) + 1.0
    part = (np.arange(CONTINUOUS_POINTS) / (CONTINUOUS_POINTS - 1)) ** 2
    levels = lowest_pieces[:, None] + (highest - lowest_pieces)[:, None] * part
    lead, lead_short = stockout_and_averages(demand.lead, levels, order_quantity_pieces, 1)
    exposed, exposed_short = stockout_and_averages(demand.exposed, levels, order_quantity_pieces, 1)
    per_piece = np.broadcast_to(demand.increment_mean_pieces, lead.shape[:1])[:, None]
    curves = 3 if demand.periodic else 2
    values = [_over(exposed_short - lead_short, per_piece).clip(0.0, 1.0), lead_short, exposed_short][:curves]
    slopes = [_over(lead - exposed, per_piece), -lead, -exposed][:curves]
    cubics = _cubics(np.stack(values, -1), np.stack(slopes, -1), np.diff(levels, axis=1)[..., None])
    return CubicCurves(lowest_pieces, highest, cubics)


def _over(pieces: Array, per_piece: Array) -> Array:
    """pieces / per_piece, zero where there is no demand."""
    return np.divide(pieces, per_piece, out=np.zeros_like(pieces), where=per_piece > 0)


def _cubics(value: Array, slope: Array, width: Array) -> Array:
    """Hermite cubics between successive levels from values and slopes (n, Y, curves), and none after the
    last: (n, Y, curves, 4).
    """
    if compiled.instead_of(CUBIC_NS * value.size):
        from servicepolicy_optimizer.compiled.cubics import cubics_between

        return cubics_between(value, slope, width[..., 0])
    start, end = value[:, :-1], value[:, 1:]
    out, into = slope[:, :-1] * width, slope[:, 1:] * width
    rise = end - start
    found = np.zeros((*value.shape, 4))
    between = found[:, :-1]
    between[..., 0], between[..., 1] = start, out
    between[..., 2] = 3 * rise - 2 * out - into
    between[..., 3] = out + into - 2 * rise
    return found

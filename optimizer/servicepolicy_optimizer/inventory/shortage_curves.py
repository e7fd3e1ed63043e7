"""Shortage as a function of the stock level, tabulated an item, so that many levels can be looked up cheaply.

Counting demand: at every whole level, looked up as it is (between levels a straight line, which is exact).
Continuous demand: at levels that lie denser towards the lowest, between them a cubic through values and
slopes (Hermite); the error is measured in the tests and stays below 1e-6 of the largest value.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from servicepolicy_optimizer.inventory.excess import Array, Whole
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, position_average, stockout_and_averages

NEGLIGIBLE_VALUE = 1e-11
CONTINUOUS_POINTS = 320
MOST_LEVELS = 2**15


class ShortageCurves(NamedTuple):
    """Tables of n items over levels from `lowest_pieces` to `highest_pieces`, (n,)."""

    lowest_pieces: Array
    highest_pieces: Array
    knots: int
    """Y, levels an item."""
    pieces: Array
    """(n * (Y - 1), curves, degree + 1): coefficients between two levels, lowest power first, of t in
    0..1.
    """


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
) -> ShortageCurves:
    """Curves of counting demand at lowest, lowest + 1, ..., until all are negligible.

    The table ends where the demand ends, not where the candidates end: so an answer does not depend on what
    else is asked at once.
    """
    count = 16
    while count < MOST_LEVELS:
        end = shortage_at(demand, lowest_pieces[:, None] + count, order_quantity_pieces)
        if max(float(part.max(initial=0.0)) for part in end) < NEGLIGIBLE_VALUE:
            break
        count *= 2
    levels = lowest_pieces[:, None] + np.arange(count + 1, dtype=float)
    values = np.stack(shortage_at(demand, levels, order_quantity_pieces), axis=-1)
    lines = np.stack([values[:, :-1], np.diff(values, axis=1)], axis=-1)
    return ShortageCurves(lowest_pieces, levels[:, -1], count + 1, lines.reshape(-1, *lines.shape[2:]))


def continuous_curves(
    demand: ShelfDemand, lowest_pieces: Array, order_quantity_pieces: Array
) -> ShortageCurves:
    """Curves of normal and gamma demand from the lowest level to where the tail of either law has gone."""
    law = demand.exposed
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
    return ShortageCurves(lowest_pieces, highest, CONTINUOUS_POINTS, cubics.reshape(-1, *cubics.shape[2:]))


def looked_up(curves: ShortageCurves, row: Whole, level_pieces: Array) -> list[Array]:
    """Every curve at one level (c,) of each of the items `row` (c,); zero beyond the table.

    >>> line = np.array([[[1.0, -0.5]], [[0.5, -0.5]]])
    >>> table = ShortageCurves(np.zeros(1), np.array([2.0]), 3, line)
    >>> looked_up(table, np.array([0, 0]), np.array([0.5, 9.0]))[0].tolist()
    [0.75, 0.0]
    """
    low, high = curves.lowest_pieces[row], curves.highest_pieces[row]
    last = curves.knots - 1
    cubic = curves.pieces.shape[2] == 4
    far = (level_pieces - low) / (high - low)
    beyond = far >= 1
    far = np.clip(far, 0.0, 1.0)
    far = (np.sqrt(far) if cubic else far) * last
    place = np.minimum(far.astype(np.intp), last - 1)
    t = far - place
    if cubic:
        # levels lie on squares: from the place between two roots to the place between two levels
        t = t * (2 * place + t) / (2 * place + 1)
    t[beyond] = 0.0
    coefficients = np.take(curves.pieces, row * last + place, axis=0)
    coefficients[beyond] = 0.0
    found = []
    for curve in range(coefficients.shape[1]):
        value = coefficients[:, curve, -1]
        for power in range(coefficients.shape[2] - 2, -1, -1):
            value = value * t + coefficients[:, curve, power]
        found.append(np.maximum(value, 0.0))
    return found


def _over(pieces: Array, per_piece: Array) -> Array:
    """pieces / per_piece, zero where there is no demand."""
    return np.divide(pieces, per_piece, out=np.zeros_like(pieces), where=per_piece > 0)


def _cubics(value: Array, slope: Array, width: Array) -> Array:
    """Hermite cubics between successive levels from values and slopes (n, Y, curves): (n, Y - 1, curves,
    4).
    """
    start, end = value[:, :-1], value[:, 1:]
    out, into = slope[:, :-1] * width, slope[:, 1:] * width
    rise = end - start
    return np.stack([start, out, 3 * rise - 2 * out - into, out + into - 2 * rise], axis=-1)

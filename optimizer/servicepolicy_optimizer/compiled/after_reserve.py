"""Curves of a shelf after a reserve has been outlasted: `inventory.reserve_life.mean_after_reserve` over the
tables of `inventory.shortage_curves`, cell by cell, to the same last bit.

Sums, products, quotients and roots are taken in the order of the plain road, and rounded as there; what needs
a logarithm or an exponential is handed in. What differs is that a cell's levels stay in the cache, where that
road writes arrays of all cells at every term.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from servicepolicy_optimizer.compiled.machine_code import bare_machine_code
from servicepolicy_optimizer.inventory.excess import Array, Whole
from servicepolicy_optimizer.inventory.reserve_life import NEGLIGIBLE_SHARE, Growing
from servicepolicy_optimizer.inventory.shortage_curves import ShortageCurves, WholeCurves


def after_reserve(curves: ShortageCurves, row: Whole, asked: Growing) -> Array:
    """E[curve(y + T)] of every curve at the levels of each cell, (curves, C, M).

    row    which item of the tables a cell is of, (C,)
    asked  C cells by M levels; what a cell owes is not paid here, so such a cell is not answered
    """
    low, (cells, points) = curves.lowest_pieces, asked.level_pieces.shape
    if isinstance(curves, WholeCurves):
        pieces = np.moveaxis(curves.values, 0, -1)[..., None]
        span = np.full(low.shape, curves.values.shape[2] - 1.0)
    else:
        pieces, span = curves.pieces, curves.highest_pieces - low
    answer = np.empty((cells, curves.curves, points))
    terms = asked.ratio.shape[1]
    _after(
        (np.ascontiguousarray(pieces), np.ascontiguousarray(low), span),
        np.ascontiguousarray(row),
        np.ascontiguousarray(asked.level_pieces),
        np.ascontiguousarray(asked.step_pieces),
        asked.chance,
        np.ascontiguousarray(asked.power * asked.ratio),
        np.ascontiguousarray(asked.ratio),
        (np.empty((3, points)), np.empty(points, np.int64), np.empty(answer.shape[1:]), np.empty(terms)),
        answer,
    )
    return np.moveaxis(answer, 1, 0)


@bare_machine_code
def _after(
    tables: Any,
    row: Any,
    level_pieces: Any,
    step_pieces: Any,
    none: Any,
    weight: Any,
    ratio: Any,
    scratch: Any,
    answer: Any,
) -> None:
    """none: P(N = 0), (C,); weight: power x ratio, (C, terms); answer (C, curves, M)."""
    pieces, lowest, span = tables
    rows, place, found, run = scratch
    level = rows[0]
    for c in range(row.size):
        table, low, wide = pieces[row[c]], lowest[row[c]], span[row[c]]
        total = answer[c]
        for m in range(level.size):
            level[m] = level_pieces[c, m]
        least = level.argmin()
        chance = passed = none[c]
        run[:] = chance
        _look_up(table, low, wide, rows, place, found)
        for curve in range(len(found)):
            for m in range(level.size):
                total[curve, m] = chance * found[curve, m]
        n = 0
        while _adds(passed, found, total, least):
            n += 1
            chance = 0.0
            for j in range(run.size):
                chance += weight[c, j] * run[j]
            chance = max(chance / n, 0.0)
            for j in range(run.size):
                run[j] = chance + ratio[c, j] * run[j]
            passed += chance
            for m in range(level.size):
                level[m] += step_pieces[c]
            _look_up(table, low, wide, rows, place, found)
            for curve in range(len(found)):
                for m in range(level.size):
                    total[curve, m] += found[curve, m] * chance


@bare_machine_code
def _adds(passed: float, found: Any, total: Any, least: int) -> bool:
    """Whether what is left of the chances adds anything to any curve at the lowest level."""
    adds = False
    for curve in range(len(found)):
        adds = adds or (1 - passed) * found[curve, least] > NEGLIGIBLE_SHARE * total[curve, least]
    return adds


@bare_machine_code
def _look_up(table: Any, low: float, wide: float, rows: Any, place: Any, found: Any) -> None:
    """Every curve at all levels, (curves, M): from whole levels as they are, or from cubics between levels
    that lie on squares.

    table (Y, curves, 1 or 4). Of two numbers the first is taken where the other is none: so every place lies
    in the table, whatever the levels are.
    """
    level, part, below = rows[0], rows[1], rows[2]
    last = len(table) - 1
    if table.shape[2] == 1:
        for m in range(level.size):
            far = level[m] - low
            below[m] = max(-far, 0.0)
            place[m] = np.int64(min(wide, max(0.0, far)))
        for curve in range(len(found)):
            for m in range(level.size):
                found[curve, m] = table[np.uint64(place[m]), curve, 0]
    else:
        for m in range(level.size):
            far = level[m] - low
            below[m] = max(-far, 0.0)
            root = math.sqrt(max(0.0, min(1.0, far / wide))) * last
            knot = np.floor(root)
            t = root - knot
            part[m] = t * ((2 * knot + t) / (2 * knot + 1))
            place[m] = np.int64(knot)
        for curve in range(len(found)):
            for m in range(level.size):
                at, t = np.uint64(place[m]), part[m]
                value = (table[at, curve, 3] * t + table[at, curve, 2]) * t + table[at, curve, 1]
                found[curve, m] = max(value * t + table[at, curve, 0], 0.0)
    for curve in range(1, len(found)):
        for m in range(level.size):
            found[curve, m] += below[m]

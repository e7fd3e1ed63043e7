"""Fill rate and stock on hand of ladders of very many items, item by item: as `inventory.shelf` has them.

The same laws and rules as in `inventory.rows_of_levels`: a tail at the top of a row, and what lies between
neighbouring levels added to it, downwards. What differs is where the top comes from, and single levels that
no rule reaches: from fractions and a series, not from a library.

Items that this does not know (a normal law, no deviation, levels that are not whole or do not rise, a
counting law that ends too far away) are passed over, and left to the plain road.

Sources: Jones & Thron, Continued Fractions (1980), 6.1 (Gauss); Press et al., Numerical Recipes (2007), 5.2
(Lentz).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from servicepolicy_optimizer.compiled.elementary import ROUND, exponential, logarithm
from servicepolicy_optimizer.compiled.gamma_tails import MOST_TERMS, ROUNDING, gamma_tails
from servicepolicy_optimizer.compiled.machine_code import bare_machine_code
from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.excess import POISSON_LIMIT_OVERDISPERSION
from servicepolicy_optimizer.inventory.shelf import ShelfDemand

Array = npt.NDArray[np.float64]

GAMMA, POISSON, NEGATIVE_BINOMIAL = (
    int(Family.GAMMA),
    int(Family.POISSON),
    int(Family.NEGATIVE_BINOMIAL),
)
MOST_LEVELS = 2048
"""Up to which a counting law is added up."""
NOTHING_LEFT = 1e-24
"""Of the second loss: beyond, a counting law is not added up."""
LARGEST_EXPONENT_OF_NONE = 500.0
"""-log P(D = 0) up to which a recursion can start at zero."""


def pooled_of_many(
    demand: ShelfDemand, reorder_point_pieces: Array, order_quantity_pieces: Array
) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
    """Unit fill rate and stock on hand (N, M) as `pooled_performance` gives them, and of which items, (N,).

    reorder_point_pieces (N, M), order_quantity_pieces (N,)
    """
    fill, on_hand = np.empty(reorder_point_pieces.shape), np.empty(reorder_point_pieces.shape)
    known = np.zeros(len(fill), np.bool_)
    lead, exposed = demand.lead, demand.exposed
    if isinstance(lead, Demand) and isinstance(exposed, Demand):
        _pooled(
            np.ascontiguousarray(lead.family),
            reorder_point_pieces,
            np.ascontiguousarray(order_quantity_pieces),
            _figures(lead),
            _figures(exposed),
            np.array(np.broadcast_to(demand.increment_mean_pieces, lead.family.shape)),
            demand.whole_pieces,
            demand.periodic,
            _scratch(reorder_point_pieces.shape[1]),
            (fill, on_hand, known),
        )
    return fill, on_hand, known


def _scratch(rungs: int) -> tuple[Array, Array, Array, Array]:
    """Rows of levels, points and chances from one below none to one beyond the last, and two answers."""
    return np.empty((8, 2 * rungs)), np.empty((2, MOST_LEVELS + 2)), np.empty(rungs), np.empty(rungs)


def evenly_spaced(lowest: float, highest: Array, count: int) -> Array:
    """(N, M) whole levels from the lowest to the highest (N,), as `curves.ladder` spaces them."""
    points = np.empty((highest.size, count))
    _spaced(lowest, highest, np.linspace(0.0, 1.0, count), points)
    return points


@bare_machine_code
def _spaced(lowest: float, highest: Any, steps: Any, points: Any) -> None:
    for n in range(highest.size):
        for m in range(steps.size):
            level = lowest + (highest[n] - lowest) * steps[m]
            points[n, m] = (level + ROUND) - ROUND


def _figures(law: Demand) -> Array:
    """(N, 4) mean, deviation and certain part, and log Gamma of the shape of a gamma."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        shape = ((law.mean_pieces - law.certain_pieces) / law.sd_pieces) ** 2
        return np.column_stack([law.mean_pieces, law.sd_pieces, law.certain_pieces, gammaln(shape)])


@bare_machine_code
def _pooled(
    family: Any,
    reorder_point: Any,
    order_quantity: Any,
    lead: Any,
    exposed: Any,
    increment: Any,
    whole_pieces: bool,
    periodic: bool,
    scratch: Any,
    found: Any,
) -> None:
    fill, on_hand, known = found
    items, rungs = reorder_point.shape
    rows, table, owed, asked = scratch
    for n in range(items):
        q = order_quantity[n]
        levels = reorder_point[n]
        if not _is_rising(levels) or not (increment[n] > 0 and q >= 0):
            continue
        if family[n] == GAMMA:
            up = 0.5 if whole_pieces and q > 0 else 0.0
            position = up + q / 2
            done = _gamma(levels, up, q, lead[n], owed, rows) and _gamma(
                levels, up, q, exposed[n], asked, rows
            )
        elif family[n] == POISSON or family[n] == NEGATIVE_BINOMIAL:
            position = (q + 1) / 2 if q > 0 else 0.0
            poisson = family[n] == POISSON
            done = _counting(levels, q, poisson, lead[n], owed, rows, table) and _counting(
                levels, q, poisson, exposed[n], asked, rows, table
            )
        else:
            done = False
        if not done:
            continue
        net = position - lead[n, 0]
        if periodic:
            net -= (exposed[n, 0] - lead[n, 0]) / 2
        sure = True
        for m in range(rungs):
            backorders = (owed[m] + asked[m]) / 2 if periodic else owed[m]
            short = (asked[m] - owed[m]) / increment[n]
            fill[n, m] = 1.0 - min(max(short, 0.0), 1.0)
            on_hand[n, m] = levels[m] + net + backorders
            sure = sure and math.isfinite(short) and math.isfinite(on_hand[n, m])
        known[n] = sure


@bare_machine_code
def _is_rising(levels: Any) -> bool:
    rising = True
    for m in range(levels.size - 1):
        rising = rising and levels[m + 1] >= levels[m]
    return rising


@bare_machine_code
def _gamma(levels: Any, up: float, q: float, law: Any, answer: Any, rows: Any) -> bool:
    """Mean loss over the positions from each level to q above it, of a gamma; False where it has no law.

    Rows are worked on step by step, so that every step takes several levels at once.
    """
    mean, sd, certain, log_gamma = law[0] - law[2], law[1], law[2], law[3]
    if not (mean > 0 and sd > 0):
        return False
    k, scale = (mean / sd) ** 2, sd * sd / mean
    m = levels.size
    both = 2 * m if q > 0 else m
    u, log_u, density, tail = rows[0], rows[1], rows[2], rows[3]
    for j in range(m):
        u[j] = max(levels[j] + up - certain, 0.0) / scale
    if q > 0:
        upper = u[m:]
        for j in range(m):
            upper[j] = max(levels[j] + up + q - certain, 0.0) / scale
    for j in range(both):
        log_u[j] = logarithm(max(u[j], 1e-300))
    for j in range(both):
        here = exponential(k * log_u[j] - u[j] - log_gamma)
        density[j] = here if u[j] > 0.0 else 0.0
    gamma_tails(k, u, log_u, rows, m, both)
    loss, second, short = rows[4], rows[5], rows[6]
    for j in range(m):
        short[j] = max(certain - levels[j] - up, 0.0)
    upper = short[m:both]
    for j in range(upper.size):
        upper[j] = max(certain - (levels[j] + q) - up, 0.0)
    for j in range(both):
        below = short[j]
        one = max((k - u[j]) * tail[j] + density[j], 0.0)
        two = max(((k + 1.0 - u[j]) * one + u[j] * tail[j]) / 2, 0.0)
        loss[j] = one * scale + tail[j] * below
        second[j] = two * (scale * scale) + one * scale * below + tail[j] * (below * below / 2)
    _averaged(second[:m], second[m:], q, loss, answer)
    return True


@bare_machine_code
def _averaged(at_r: Any, above: Any, q: float, loss: Any, answer: Any) -> None:
    if q > 0:
        for j in range(at_r.size):
            answer[j] = (at_r[j] - above[j]) / q
    else:
        for j in range(at_r.size):
            answer[j] = loss[j]


@bare_machine_code
def _counting(levels: Any, q: float, poisson: bool, law: Any, answer: Any, rows: Any, table: Any) -> bool:
    """Mean loss over the positions above each level to q above it, of a Poisson or negative binomial: points
    from zero up, chances from the top down; False where the levels are not whole or too many.
    """
    mean, sd, certain = law[0] - law[2], law[1], law[2]
    if not mean > 0 or certain != math.floor(certain) or q != math.floor(q):
        return False
    over = 0.0 if poisson else sd * sd / mean - 1.0
    if not over > POISSON_LIMIT_OVERDISPERSION:
        over = 0.0
    none = mean * (math.log1p(over) / over if over > 0 else 1.0)
    if none > LARGEST_EXPONENT_OF_NONE:
        return False
    both = 2 * levels.size if q > 0 else levels.size
    level, point, chance, loss, second = rows[0], rows[1], rows[2], rows[3], rows[4]
    for j in range(levels.size):
        level[j] = levels[j] - certain
        if level[j] != math.floor(level[j]):
            return False
    highest = max(levels[-1] - certain + q, math.ceil(mean) + 1.0)
    points, chances = table[0], table[1]
    last = _add_up(highest, mean, over, math.exp(-none), points[1:], chances[1:])
    if last < 0:
        return False
    points[0], chances[0], chances[1] = 0.0, 1.0, 1.0
    points[last + 2] = chances[last + 2] = 0.0
    beyond = last + 1.0
    upper = level[levels.size : both]
    for j in range(upper.size):
        upper[j] = level[j] + q
    for j in range(both):
        n = level[j]
        # No place counts from the end: so there is nothing to ask, and nothing to jump over.
        at = np.uint64(np.int64(min(max(n, -1.0), beyond)) + 1)
        point[j] = points[at]
        chance[j] = chances[at]
    for j in range(both):
        n = level[j]
        one = max((mean - n) * chance[j] + n * (1.0 + over) * point[j], 0.0)
        second[j] = max(((mean - n - 1.0 + over) * one + (mean + over * n) * chance[j]) / 2, 0.0)
        loss[j] = one
    _averaged(second[: levels.size], second[levels.size :], q, loss, answer)
    return True


@bare_machine_code
def _add_up(highest: float, mean: float, over: float, none: float, points: Any, chances: Any) -> int:
    """P(D = n) and P(D >= n) for n up to a whole `highest` or to where nothing is left; the last n, -1 if too
    far.

    p(n + 1) = p(n) (mu + b n) / ((n + 1) (1 + b))  (Panjer)
    """
    points[0] = point = none
    n, left = 0, True
    while n < highest and left:
        end = int(min(n + 64, highest))
        if end >= MOST_LEVELS:
            return -1
        steps, following = chances[n:end], points[n + 1 : end + 1]
        for i in range(steps.size):
            steps[i] = (mean + over * (n + i)) / ((n + i + 1) * (1.0 + over))
        for i in range(steps.size):
            point *= steps[i]
            following[i] = point
        n = end
        falls = 1.0 - (mean + over * n) / ((n + 1) * (1.0 + over))
        left = n <= mean or point >= NOTHING_LEFT * falls**3
    chance = point * _tail_over_point(n, mean, over) if left else point
    chances[n] = chance
    for i in range(n - 1, -1, -1):
        chance += points[i]
        chances[i] = chance
    return n


@bare_machine_code
def _tail_over_point(n: int, mean: float, over: float) -> float:
    """P(D >= n) / P(D = n), n above the mean, by Gauss's fraction of 2F1(a, 1; n + 1; z).

    z = b / (1 + b) and a z = (mu + b n) / (1 + b), which holds for a Poisson, b = 0, too.
    """
    z, top, c = over / (1.0 + over), (mean + over * n) / (1.0 + over), n + 1.0
    fraction, before, after = 1.0, 1.0, 0.0
    for k in range(1, MOST_TERMS):
        odd = (top + (k - 1) * z) * (c + k - 2) / ((c + 2 * k - 3) * (c + 2 * k - 2))
        after = 1.0 / (1.0 - odd * after)
        before = 1.0 - odd / before
        fraction *= before * after
        even = k * (z * (c + k - 1) - top) / ((c + 2 * k - 2) * (c + 2 * k - 1))
        after = 1.0 / (1.0 - even * after)
        before = 1.0 - even / before
        fraction *= before * after
        if abs(before * after - 1.0) <= ROUNDING * 2:
            return 1.0 / fraction
    return math.nan

"""Fill rate and stock on hand of ladders of very many items, item by item: as `inventory.shelf` has them.

The same laws and rules as in `inventory.rows_of_levels`: a tail at the top of a row, and what lies between
neighbouring levels added to it, downwards. What differs is where the top comes from, and single levels that
no rule reaches: from the fractions of Legendre and Gauss and a series, not from a library.

Items that this does not know (a normal law, no deviation, levels that are not whole or do not rise, a
counting law that ends too far away) are passed over, and left to the plain road.

Sources: Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 6.5.29 and 6.5.31 (series and
fraction of the incomplete gamma function), 26.5.9; Jones & Thron, Continued Fractions (1980), 6.1 (Gauss);
Press et al., Numerical Recipes (2007), 5.2 (Lentz).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from servicepolicy_optimizer.compiled.elementary import ROUND, exponential, logarithm
from servicepolicy_optimizer.compiled.machine_code import machine_code
from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.excess import POISSON_LIMIT_OVERDISPERSION
from servicepolicy_optimizer.inventory.rows_of_levels import (
    ERROR_OF_STEP,
    HERMITE,
    MOST_ERROR,
    NOTHING_BELOW,
    WIDE_STEP2,
)
from servicepolicy_optimizer.inventory.shelf import ShelfDemand

Array = npt.NDArray[np.float64]

GAMMA, POISSON, NEGATIVE_BINOMIAL = (
    int(Family.GAMMA),
    int(Family.POISSON),
    int(Family.NEGATIVE_BINOMIAL),
)
MOST_LEVELS = 2048
"""Up to which a counting law is added up."""
MOST_TERMS = 5000
ROUNDING = 2e-16
NO_TERM = 1e-18
"""Of a series of chances; what follows is some hundred times that at most."""
NOTHING_LEFT = 1e-24
"""Of the second loss: beyond, a counting law is not added up."""
LARGEST_EXPONENT_OF_NONE = 500.0
"""-log P(D = 0) up to which a recursion can start at zero."""
FIRST, SECOND, THIRD, FOURTH, FIFTH = HERMITE


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
            (fill, on_hand, known),
        )
    return fill, on_hand, known


def evenly_spaced(lowest: float, highest: Array, count: int) -> Array:
    """(N, M) whole levels from the lowest to the highest (N,), as `curves.ladder` spaces them."""
    points = np.empty((highest.size, count))
    _spaced(lowest, highest, np.linspace(0.0, 1.0, count), points)
    return points


@machine_code
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


@machine_code
def _pooled(
    family: Any,
    reorder_point: Any,
    order_quantity: Any,
    lead: Any,
    exposed: Any,
    increment: Any,
    whole_pieces: bool,
    periodic: bool,
    found: Any,
) -> None:
    fill, on_hand, known = found
    items, rungs = reorder_point.shape
    rows = np.empty((8, 2 * rungs))
    table = np.empty((2, MOST_LEVELS))
    owed, asked = np.empty(rungs), np.empty(rungs)
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


@machine_code
def _is_rising(levels: Any) -> bool:
    rising = True
    for m in range(levels.size - 1):
        rising = rising and levels[m + 1] >= levels[m]
    return rising


@machine_code
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
        for j in range(m):
            u[m + j] = max(levels[j] + up + q - certain, 0.0) / scale
    for j in range(both):
        log_u[j] = logarithm(max(u[j], 1e-300))
    for j in range(both):
        here = exponential(k * log_u[j] - u[j] - log_gamma)
        density[j] = here if u[j] > 0.0 else 0.0
    _gamma_tails(k, u, log_u, rows, m, both)
    loss, second = rows[4], rows[5]
    for j in range(both):
        one = max((k - u[j]) * tail[j] + density[j], 0.0)
        two = max(((k + 1.0 - u[j]) * one + u[j] * tail[j]) / 2, 0.0)
        start = levels[j] if j < m else levels[j - m] + q
        below = max(certain - start - up, 0.0)
        loss[j] = one * scale + tail[j] * below
        second[j] = two * (scale * scale) + one * scale * below + tail[j] * (below * below / 2)
    for j in range(m):
        answer[j] = (second[j] - second[j + m]) / q if q > 0 else loss[j]
    return True


@machine_code
def _gamma_tails(k: float, u: Any, log_u: Any, rows: Any, m: int, both: int) -> None:
    """P(D > u) into rows[3], from the top of each row of m levels down; see `gamma_on_rising`."""
    density, tail, first, second, third, fourth = rows[2], rows[3], rows[4], rows[5], rows[6], rows[7]
    for j in range(both):
        x, g = u[j], density[j]
        away = k - x
        square = away * away
        first[j] = away * g
        second[j] = (square - x) * g
        third[j] = (away * (square - 3 * x) - x) * g
        fourth[j] = (square * (square - 6 * x) + x * (3 * x - 4 * away - 1)) * g
    for j in range(both - 1):
        step = log_u[j + 1] - log_u[j]
        total = FIFTH * step * (fourth[j] + fourth[j + 1])
        total = (total + FOURTH * (third[j] - third[j + 1])) * step
        total = (total + THIRD * (second[j] + second[j + 1])) * step
        total = (total + SECOND * (first[j] - first[j + 1])) * step
        tail[j] = (total + FIRST * (density[j] + density[j + 1])) * step
        first[j] = step * step * max(max(u[j + 1], k), 1.0)
    for lowest in range(0, both, m):
        chance = _gamma_tail(k, u[lowest + m - 1], density[lowest + m - 1])
        tail[lowest + m - 1] = chance
        for j in range(lowest + m - 2, lowest - 1, -1):
            if first[j] <= WIDE_STEP2 or _is_narrow(k, u[j], u[j + 1], density[j], density[j + 1], first[j]):
                chance += tail[j]
            elif u[j] < k + 1.0:
                _gamma_low_tails(k, u[lowest : j + 1], density[lowest : j + 1], tail[lowest : j + 1], rows[5])
                break
            else:
                chance = _gamma_tail(k, u[j], density[j])
            tail[j] = chance


@machine_code
def _gamma_low_tails(k: float, u: Any, density: Any, tail: Any, terms: Any) -> None:
    """`_gamma_tail` of rising levels below k + 1, all at a time: the series of the last is the longest."""
    last = u.size - 1
    for j in range(u.size):
        terms[j] = density[j] / k if u[j] > 0.0 else 0.0
        tail[j] = 1.0 - terms[j]
    a = k
    while terms[last] > NO_TERM:
        a += 1.0
        share = 1.0 / a
        for j in range(u.size):
            terms[j] *= u[j] * share
            tail[j] -= terms[j]


@machine_code
def _is_narrow(k: float, low: float, high: float, at_low: float, at_high: float, step2: float) -> bool:
    """Whether the rule of Hermite keeps `MOST_ERROR` between two levels with these densities."""
    density = math.sqrt(k) if low < k < high else max(at_low, at_high)
    square = step2 * step2
    return ERROR_OF_STEP * density * square * square * step2 * math.sqrt(step2) <= MOST_ERROR


@machine_code
def _gamma_tail(k: float, u: float, density: float) -> float:
    """P(D > u) of a gamma of scale 1, by its series below the mean and by Legendre's fraction above."""
    if u <= 0.0:
        return 1.0
    if density < (k - u) * NOTHING_BELOW:
        return 1.0
    if u < k + 1.0:
        term, total, a = density / k, density / k, k
        while term > NO_TERM:
            a += 1.0
            term *= u / a
            total += term
        return 1.0 - total
    b = u + 1.0 - k
    c, d = 1e300, 1.0 / b
    fraction = d
    for i in range(1, MOST_TERMS):
        numerator = -i * (i - k)
        b += 2.0
        d = 1.0 / (numerator * d + b)
        c = b + numerator / c
        factor = c * d
        fraction *= factor
        if abs(factor - 1.0) <= ROUNDING * 2:
            return density * fraction
    return math.nan


@machine_code
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
    last = _add_up(highest, mean, over, math.exp(-none), table[0], table[1])
    if last < 0:
        return False
    for j in range(levels.size, both):
        level[j] = level[j - levels.size] + q
    for j in range(both):
        n = level[j]
        at = int(min(max(n, 0.0), float(last)))
        point[j] = table[0, at] if 0.0 <= n <= last else 0.0
        chance[j] = table[1, at] if n <= last else 0.0
        if n <= 0.0:
            chance[j] = 1.0
    for j in range(both):
        n = level[j]
        one = max((mean - n) * chance[j] + n * (1.0 + over) * point[j], 0.0)
        second[j] = max(((mean - n - 1.0 + over) * one + (mean + over * n) * chance[j]) / 2, 0.0)
        loss[j] = one
    for j in range(levels.size):
        answer[j] = (second[j] - second[j + levels.size]) / q if q > 0 else loss[j]
    return True


@machine_code
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
        for i in range(n, end):
            chances[i] = (mean + over * i) / ((i + 1) * (1.0 + over))
        for i in range(n, end):
            point *= chances[i]
            points[i + 1] = point
        n = end
        falls = 1.0 - (mean + over * n) / ((n + 1) * (1.0 + over))
        left = n <= mean or point >= NOTHING_LEFT * falls**3
    chance = point * _tail_over_point(n, mean, over) if left else point
    chances[n] = chance
    for i in range(n - 1, -1, -1):
        chance += points[i]
        chances[i] = chance
    return n


@machine_code
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

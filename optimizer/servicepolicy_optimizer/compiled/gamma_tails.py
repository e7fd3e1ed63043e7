"""Tails of gammas on rising rows of levels: as `inventory.rows_of_levels` has them, item by item.

The top of a row, and single levels that no rule reaches, come from Legendre's fraction and a series.

Sources: Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 6.5.29 and 6.5.31 (series and
fraction of the incomplete gamma function), 26.5.9; Press et al., Numerical Recipes (2007), 5.2 (Lentz).
"""

from __future__ import annotations

import math
from typing import Any

from servicepolicy_optimizer.compiled.machine_code import bare_machine_code
from servicepolicy_optimizer.inventory.rows_of_levels import (
    ERROR_OF_STEP,
    HERMITE,
    MOST_ERROR,
    NOTHING_BELOW,
    WIDE_STEP2,
)

MOST_TERMS = 5000
ROUNDING = 2e-16
NO_TERM = 1e-18
"""Of a series of chances; what follows is some hundred times that at most."""
FIRST, SECOND, THIRD, FOURTH, FIFTH = HERMITE


@bare_machine_code
def gamma_tails(k: float, u: Any, log_u: Any, rows: Any, m: int, both: int) -> None:
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
    # By itself: a loop that also writes what it reads takes one level at once.
    for j in range(both - 1):
        step = log_u[j + 1] - log_u[j]
        first[j] = step * step * max(max(u[j + 1], k), 1.0)
    for lowest in range(0, both, m):
        chance = _tail(k, u[lowest + m - 1], density[lowest + m - 1])
        tail[lowest + m - 1] = chance
        for j in range(lowest + m - 2, lowest - 1, -1):
            if first[j] <= WIDE_STEP2 or _is_narrow(k, u[j], u[j + 1], density[j], density[j + 1], first[j]):
                chance += tail[j]
            elif u[j] < k + 1.0:
                _low_tails(k, u[lowest : j + 1], density[lowest : j + 1], tail[lowest : j + 1], rows[5])
                break
            else:
                chance = _tail(k, u[j], density[j])
            tail[j] = chance


@bare_machine_code
def _low_tails(k: float, u: Any, density: Any, tail: Any, terms: Any) -> None:
    """`_tail` of rising levels below k + 1, all at a time: the series of the last is the longest.

    Eight terms before they are written again, which takes two thirds of the time.
    """
    last = u.size - 1
    for j in range(u.size):
        terms[j] = density[j] / k if u[j] > 0.0 else 0.0
        tail[j] = 1.0 - terms[j]
    a = k
    while terms[last] > NO_TERM:
        # One by one: k + 2 is not always (k + 1) + 1.
        a1 = a + 1.0
        a2 = a1 + 1.0
        a3 = a2 + 1.0
        a4 = a3 + 1.0
        a5 = a4 + 1.0
        a6 = a5 + 1.0
        a7 = a6 + 1.0
        a = a7 + 1.0
        shares = 1.0 / a1, 1.0 / a2, 1.0 / a3, 1.0 / a4, 1.0 / a5, 1.0 / a6, 1.0 / a7, 1.0 / a
        for j in range(u.size):
            x, term, left = u[j], terms[j], tail[j]
            for share in shares:
                term *= x * share
                left -= term
            terms[j], tail[j] = term, left


@bare_machine_code
def _is_narrow(k: float, low: float, high: float, at_low: float, at_high: float, step2: float) -> bool:
    """Whether the rule of Hermite keeps `MOST_ERROR` between two levels with these densities."""
    density = math.sqrt(k) if low < k < high else max(at_low, at_high)
    square = step2 * step2
    return ERROR_OF_STEP * density * square * square * step2 * math.sqrt(step2) <= MOST_ERROR


@bare_machine_code
def _tail(k: float, u: float, density: float) -> float:
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

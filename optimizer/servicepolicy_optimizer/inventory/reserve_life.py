"""How long a reserve lasts: pieces of the whole demand that pass until the better classes have drawn it
empty.

A reserve of delta pieces that only the better classes may draw lasts T = delta + K pieces of demand, K of
them asked for by worse classes meanwhile. Seen from a customer of the better classes backwards, the classes
of successive pieces form a chain: a piece belongs to the same order line as its neighbour with chance rho,
else its class is drawn anew, better with chance s. Each of the delta better pieces is then preceded by an
independent number of worse ones with generating function

    g(z) = (p - rho z) / (1 - q z),   p = rho + (1 - rho) s,   q = 1 - (1 - rho) s,

of mean (1 - s)/s and variance (1 - s)/s² (1 + rho)/(1 - rho). With single pieces rho is 0 and K is negative
binomial. Lines of geometric size are met exactly; for others rho makes (1 + rho)/(1 - rho) = E[x²]/E[x], the
mean size of the line a random piece comes in. Reserves of several stages add up, each with its own s.

Where K is long, it is counted in steps of h pieces: what a negative binomial in such steps would have too
much variance for passes surely, so mean and variance stay. Either way K grows by independent parts with
delta, so a larger reserve lasts longer with certainty, and so does one that fewer may draw.

Sources: the waiting time for the delta-th success (Feller I, VI.8); the recursion for powers of a generating
function is Euler's (Knuth, The Art of Computer Programming II, 4.7).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from servicepolicy_optimizer.inventory.excess import Array, Mask, Whole

NEGLIGIBLE_SHARE = 1e-12
"""Of what has been added up: so that the last of a small shortage counts as it does beside larger ones."""
SMALLEST_SHARE = 1e-9
KEPT_WHILE_LIVE = 0.9
NEARLY_POISSON = 1e-7
LEAST_LOG_CHANCE = -700.0
"""Of the first term as it is held: less is no number. What it is less in truth is owed."""
MOST_CHANCE_HELD = 1e200
"""Of a term while something is owed; far enough from the largest number for the next term."""

Lookup = Callable[[Whole, Array], Array]
"""Curves at levels of some cells: (cells (c,), levels (c, M)), to (curves, c, M)."""


class Reserve(NamedTuple):
    """The stages between a class and the shelf's open stock: C candidates (cells) by J stages."""

    stock_pieces: Array
    """delta, (C, J)."""
    better_share: Array
    """s: share of the classes that may draw the stage in all demand, (C, J)."""
    line_pieces: Array
    """E[x²]/E[x] of an order line, (C,)."""

    def of(self, cells: Whole) -> Reserve:
        """Some of the cells."""
        return Reserve(self.stock_pieces[cells], self.better_share[cells], self.line_pieces[cells])


class Lasting(NamedTuple):
    """T = sure + step x N, N >= 0 whole with generating function prod_j ((p - w' z) / (1 - q z))^power."""

    sure_pieces: Array
    """(C,)."""
    step_pieces: Array
    """h, (C,)."""
    power: Array
    """(C, J)."""
    stay: Array
    """p, (C, J): chance that no worse piece (step) comes in between."""
    go_on: Array
    """q, (C, J): chance that a run of worse pieces goes on."""
    same_line: Array
    """rho, (C, 1)."""


def piece_by_piece(reserve: Reserve) -> Lasting:
    """The chain above, exact for single pieces and geometric lines."""
    return _chain(reserve, np.ones(reserve.line_pieces.size))


def in_steps(reserve: Reserve, step_pieces: Array) -> Lasting:
    """K in steps of h pieces: the chain of whole steps where a line is longer than a step, else a sure part
    and h times a negative binomial that together have K's first three cumulants.

    With c = third cumulant / variance, s' = 2 / (1 + c / h); where steps are too long for that (c < h), K is
    a Poisson number of steps and the third cumulant is given up.
    """
    long_lines = reserve.line_pieces >= step_pieces
    chain = _chain(reserve, step_pieces)
    mean, variance, third = _worse_cumulants(reserve)
    step = step_pieces[:, None]
    skew = np.divide(third, variance, out=np.ones_like(third), where=variance > 0)
    by_two = np.divide(mean, variance, out=np.ones_like(mean), where=variance > 0) * step
    # a larger s' than that of two moments leaves a sure part below zero: then mean and variance must do
    stay = np.minimum(np.minimum(2 / (1 + skew / step), by_two), 1 - NEARLY_POISSON)
    power = variance * (stay / step) ** 2 / (1 - stay)
    sure = (reserve.stock_pieces + np.maximum(mean - step * power * (1 - stay) / stay, 0.0)).sum(axis=1)
    few = Lasting(sure, step_pieces, power, stay, 1 - stay, np.zeros_like(step))
    return Lasting(*(_chosen(long_lines, one, other) for one, other in zip(chain, few, strict=True)))


def _chain(reserve: Reserve, step_pieces: Array) -> Lasting:
    """The chain counted in steps no longer than a line: same shares, lines of l / h steps."""
    rho = _same_line(reserve.line_pieces / step_pieces)[:, None]
    share = np.maximum(reserve.better_share, SMALLEST_SHARE)
    stay, go_on = rho + (1 - rho) * share, 1 - (1 - rho) * share
    return Lasting(
        reserve.stock_pieces.sum(axis=1),
        step_pieces,
        reserve.stock_pieces / step_pieces[:, None],
        stay,
        go_on,
        rho,
    )


def _same_line(line_pieces: Array) -> Array:
    """rho with (1 + rho) / (1 - rho) = l, for l of 1 or more."""
    return np.asarray(np.maximum(line_pieces - 1, 0.0) / (line_pieces + 1))


def _worse_cumulants(reserve: Reserve) -> tuple[Array, Array, Array]:
    """Mean, variance and third cumulant of each stage's K, (C, J).

    A better piece is preceded by none, or with chance a = (1 - rho)(1 - s) by a geometric run of 1, 2, ...
    pieces.
    """
    rho = _same_line(reserve.line_pieces)[:, None]
    share = np.maximum(reserve.better_share, SMALLEST_SHARE)
    a, end = (1 - rho) * (1 - share), (1 - rho) * share
    first, second = a / end, a * (2 - end) / end**2
    third = a * (6 - 6 * end + end**2) / end**3
    variance = second - first**2
    cumulant = third - 3 * first * second + 2 * first**3
    return reserve.stock_pieces * first, reserve.stock_pieces * variance, reserve.stock_pieces * cumulant


def _chosen(which: Mask, one: Array, other: Array) -> Array:
    """Row by row the one or the other."""
    return np.where(which.reshape(-1, *(1,) * (one.ndim - 1)), one, other)


class Growing(NamedTuple):
    """What chances of N grow from, and where curves are looked up: C cells by M levels by J or 2J terms.

    Powers of g obey n P(n) = sum_j power_j (q_j u_j(n-1) - w_j v_j(n-1)), w = rho / p, with u = P * 1/(1 - q
    z) and v = P * 1/(1 - w z), so u(n) = P(n) + q u(n-1).
    Where P(0) is too small for a number, as of a small class's reserve among a million pieces, all terms are
    held too large by exp(owed), until they have grown.
    """

    level_pieces: Array
    """y and what T surely is, (C, M)."""
    step_pieces: Array
    """h, (C,)."""
    chance: Array
    """P(0) exp(owed), (C,)."""
    owed: Array
    """(C,)."""
    power: Array
    """power_j and, where lines are longer than a step, -power_j, (C, J or 2J)."""
    ratio: Array
    """q_j and w_j, (C, J or 2J)."""

    def of(self, cells: Whole | Mask) -> Growing:
        """Some of the cells."""
        return Growing(*(one[cells] for one in self))


def growing(level_pieces: Array, lasting: Lasting) -> Growing:
    """Of the levels y of every cell, (C, M)."""
    first = (lasting.power * np.log(lasting.stay)).sum(axis=1)
    power, ratio = lasting.power, lasting.go_on
    if np.any(lasting.same_line > 0):
        power = np.concatenate([power, -power], axis=1)
        ratio = np.concatenate([ratio, lasting.same_line / lasting.stay], axis=1)
    return Growing(
        level_pieces + lasting.sure_pieces[:, None],
        lasting.step_pieces,
        np.exp(np.maximum(first, LEAST_LOG_CHANCE)),
        np.maximum(LEAST_LOG_CHANCE - first, 0.0),
        power,
        ratio,
    )


def mean_after_reserve(lookup: Lookup, asked: Growing) -> Array:
    """E[f(y + T)] of every curve f at the levels of every cell, (curves, C, M): P(N = n) grows term by term
    until what is left adds nothing at the lowest level, where curves fall least.

    lookup  curves at (cells (c,), levels (c, M)), falling with the level; beyond a table they are zero

    >>> geometric = piece_by_piece(Reserve(np.ones((1, 1)), np.array([[0.5]]), np.ones(1)))  # T = 1, 2, ...
    >>> from_none = growing(np.zeros((1, 1)), geometric)
    >>> found = mean_after_reserve(lambda cells, y: 0.5 ** y[None], from_none)
    >>> round(float(found[0, 0, 0]), 9)  # sum of 1/4 ** t
    0.333333333
    """
    cells, points = np.arange(len(asked.level_pieces)), asked.level_pieces.shape[1]
    lowest = asked.level_pieces.argmin(axis=1)
    level, step = asked.level_pieces.copy(), asked.step_pieces[:, None]
    chance, owed = asked.chance, asked.owed
    terms = _terms(asked)
    passed = chance * np.exp(-owed)
    values = lookup(cells, level)
    answers = np.empty(values.shape)
    total, live, n = passed[:, None] * values, np.ones(cells.size, bool), 0
    while True:
        place = np.arange(0, level.size, points) + lowest
        left, held = (one.reshape(len(one), -1).take(place, axis=1) for one in (values, total))
        live &= ((1 - passed) * left > NEGLIGIBLE_SHARE * held).any(axis=0)
        living = np.count_nonzero(live)
        if living < KEPT_WHILE_LIVE * live.size or not living:
            answers[:, cells[~live]] = total[:, ~live]
            if not living:
                return answers
            cells, lowest = cells[live], lowest[live]
            chance, passed, owed = (part[live] for part in (chance, passed, owed))
            level, step = level[live], step[live]
            terms = [(power[live], ratio[live], run[live]) for power, ratio, run in terms]
            total, live = total[:, live], np.ones(living, bool)
        n += 1
        level += step
        chance = np.zeros(cells.size)
        for power, ratio, run in terms:
            chance += power * ratio * run
        chance = np.maximum(chance / n, 0.0)
        terms = [(power, ratio, chance + ratio * run) for power, ratio, run in terms]
        true = chance
        if owed.any():
            paid = np.where(chance > MOST_CHANCE_HELD, np.minimum(owed, np.log(MOST_CHANCE_HELD)), 0.0)
            owed, less = owed - paid, np.exp(-paid)
            chance, terms = chance * less, [(power, ratio, run * less) for power, ratio, run in terms]
            true = chance * np.exp(-owed)
        passed = passed + true
        values = lookup(cells, level)
        # Whoever is no longer live takes no more, whoever else is asked.
        total += values * np.where(live, true, 0.0)[:, None]


def _terms(asked: Growing) -> list[tuple[Array, Array, Array]]:
    """(power, q, u) of every stage and (-power, w, v); u(0) = v(0) = P(0)."""
    return [
        (np.ascontiguousarray(power), np.ascontiguousarray(ratio), asked.chance)
        for power, ratio in zip(asked.power.T, asked.ratio.T, strict=True)
    ]

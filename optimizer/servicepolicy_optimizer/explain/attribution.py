"""Who caused how much of a difference: averages over the orders in which causes can come about."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TypeVar

import numpy as np

from servicepolicy_optimizer.facts import Floats

Cause = TypeVar("Cause", bound=Hashable)
Value = Callable[[frozenset[Cause]], Floats | None]
"""What is measured (p,) when only these causes have come about; None: it cannot be measured."""


@dataclass(frozen=True)
class Attribution:
    """The difference between all causes and none, shared out; the shares add up to it."""

    shares: Mapping[tuple[Hashable, ...], Floats]
    """Cause, or causes that can only be measured together -> (p,)."""
    orders: int
    """Over so many orders the shares are averages."""
    stated_order: bool


def over_all_orders(causes: Sequence[Cause], value: Value[Cause]) -> Attribution | None:
    """φ_c = Σ_S below(S) · above(S ∪ c) / orders · (v(S ∪ c) − v(S))   (Shapley 1953)

    below(S): orders that lead from nothing to S through measurable sets; above(S): from S to all causes.
    Where every set can be measured these weights are |S|! (n − |S| − 1)! / n!, and φ is the Shapley value.
    Else it is the average over the orders all of whose steps can be measured; None when there is no such
    order.  [2^n values]

    >>> made = over_all_orders("ab", lambda s: np.array([float(len(s)) + 2.0 * (len(s) == 2)]))
    >>> made.shares, made.orders
    ({('a',): array([2.]), ('b',): array([2.])}, 2)
    """
    everything = frozenset(causes)
    sets = [frozenset(one) for size in range(len(causes) + 1) for one in combinations(causes, size)]
    values = {one: value(one) for one in sets}
    below = _ways(sets, values)
    memo: dict[frozenset[Cause], int] = {}
    above = {one: _ways_up(one, values, causes, memo) for one in sets}
    orders = below[everything]
    if not orders:
        return None
    shares: dict[tuple[Hashable, ...], Floats] = {}
    for cause in causes:
        share = np.zeros(1)
        for one in sets:
            grown = one | {cause}
            before, after = values[one], values[grown]
            if cause not in one and before is not None and after is not None:
                share = share + float(Fraction(below[one] * above[grown], orders)) * (after - before)
        shares[cause,] = share
    return Attribution(shares, orders, stated_order=False)


def in_stated_order(causes: Sequence[Cause], value: Value[Cause]) -> Attribution:
    """One cause after the other; those between two measurable sets share one amount.  [n + 1 values]

    >>> made = in_stated_order("ab", lambda s: None if s == {"a"} else np.array([float(len(s))]))
    >>> made.shares
    {('a', 'b'): array([2.])}
    """
    before = value(frozenset())
    if before is None:
        raise ValueError("value: without any cause there must be something to measure")
    shares: dict[tuple[Hashable, ...], Floats] = {}
    waiting: list[Cause] = []
    for number, cause in enumerate(causes):
        waiting.append(cause)
        after = value(frozenset(causes[: number + 1]))
        if after is not None:
            shares[tuple(waiting)] = after - before
            before, waiting = after, []
    if waiting:
        raise ValueError("value: with all causes there must be something to measure")
    return Attribution(shares, 1, stated_order=True)


def _ways(
    sets: Sequence[frozenset[Cause]], values: Mapping[frozenset[Cause], Floats | None]
) -> dict[frozenset[Cause], int]:
    """Orders that lead from nothing to each set through measurable sets; `sets` by rising size."""
    ways: dict[frozenset[Cause], int] = {}
    for one in sets:
        if values[one] is None:
            ways[one] = 0
        else:
            ways[one] = sum(ways[one - {cause}] for cause in one) if one else 1
    return ways


def _ways_up(
    one: frozenset[Cause],
    values: Mapping[frozenset[Cause], Floats | None],
    causes: Sequence[Cause],
    memo: dict[frozenset[Cause], int],
) -> int:
    """Orders that lead from a set to all causes through measurable sets."""
    if one not in memo:
        left = [cause for cause in causes if cause not in one]
        steps = sum(_ways_up(one | {cause}, values, causes, memo) for cause in left) if left else 1
        memo[one] = 0 if values[one] is None else steps
    return memo[one]


def to_the_cent(amounts: Sequence[float], total: float) -> list[float]:
    """Amounts in whole cents that add up to the total in whole cents (largest remainder).

    >>> to_the_cent([1 / 3, 1 / 3, 1 / 3], 1.0)
    [0.34, 0.33, 0.33]
    """
    exact = [100.0 * amount for amount in amounts]
    cents = [int(np.floor(one)) for one in exact]
    missing = round(100.0 * total) - sum(cents)
    # Whoever was rounded down most gets a cent first; of equals the first.
    by_remainder = sorted(range(len(exact)), key=lambda n: cents[n] - exact[n])
    for step in range(abs(missing)):
        cents[by_remainder[step % len(cents)]] += 1 if missing > 0 else -1
    return [one / 100.0 for one in cents]

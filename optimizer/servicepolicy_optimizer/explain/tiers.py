"""The rule of qualification played through the periods of the history: who is in which class."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicepolicy_models.qualification import QualificationRule, Thresholds
from servicepolicy_optimizer.explain.customer_periods import CustomerPeriods
from servicepolicy_optimizer.facts import Floats, Ints

Reached = NDArray[np.bool_]

AMOUNTS = {"revenue_per_year": "revenue", "pieces_per_year": "pieces", "lines_per_year": "lines"}
"""Threshold -> amount of the period."""


@dataclass(frozen=True)
class Tiers:
    """Who ends in which class, C customers."""

    class_after: Ints
    """(C,) index."""
    periods_in_class: Ints
    """(C,) periods since the class was entered, the last one included."""
    class_before_last: Ints
    """(C,) class before the last period ended."""


def play(rule: QualificationRule, customers: CustomerPeriods, lowest: int) -> Tiers:
    """Everybody starts in the lowest class; each period's end moves those who earned or lost a class.

    lowest: index of the lowest class; rule.classes[k] speaks of class k.
    """
    enter = [reached(one.enter, customers) for one in rule.classes]
    keep = [reached(one.keep or relaxed(one.enter, rule.keep_share), customers) for one in rule.classes]
    count, periods = customers.revenue.shape
    now = np.full(count, lowest, dtype=np.intp)
    missed, since, before = (np.zeros(count, dtype=np.intp) for _ in range(3))
    for period in range(periods):
        before = now.copy()
        risen = np.minimum(now, _best(enter, lowest, period, rule.enter_after))
        kept = np.array([keep[k][c, period] if k < lowest else True for c, k in enumerate(now)])
        missed = np.where(kept, 0, missed + 1)
        falls = (risen == now) & (missed >= rule.leave_after)
        fallen = np.maximum(_best(keep, lowest, period, 1, below=now), now)
        now = np.where(falls, fallen, risen).astype(np.intp)
        missed[now != before] = 0
        since = np.where(now != before, 1, since + 1)
    return Tiers(now, since, before)


def reached(asked: Thresholds, customers: CustomerPeriods) -> Reached:
    """(C, P) whether a customer reached in a period all that is asked."""
    met = np.ones(customers.revenue.shape, dtype=np.bool_)
    for name, amount in AMOUNTS.items():
        least = getattr(asked, name)
        if least is not None:
            met &= getattr(customers, amount) * customers.periods_per_year >= least
    if asked.loyalty_periods is not None:
        met &= in_a_row(customers.lines > 0) >= asked.loyalty_periods
    if asked.growth is not None:
        met &= growth(customers.revenue) >= asked.growth
    return met


def relaxed(enter: Thresholds, share: float) -> Thresholds:
    """What is enough to stay where the rule does not say: a share of the amounts; no loyalty, no growth.

    >>> relaxed(Thresholds(revenue_per_year=1000.0, growth=0.1), 0.8).revenue_per_year
    800.0
    """
    amounts = {name: getattr(enter, name) for name in AMOUNTS}
    return Thresholds(**{name: share * value for name, value in amounts.items() if value is not None})


def in_a_row(active: Reached) -> Ints:
    """(C, P) periods with an order, this one and those right before it.

    >>> in_a_row(np.array([[True, False, True, True]])).tolist()
    [[1, 0, 1, 2]]
    """
    row = np.zeros(active.shape, dtype=np.intp)
    for period in range(active.shape[1]):
        before = row[:, period - 1] if period else 0
        row[:, period] = np.where(active[:, period], before + 1, 0)
    return row


def growth(revenue: Floats) -> Floats:
    """(C, P) revenue / revenue of the period before − 1; −1 where there was none to grow from.

    >>> growth(np.array([[100.0, 150.0, 0.0, 10.0]])).tolist()
    [[-1.0, 0.5, -1.0, -1.0]]
    """
    before = np.hstack([np.zeros((revenue.shape[0], 1)), revenue[:, :-1]])
    grown: Floats = np.divide(revenue, before, out=np.zeros_like(revenue), where=before > 0) - 1.0
    return grown


def _best(
    met: Sequence[Reached], lowest: int, period: int, in_a_row_of: int, below: Ints | None = None
) -> Ints:
    """(C,) the best class reached in so many periods up to this one; worse than `below` where given."""
    count = met[0].shape[0]
    best = np.full(count, lowest, dtype=np.intp)
    if period + 1 < in_a_row_of:
        return best
    for k in reversed(range(len(met))):
        reached_it = met[k][:, period + 1 - in_a_row_of : period + 1].all(axis=1)
        allowed = reached_it if below is None else reached_it & (k > below)
        best[allowed] = k
    return best

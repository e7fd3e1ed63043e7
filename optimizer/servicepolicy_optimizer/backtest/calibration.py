"""What a stockout chance really gave, period by period: the curve on which a promise is looked up.

Every chance of a grid is replayed over all periods by itself. What it gave in the periods before a refit
corrects whatever forecast, law and formula get wrong together: the chance for the next period is the one that
would have kept the promise in the latest ones. The share of pieces delivered is a bounded loss that falls
with the chance, so this is conformal risk control (Angelopoulos, Bates, Fisch, Lei and Schuster 2024, at the
expected loss itself); it never sees the period it is judged on.
"""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.backtest.period import Period, item_class_of_lines, warm_up
from servicepolicy_optimizer.backtest.reorder_points import planned_fill_rates, reorder_points
from servicepolicy_optimizer.backtest.replay import opening_shelf, play
from servicepolicy_optimizer.backtest.setting import Setting
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.history.sums import summed

CHANCES = np.geomspace(3e-5, 30.0, 31)
"""Of a stockout in the cycle of an item of median worth: from practically never to no stock at all."""


@dataclass(frozen=True)
class Curves:
    """What every chance gave in every period; C chances, P periods, J item classes."""

    delivered: Floats
    """(C, P, J) promised pieces delivered from stock."""
    promised: Floats
    """(P, J) promised pieces."""
    planned: Floats
    """(C, J) fill rate that the first forecast's own law expects."""


def curves(setting: Setting, periods: tuple[Period, ...]) -> Curves:
    """Replay every chance over all periods."""
    history, shape = setting.history, (len(periods), setting.classes)
    delivered, planned = np.empty((CHANCES.size, *shape)), np.empty((CHANCES.size, setting.classes))
    promised = np.stack([_by_class(setting, one, history.pieces[one.lines]) for one in periods])
    lead_in = warm_up(setting, periods[0].known)
    for c, chance in enumerate(CHANCES):
        points = reorder_points(periods[0].known, chance)
        shelf = opening_shelf(setting, points)
        planned[c] = planned_fill_rates(periods[0].known, points)
        play(setting, shelf, lead_in, points)
        for p, one in enumerate(periods):
            points = reorder_points(one.known, chance)
            delivered[c, p] = _by_class(setting, one, play(setting, shelf, one, points).delivered_pieces)
    return Curves(delivered, promised, planned)


def chance_for(goal: Floats, achieved: Floats) -> Floats:
    """(J,) the chance at which the curve (C, J) reaches the goal (J,); the nearest where it never does.

    >>> curve = np.linspace(1.0, 0.0, CHANCES.size)[:, None]
    >>> float((chance_for(np.array([0.2]), curve)[0] / CHANCES[24]).round(9))
    1.0
    """
    falling = np.minimum.accumulate(achieved, axis=0)
    logarithm = np.log(CHANCES)
    places = [np.interp(-want, -curve, logarithm) for want, curve in zip(goal, falling.T, strict=True)]
    return np.asarray(np.exp(places))


def achieved_before(found: Curves, period: int, half_life_periods: float) -> Floats:
    """(C, J) what each chance gave in the periods before a period, the latest counting most.

    A class without promised pieces there borrows from all classes; while none has any, the forecast's own law
    stands in.
    """
    if not found.promised[:period].any():
        return found.planned
    weight = 0.5 ** (np.arange(period)[::-1, None] / half_life_periods)
    promised = (found.promised[:period] * weight).sum(axis=0)
    delivered = (found.delivered[:, :period] * weight).sum(axis=1)
    together = delivered.sum(axis=1) / promised.sum()
    own = delivered / np.where(promised > 0, promised, 1.0)
    return np.asarray(np.where(promised > 0, own, together[:, None]))


def _by_class(setting: Setting, one: Period, pieces: Floats) -> Floats:
    """(J,) pieces of the promised lines."""
    of_class = item_class_of_lines(setting.history, one)[one.promised]
    return summed(of_class, pieces[one.promised], setting.classes)

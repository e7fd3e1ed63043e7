"""Keep one promise through the judged periods: aim, set reorder points, play, look, aim again."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.backtest.calibration import Curves, achieved_before, chance_for
from servicepolicy_optimizer.backtest.period import Period, item_class_of_lines, warm_up
from servicepolicy_optimizer.backtest.reorder_points import ReorderPoints, reorder_points
from servicepolicy_optimizer.backtest.replay import Played, opening_shelf, play
from servicepolicy_optimizer.backtest.setting import Setting
from servicepolicy_optimizer.facts import Floats

MOST_OF_SHORTFALL_MOVED = 0.5
"""Catching up aims at most this share of the shortfall that the promise allows above or below the promise:
above, stock would grow without end; below, what chance gave would be given back."""

LATELY = 3
"""Periods whose mean demand is taken for that of each period to come."""


@dataclass(frozen=True)
class Kept:
    """One promise through the judged periods, in their order."""

    played: tuple[Played, ...]
    aims: tuple[Floats, ...]
    """(J,) fill rate aimed at in each period."""
    points: tuple[ReorderPoints, ...]


def kept(
    setting: Setting, periods: tuple[Period, ...], found: Curves, promise: float, catch_up: bool
) -> Kept:
    """Play the judged periods (those from `setting.first_judged_day` on) with one promise for all."""
    judged = [p for p, one in enumerate(periods) if one.from_day >= setting.first_judged_day]
    balance = _Balance(setting, promise)
    played, aims, chosen = list[Played](), list[Floats](), list[ReorderPoints]()
    shelf = None
    for p in judged:
        one = periods[p]
        lately = achieved_before(found, p, setting.plan.calibration_half_life_refits)
        aim = balance.aim(found, p, one.from_day) if catch_up else np.full(setting.classes, promise)
        points = reorder_points(one.known, chance_for(aim, lately))
        if shelf is None:
            shelf = opening_shelf(setting, points)
            play(setting, shelf, warm_up(setting, one.known), points)
        played.append(play(setting, shelf, one, points))
        balance.add(one, played[-1])
        aims.append(aim)
        chosen.append(points)
    return Kept(tuple(played), tuple(aims), tuple(chosen))


class _Balance:
    """Pieces that each item class was short of its promise so far."""

    def __init__(self, setting: Setting, promise: float) -> None:
        self.setting, self.promise = setting, promise
        self.short_of_promise = np.zeros(setting.classes)

    def add(self, one: Period, played: Played) -> None:
        """Count a period."""
        promised, of_class = one.promised, item_class_of_lines(self.setting.history, one)
        pieces = self.setting.history.pieces[one.lines]
        gap = self.promise * pieces[promised] - played.delivered_pieces[promised]
        self.short_of_promise += np.bincount(of_class[promised], gap, minlength=self.setting.classes)

    def aim(self, found: Curves, period: int, from_day: int) -> Floats:
        """(J,) the promise, and the shortfall so far spread evenly over the rest of the judged days."""
        before = found.promised[max(0, period - LATELY) : period]
        lately = before.mean(axis=0) if period else np.zeros(self.setting.classes)
        periods_left = max(1.0, (self.setting.history.days - from_day) / self.setting.plan.refit_days)
        made_up = self.short_of_promise / np.maximum(lately * periods_left, 1e-9)
        room = (1 - self.promise) * MOST_OF_SHORTFALL_MOVED
        return np.clip(self.promise + made_up, self.promise - room, self.promise + room)

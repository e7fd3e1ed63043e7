"""Figures over runs: means with their intervals, and the totals of items."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import t as student

from servicepolicy_models.simulation import Estimate
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.simulate.measure import RunFigures


@dataclass
class _Moments:
    """Count, mean and squared deviations of a figure, run by run (Welford 1962); NaN counts as no run."""

    count: Floats
    mean: Floats
    squares: Floats

    def add(self, value: Floats) -> None:
        told = ~np.isnan(value)
        self.count += told
        step = np.where(told, value - self.mean, 0.0)
        self.mean += step / np.maximum(self.count, 1.0)
        self.squares += step * np.where(told, value - self.mean, 0.0)

    def half_width(self, confidence: float) -> Floats:
        """t s / sqrt(n), of n independent runs; NaN where there are fewer than two."""
        freedom = np.maximum(self.count - 1.0, 1.0)
        deviation = np.sqrt(self.squares / freedom)
        width = (
            student.ppf((1.0 + confidence) / 2.0, freedom) * deviation / np.sqrt(np.maximum(self.count, 1))
        )
        return np.asarray(np.where(self.count > 1, width, np.nan))


@dataclass
class Estimates:
    """Everything that is kept of the runs, whatever their number; filled by `estimates`."""

    moments: dict[str, _Moments] = field(default_factory=dict)
    totals: dict[str, Floats] = field(default_factory=dict)

    def estimate(self, name: str, at: int | tuple[int, ...], confidence: float) -> Estimate | None:
        """One figure of one group; None where no run told it."""
        moments = self.moments[name]
        if not moments.count[at]:
            return None
        width = float(moments.half_width(confidence)[at])
        return Estimate(mean=float(moments.mean[at]), half_width=None if np.isnan(width) else width)

    def _add(self, name: str, value: Floats) -> None:
        shape = np.shape(value)
        new = _Moments(np.zeros(shape), np.zeros(shape), np.zeros(shape))
        self.moments.setdefault(name, new).add(value)

    def _add_total(self, name: str, value: Floats) -> None:
        self.totals[name] = self.totals.get(name, 0.0) + np.asarray(value, float)


def estimates(runs: Iterable[RunFigures], price: Floats, item_class: Ints, classes: int) -> Estimates:
    """Gather the runs one by one, in their order. price, item_class (N,) of the shelves."""
    kept = Estimates()
    for run in runs:
        for name, value in (run.service | run.hours).items():
            kept._add(name, value)
        worth = np.bincount(item_class, run.shelf.on_hand_pieces * price, classes)
        owed = np.bincount(item_class, run.shelf.owed_pieces, classes)
        kept._add("on_hand_value", np.append(worth, worth.sum()))
        kept._add("owed", np.append(owed, owed.sum()))
        share = np.full(run.asked_pieces.shape, np.nan)
        asked = run.asked_pieces > 0
        share[asked] = run.from_stock_pieces[asked] / run.asked_pieces[asked]
        kept._add("item_fill_rate", share)
        cycles = np.where(asked, run.shelf.cycles[:, None], 0.0)
        good = 1.0 - run.short_cycles_of_class / np.maximum(cycles, 1.0)
        kept._add("item_cycle_service", np.where(cycles > 0, good, np.nan))
        for name, total in (
            ("asked", run.asked_pieces),
            ("from_stock", run.from_stock_pieces),
            ("cycles", run.shelf.cycles),
            ("short_cycles", run.short_cycles),
            ("on_hand", run.shelf.on_hand_pieces),
            ("owed", run.shelf.owed_pieces),
            ("balance", np.array(run.balance)),
            ("runs", np.ones(())),
        ):
            kept._add_total(name, total)
    return kept

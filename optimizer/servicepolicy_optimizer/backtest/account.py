"""What the lines of the judged periods got, line by line, ready to be summed by anything."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.backtest.keeping import Kept
from servicepolicy_optimizer.backtest.period import Period, customer_class_of_lines, item_class_of_lines
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.history import OrderHistory

WEEK_DAYS = 7
WHOLE = 1 - 1e-9
"""A line delivered to this share is delivered whole."""


@dataclass(frozen=True)
class Account:
    """M lines of the judged periods."""

    item: Ints
    order: Ints
    day: Ints
    customer_class: Ints
    item_class: Ints
    region: Ints
    pieces: Floats
    delivered: Floats
    promised: NDArray[np.bool_]
    quoted: NDArray[np.bool_]
    stocked: NDArray[np.bool_]

    def fill_rate(self, lines: NDArray[np.bool_]) -> float | None:
        """Unit fill rate of some lines; None without pieces."""
        asked = float(self.pieces[lines].sum())
        return float(self.delivered[lines].sum()) / asked if asked else None

    def standard_error(self, lines: NDArray[np.bool_]) -> float | None:
        """Standard error of their fill rate from week to week, as of a ratio of sums (Cochran 1977, 6.2).

        None below two weeks with pieces. Weeks follow each other, so it is too small where a shortage lasts
        for weeks or demand drifts: by the refit periods of Online Retail it was 1.7 times larger.
        """
        week = self.day[lines] // WEEK_DAYS
        if week.size == 0:
            return None
        week = week - week.min()
        asked = np.bincount(week, self.pieces[lines])
        got = np.bincount(week, self.delivered[lines])
        weeks = int((asked > 0).sum())
        if weeks < 2:
            return None
        residual = got - got.sum() / asked.sum() * asked
        return float(np.sqrt(weeks / (weeks - 1) * (residual**2).sum()) / asked.sum())

    def line_fill_rate(self, lines: NDArray[np.bool_]) -> float | None:
        """Share of some lines delivered whole from stock."""
        if not lines.any():
            return None
        return float((self.delivered[lines] >= WHOLE * self.pieces[lines]).mean())


def account(history: OrderHistory, judged: tuple[Period, ...], kept: Kept) -> Account:
    """Join the periods."""

    def joined(values: list[np.ndarray]) -> np.ndarray:
        return np.concatenate(values)

    return Account(
        item=joined([history.item[one.lines] for one in judged]),
        order=joined([history.order[one.lines] for one in judged]),
        day=joined([history.day[one.lines] for one in judged]),
        customer_class=joined([customer_class_of_lines(history, one) for one in judged]),
        item_class=joined([item_class_of_lines(history, one) for one in judged]),
        region=joined([history.region[one.lines] for one in judged]),
        pieces=joined([history.pieces[one.lines] for one in judged]),
        delivered=joined([one.delivered_pieces for one in kept.played]),
        promised=joined([one.promised for one in judged]),
        quoted=joined([one.quoted for one in judged]),
        stocked=joined([one.stocked for one in judged]),
    )

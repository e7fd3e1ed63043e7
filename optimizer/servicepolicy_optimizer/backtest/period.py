"""What really came between two refits, laid out for replaying: the same for every stock that is tried."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.backtest.lead_times import lead_days
from servicepolicy_optimizer.backtest.setting import Setting
from servicepolicy_optimizer.backtest.situation import Situation
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.history import OrderHistory
from servicepolicy_optimizer.history.sums import summed

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Period:
    """m lines of N items on B days, from one refit to the next."""

    known: Situation
    """On the period's first day."""
    from_day: int
    to_day: int
    lines: slice
    """Of the history."""
    quoted: Mask
    """(m,) lines of quoted size: not promised stock, and not taken from it."""
    stocked: Mask
    """(m,) whether stock ordered at the first refit after the item's first sale or forecast could have
    arrived.
    """
    demand: Floats
    """(B, N) pieces a day of the lines that are not quoted."""
    line: Ints
    """Lines that are not quoted, by item, day and arrival."""
    ahead_pieces: Floats
    """Pieces asked of the same item on the same day before each of `line`."""
    lead_days: Ints
    """(B, N) whole days, at least one, until what is ordered in the evening arrives; (1, N) if always the
    same.
    """

    @property
    def promised(self) -> Mask:
        """(m,) lines that are promised stock."""
        return ~self.quoted & self.stocked

    @property
    def days(self) -> int:
        """B."""
        return self.to_day - self.from_day


def period(setting: Setting, known: Situation, to_day: int) -> Period:
    """The period that begins with a refit; a warm-up lies before its situation's day (see `warm_up`)."""
    return _laid_out(setting, known, known.day, to_day)


def warm_up(setting: Setting, known: Situation) -> Period:
    """The days before a refit in which a replay finds into its stride: as many as an order lives."""
    quantity, rate = known.order_quantity_pieces, known.prediction.pieces_per_day
    cover = np.median(quantity[rate > 0] / rate[rate > 0]) if (rate > 0).any() else 0.0
    days = int(min(known.day, setting.longest_protection_days + np.ceil(cover)))
    return _laid_out(setting, known, known.day - days, known.day)


def _laid_out(setting: Setting, known: Situation, from_day: int, to_day: int) -> Period:
    history = setting.history
    lines = history.lines_between(from_day, to_day)
    item, pieces = history.item[lines], history.pieces[lines]
    quoted = pieces > known.quote_above_pieces[item]
    days, items = to_day - from_day, len(history.items)
    place = (history.day[lines] - from_day) * items + item
    demand = summed(place[~quoted], pieces[~quoted], days * items)
    line = np.flatnonzero(~quoted)
    line = line[np.lexsort((line, history.day[lines][line], item[line]))]
    return Period(
        known=known,
        from_day=from_day,
        to_day=to_day,
        lines=lines,
        quoted=quoted,
        stocked=history.day[lines] >= _stocked_from(setting, known)[item],
        demand=demand.reshape(days, items),
        line=line,
        ahead_pieces=_ahead(place[line], pieces[line]),
        lead_days=lead_days(setting, known.item_class, range(from_day, to_day)),
    )


def _stocked_from(setting: Setting, known: Situation) -> Ints:
    """(N,) first day on which an item can be promised: a protection interval after its first refit."""
    protection = np.array([one.protection_days for one in setting.supplies])[known.item_class]
    return np.asarray(setting.refit_after(setting.first_known(), known.day) + protection)


def _ahead(place: Ints, pieces: Floats) -> Floats:
    """Pieces before each line within runs of the same place.

    >>> _ahead(np.array([3, 3, 5]), np.array([2.0, 4.0, 1.0])).tolist()
    [0.0, 2.0, 0.0]
    """
    if place.size == 0:
        return np.zeros(0)
    before = np.cumsum(pieces) - pieces
    starts = np.concatenate([[True], place[1:] != place[:-1]])
    run = np.cumsum(starts) - 1
    return np.asarray(before - before[starts][run])


def item_class_of_lines(history: OrderHistory, one: Period) -> Ints:
    """(m,) as known at the refit."""
    return one.known.item_class[history.item[one.lines]]


def customer_class_of_lines(history: OrderHistory, one: Period) -> Ints:
    """(m,) as known at the refit."""
    return one.known.customer_class[history.customer[one.lines]]

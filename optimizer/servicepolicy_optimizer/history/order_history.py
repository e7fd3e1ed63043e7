"""Cleaned order lines as arrays, in the order in which they came."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.facts import Floats, Ints


@dataclass(frozen=True)
class OrderHistory:
    """M lines of N items and C customers, sorted by day, then as in the file. Days count from `first_day`."""

    item: Ints
    """(M,)"""
    customer: Ints
    """(M,)"""
    order: Ints
    """(M,) index into `orders`."""
    region: Ints
    """(M,)"""
    day: Ints
    """(M,) rising."""
    pieces: Floats
    """(M,) above zero."""
    revenue: Floats
    """(M,) currency."""
    cost: Floats
    """(M,) currency."""
    items: tuple[str, ...]
    """N codes, sorted."""
    orders: tuple[str, ...]
    customers: tuple[str, ...]
    """C codes, sorted; an order's number where it names no customer."""
    ranked_customers: NDArray[np.bool_]
    """(C,) False for those that fall into the lowest class unseen."""
    unit_cost: Floats
    """(N,) currency per piece."""
    item_class: Ints
    """(N,) by the whole history, or as given."""
    customer_class: Ints
    """(C,) by the whole history, or as given."""
    first_day: date
    days: int
    """Calendar days from the first to the last, both included."""

    def lines_between(self, from_day: int, to_day: int) -> slice:
        """The lines of the days from_day .. to_day - 1."""
        first, last = np.searchsorted(self.day, [from_day, to_day])
        return slice(int(first), int(last))

    def first_sale(self) -> Ints:
        """(N,) day of each item's first line."""
        first = np.full(len(self.items), self.days, dtype=np.intp)
        np.minimum.at(first, self.item, self.day)
        return first

    def date_of(self, day: int) -> str:
        """ISO date of a day."""
        return (self.first_day + timedelta(days=day)).isoformat()

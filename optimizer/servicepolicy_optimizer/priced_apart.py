"""Shelves whose classes are served apart, priced many times at prices of their segments alone.

No one price decides their rungs, so every rung is asked. What it costs and what each segment is short of is
written down once; then a price is a product of a matrix and a vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.curves.columns import StockedShelf, StockPrices, rung_costs
from servicepolicy_optimizer.facts import Floats, Ints, Rungs

MOST_CELLS = 4_000_000
"""Numbers written down for an item class; with more, shelves are priced as they lie."""


@dataclass(frozen=True)
class PricedApart:
    """A shelf of n items with M rungs each, S segments."""

    cost: Floats
    """(n, M) currency a year where no piece short has a price."""
    short: Floats
    """(S, n · M) pieces a year."""

    def cheapest(self, piece_short: Floats) -> tuple[float, Rungs]:
        """`curves.cheapest_rungs` at prices (S,) of a piece short."""
        every = self.cost + (piece_short @ self.short).reshape(self.cost.shape)
        best = every.argmin(axis=1)
        of_rungs = float(every[np.arange(best.size), best].sum())
        return of_rungs, best.astype(np.min_scalar_type(self.cost.shape[1]))


def cells_of(shelf: StockedShelf, segments: int) -> int:
    """How many numbers a shelf takes; 0 where one price decides its rungs."""
    if shelf.has_envelope:
        return 0
    return shelf.items.rows.size * shelf.rungs.rungs * (segments + 1)


def priced_apart(shelf: StockedShelf, segments: Sequence[tuple[int, Ints]]) -> PricedApart:
    """A shelf at prices of these segments: customer class and regions of each."""
    nobody = StockPrices(np.zeros(shelf.items.pieces.shape[1:]))
    missing = 1.0 - shelf.rungs.fill_rate
    short = [
        shelf.items.pieces[:, customer_class][:, regions].sum(axis=1)[:, None]
        * missing[:, :, customer_class if missing.shape[2] > 1 else 0]
        for customer_class, regions in segments
    ]
    return PricedApart(rung_costs(shelf, nobody), np.stack([one.ravel() for one in short]))

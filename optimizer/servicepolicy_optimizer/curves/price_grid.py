"""StockPrices on a piece short that span a shelf's ladder from its first rung to its last."""

from functools import partial

import numpy as np

from servicepolicy_optimizer.curves.columns import StockedShelf
from servicepolicy_optimizer.curves.envelope_of_many import slopes_of_many
from servicepolicy_optimizer.curves.lots import are_many, lots_of
from servicepolicy_optimizer.curves.outer_quantiles import OuterQuantiles
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.inventory.side_by_side import side_by_side

CLASS_PATTERNS = (1.0, 0.3, 0.03)
"""On a rationed shelf a class's price is this power pattern of the better one's: equal worth, then ever
steeper.
"""

OUTER_SHARE = 0.01
"""Of the prices at which items change rung, beyond the grid at either end."""

LEAST_SAVED_PIECES = 1e-9
"""A year; steps that save less change nothing."""


def price_grid(shelf: StockedShelf, levels: int, rationed: bool) -> Floats:
    """(K, I) prices in currency per piece short, rising by level.

    The levels are a geometric grid between the 1 % and 99 % quantiles of the prices at which items change
    rung; zero
    and a price beyond every change are added, so that the cheapest and the fullest shelf are both columns.
    """
    classes = shelf.items.pieces.shape[1]
    low, high = _switching_prices(shelf)
    levels = max(levels // 2, 4) if rationed else levels
    scale = np.concatenate([[0.0], np.geomspace(low, high, levels), [high * 1e6]])
    if not rationed:
        return np.repeat(scale[:, None], classes, axis=1)
    patterns = _class_patterns(classes)
    grid: Floats = (scale[:, None, None] * patterns[None]).reshape(-1, classes)
    return np.unique(grid, axis=0)


def _switching_prices(shelf: StockedShelf) -> tuple[float, float]:
    """1 % and 99 % quantile of (holding cost of the next rung) / (pieces it saves)."""
    steps = shelf.items.rows.size * max(shelf.rungs.rungs - 1, 0)
    slopes = OuterQuantiles(OUTER_SHARE, steps)
    for count, needed in side_by_side(partial(_slopes, shelf, slopes), lots_of(shelf.items.rows.size)):
        slopes.add(count, needed)
    shelf.let_go()
    if not slopes.count:
        return 1e-3, 1e3
    low, high = slopes.pair()
    return low, max(high, low * 10.0)


def _slopes(shelf: StockedShelf, known: OuterQuantiles, lot: slice) -> tuple[int, Floats]:
    """Of all steps of some items that save anything and cost anything: how many, and those that are needed.

    How many are needed depends on which thread is ahead, their quantiles do not.
    """
    fill = shelf.rungs.fill_rate[lot]
    if fill.shape[2] == 1 and are_many(shelf.items.rows.size):
        stock, pieces = shelf.rungs.on_hand_pieces[lot], shelf.items.pieces[lot].sum(axis=(1, 2))
        figures = stock, fill[:, :, 0], shelf.holding_cost[lot], pieces
        return slopes_of_many(*figures, LEAST_SAVED_PIECES, (known.low, known.high))
    on_hand = np.diff(shelf.rungs.on_hand_pieces[lot], axis=1) * shelf.holding_cost[lot, None]
    pieces = shelf.items.pieces[lot].sum(axis=2)
    if fill.shape[2] == 1:
        filled = fill[:, :, 0] * pieces.sum(axis=1)[:, None]
    else:
        filled = (fill * pieces[:, None, :]).sum(axis=2)
    saved = np.diff(filled, axis=1)
    slopes: Floats = on_hand[saved > LEAST_SAVED_PIECES] / saved[saved > LEAST_SAVED_PIECES]
    slopes = slopes[slopes > 0]
    return slopes.size, known.needed(slopes)


def _class_patterns(classes: int) -> Floats:
    """(P, I) how a price falls from class to class: by one factor everywhere, or at one step only."""
    rows = [np.ones(classes)]
    for factor in CLASS_PATTERNS[1:]:
        rows.append(factor ** np.arange(classes, dtype=float))
        rows.extend(np.where(np.arange(classes) >= first, factor, 1.0) for first in range(1, classes))
    return np.unique(np.array(rows), axis=0)

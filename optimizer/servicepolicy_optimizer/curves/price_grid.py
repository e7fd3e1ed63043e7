"""StockPrices on a piece short that span a shelf's ladder from its first rung to its last."""

import numpy as np

from servicepolicy_optimizer.curves.columns import StockedShelf
from servicepolicy_optimizer.facts import Floats

CLASS_PATTERNS = (1.0, 0.3, 0.03)
"""On a rationed shelf a class's price is this power pattern of the better one's: equal worth, then ever
steeper.
"""


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
    on_hand = np.diff(shelf.rungs.on_hand_pieces, axis=1) * shelf.holding_cost[:, None]
    pieces = shelf.items.pieces.sum(axis=2)
    filled = (shelf.rungs.fill_rate * pieces[:, None, :]).sum(axis=2)
    if shelf.rungs.fill_rate.shape[2] == 1:
        filled = shelf.rungs.fill_rate[:, :, 0] * pieces.sum(axis=1)[:, None]
    saved = np.diff(filled, axis=1)
    slopes = (on_hand[saved > 1e-9] / saved[saved > 1e-9]) if saved.size else np.array([])
    slopes = slopes[slopes > 0]
    if not slopes.size:
        return 1e-3, 1e3
    low, high = np.quantile(slopes, [0.01, 0.99])
    return float(low), float(max(high, low * 10.0))


def _class_patterns(classes: int) -> Floats:
    """(P, I) how a price falls from class to class: by one factor everywhere, or at one step only."""
    rows = [np.ones(classes)]
    for factor in CLASS_PATTERNS[1:]:
        rows.append(factor ** np.arange(classes, dtype=float))
        rows.extend(np.where(np.arange(classes) >= first, factor, 1.0) for first in range(1, classes))
    return np.unique(np.array(rows), axis=0)

"""How large an item's order lines are: what is known of each, with what all lines have in common."""

import numpy as np
from scipy.special import ndtri

from servicepolicy_optimizer.facts import Floats, Ints

POOLED_LINES = 5.0
"""An item's own lines are joined by this many of the pooled shape: one odd line proves little."""

ROUNDING = 1e-6
"""A line that is larger by this share is of the same size."""


def lump_sizes(item: Ints, pieces: Floats, items: int) -> Floats:
    """(items,) E[x²] / E[x] of the order line size x: the size in which a piece of demand comes.  [pieces]

    The shape E[x²] / E[x]² of all lines stands in for what an item's few lines cannot tell.

    >>> lump_sizes(np.array([0, 0]), np.array([4.0, 4.0]), 2).tolist()
    [4.0, 4.0]
    """
    lines = np.bincount(item, minlength=items)
    first = np.bincount(item, pieces, minlength=items)
    second = np.bincount(item, pieces**2, minlength=items)
    sold = lines > 0
    if not sold.any():
        return np.ones(items)
    mean = np.where(sold, first / np.maximum(lines, 1), pieces.mean())
    shape = np.average(second[sold] / (first[sold] * mean[sold]), weights=lines[sold])
    return np.asarray((second + POOLED_LINES * shape * mean**2) / (first + POOLED_LINES * mean))


def promised_shares(item: Ints, pieces: Floats, limit: Floats) -> Floats:
    """(items,) share of an item's pieces that come in lines of up to its limit.

    The share of all items stands in for what an item's few lines cannot tell; above a limit of 0 lies all.

    >>> one = np.array([0, 0, 1]), np.array([2.0, 8.0, 5.0])
    >>> promised_shares(*one, np.array([4.0, np.inf])).round(3).tolist()
    [0.39, 0.556]
    >>> promised_shares(*one, np.array([0.0, np.inf])).round(3).tolist()
    [0.0, 0.444]
    """
    if item.size == 0:
        return np.ones(limit.size)
    lines, kept = np.bincount(item, minlength=limit.size), pieces <= limit[item]
    total = np.bincount(item, pieces, minlength=limit.size)
    own = np.bincount(item[kept], pieces[kept], minlength=limit.size)
    together = own.sum() / total.sum()
    pooled = POOLED_LINES * np.where(lines > 0, total / np.maximum(lines, 1), 1.0)
    return np.asarray(np.where(limit > 0, (own + pooled * together) / (total + pooled), 0.0))


def large_line_sizes(item: Ints, pieces: Floats, items: int, above_quantile: float | Floats | None) -> Floats:
    """(items,) size above which a line is larger than the quantile of the item's lines.  [pieces]

    One quantile for all, or (items,).

    The logarithm of the size is taken as normal, with mean and variance of the item's own lines and
    POOLED_LINES more of all items together. Infinite where no quantile is asked.

    >>> large_line_sizes(np.array([0, 0, 0]), np.array([4.0, 4.0, 4.0]), 1, 0.99).round(3).tolist()
    [4.0]
    """
    if above_quantile is None or item.size == 0:
        return np.full(items, np.inf)
    size = np.log(pieces)
    lines = np.bincount(item, minlength=items)
    first, second = np.bincount(item, size, minlength=items), np.bincount(item, size**2, minlength=items)
    squares = np.maximum(second - first**2 / np.maximum(lines, 1), 0.0)
    within = squares.sum() / max(lines.sum() - (lines > 0).sum(), 1)
    own = np.where(lines > 0, first / np.maximum(lines, 1), size.mean())
    variance = (squares + POOLED_LINES * within) / (np.maximum(lines - 1, 0) + POOLED_LINES)
    return np.asarray(np.exp(own + ndtri(above_quantile) * np.sqrt(variance)) * (1 + ROUNDING))

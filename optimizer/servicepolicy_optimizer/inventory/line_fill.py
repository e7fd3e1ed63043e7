"""Line fill rate: the share of order lines delivered whole from stock, beside the share of pieces.

Source: Axsäter (2015), 5.3.3; a line of x pieces is whole when the stock at its arrival is x or more.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array
from servicepolicy_optimizer.inventory.shelf import ShelfDemand


def line_fill_rate(
    demand: ShelfDemand, reorder_point_pieces: npt.ArrayLike, order_quantity_pieces: npt.ArrayLike
) -> Array:
    """P(D_L + X <= y), y uniform on the positions of (r, nQ); continuous review only.  [-]

    Shapes as in `pooled_performance`. Large lines are short more often than small ones, and a line that
    lacks one piece is not whole, so this differs from the unit fill rate either way. Raises ValueError for
    periodic review.

    >>> from servicepolicy_optimizer.inventory.compound import OrderLines, compound_shelf
    >>> sizes = np.zeros((1, 11)); sizes[0, [1, 2, 5, 10]] = [0.5, 0.2, 0.2, 0.1]
    >>> line_fill_rate(compound_shelf(OrderLines(np.array([0.5]), sizes), 4), 13, 1).round(10).tolist()
    [0.8271834724]
    """
    if demand.periodic:
        raise ValueError(
            "demand: under periodic review a line's fate depends on its day; ask for continuous review, R = 0"
        )
    q = np.asarray(order_quantity_pieces, float)
    r = np.asarray(reorder_point_pieces, float)
    r = (
        np.broadcast_to(r, np.broadcast_shapes(demand.exposed.is_counting.shape, q.shape))
        if r.ndim == 0
        else r
    )
    moving = q.reshape(q.shape + (1,) * (r.ndim - q.ndim))
    counting = demand.exposed.is_counting
    counting = counting.reshape(counting.shape + (1,) * (r.ndim - counting.ndim))
    # avg of P(E > y) over y = r+1..r+Q is (G(r+1) - G(r+Q+1)) / Q; continuous demand of whole pieces likewise
    lift = np.where(counting | demand.whole_pieces, 1.0, 0.0)
    above = (
        demand.exposed.excess_moments(r + lift, 1)[0] - demand.exposed.excess_moments(r + moving + lift, 1)[0]
    )
    safe = np.where(moving > 0, moving, 1.0)
    half = np.where(~counting & demand.whole_pieces, 0.5, 0.0)
    return np.asarray(1 - np.where(moving > 0, above / safe, demand.exposed.survival(r + half)))

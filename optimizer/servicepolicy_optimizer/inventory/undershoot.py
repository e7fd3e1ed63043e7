"""How far below the reorder point an order finds the inventory position when order lines are larger than a
piece.

Sources: Tijms, Stochastic Models (1994), 1.3 (excess of a renewal process); Silver, Pyke & Thomas (2017),
6.12. The product's fill rate needs no such correction because its inventory position is uniform; rules of
thumb do.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array


class Undershoot(NamedTuple):
    """Mean and variance of r - position when the order is placed."""

    mean_pieces: Array
    variance_pieces2: Array


def undershoot(
    order_size_mean_pieces: npt.ArrayLike,
    order_size_second_moment_pieces2: npt.ArrayLike,
    order_size_third_moment_pieces3: npt.ArrayLike,
    *,
    whole_pieces: bool = True,
) -> Undershoot:
    """Equilibrium excess of the order size x, with orders placed at or below r and Q large against x.

    Measured goods: mean E[x²] / (2 E[x]), second moment E[x³] / (3 E[x]).
    Whole pieces: mean (E[x²] / E[x] - 1) / 2, second moment (2 E[x³] - 3 E[x²] + E[x]) / (6 E[x]).

    >>> [float(value) for value in undershoot(1, 1, 1)]
    [0.0, 0.0]
    >>> [float(value) for value in undershoot(2, 8, 48, whole_pieces=False)]
    [2.0, 4.0]
    """
    first, second, third = (
        np.asarray(value, float)
        for value in (
            order_size_mean_pieces,
            order_size_second_moment_pieces2,
            order_size_third_moment_pieces3,
        )
    )
    if whole_pieces:
        mean = (second / first - 1) / 2
        square = (2 * third - 3 * second + first) / (6 * first)
    else:
        mean, square = second / (2 * first), third / (3 * first)
    return Undershoot(np.asarray(mean), np.asarray(np.maximum(square - mean * mean, 0.0)))

"""Service measured from a history of periods: three shares that are often confused, each with its weight
named.

Source: Tempelmeier, Inventory Management in Supply Networks (2011), ch. 2: alpha, beta, gamma service.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array


class MeasuredService(NamedTuple):
    """Service of a history, 0 to 1."""

    period_service: float
    """alpha: share of PERIODS without a new shortage."""
    unit_fill_rate: float
    """beta: share of PIECES delivered from stock at once."""
    backlog_service: float
    """gamma: 1 - backlog at period ends over demand; falls with the time customers wait."""


def measured_service(
    demand_pieces: npt.ArrayLike, shortage_pieces: npt.ArrayLike, backlog_end_pieces: npt.ArrayLike
) -> MeasuredService:
    """alpha, beta and gamma of T periods; all arrays (T,): demand, newly short pieces, backlog at the
    period's end.

    >>> service = measured_service([10, 10, 10, 10], [0, 4, 0, 0], [0, 4, 4, 0])
    >>> [round(share, 3) for share in service]
    [0.75, 0.9, 0.8]
    """
    demand, short, backlog = (
        np.asarray(value, float) for value in (demand_pieces, shortage_pieces, backlog_end_pieces)
    )
    total = float(demand.sum())
    if not total > 0:
        raise ValueError(
            "demand_pieces: nothing was asked for, so no service can be measured; give a longer history"
        )
    return MeasuredService(
        float((short <= 0).mean()), 1 - float(short.sum()) / total, 1 - float(backlog.sum()) / total
    )


def waiting_shares(waiting_periods: npt.ArrayLike, weight: npt.ArrayLike, longest_periods: int) -> Array:
    """Share that waited exactly 0, 1, ..., longest periods, (longest + 1,), weighted as asked.  [-]

    weight  ones for shares of periods; pieces (served after that wait) for shares of pieces. Say which.

    >>> waiting_shares([0, 0, 1, 2], [1, 1, 1, 1], 2).tolist()
    [0.5, 0.25, 0.25]
    """
    waited, weights = np.asarray(waiting_periods), np.asarray(weight, float)
    by_wait = [float(weights[waited == t].sum()) for t in range(longest_periods + 1)]
    return np.asarray(by_wait / weights.sum())

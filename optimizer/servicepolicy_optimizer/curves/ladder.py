"""The ladder of a shelf: for every item the stock decisions considered, and what each of them gives."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servicepolicy_models.means import StockPolicy
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.inventory.lost_sales_shelf import lost_sales_performance
from servicepolicy_optimizer.inventory.rationing import rationed_performance
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, pooled_performance

RESERVE_FACTORS = (0.5, 1.2)
"""Reserve levels considered, in units of what the better classes need over the lead time (mean + one
deviation).
"""

HIGHEST_RUNG_DEVIATIONS = 4.0
HIGHEST_RUNG_SKEW = 9.0
"""The top rung lies max(4, 9 cv) deviations above the mean of what the shelf is exposed to: the tail of a
gamma of
coefficient of variation cv is below 1e-4 there."""


Levels = NDArray[np.float64] | NDArray[np.signedinteger[Any]]
"""Of very many items levels are held as whole numbers."""


@dataclass(frozen=True)
class Ladder:
    """n items x M rungs; I customer classes."""

    reorder_point_pieces: Levels
    """(n, M) whole pieces; -1: order when somebody has to wait."""
    critical_level_pieces: Floats | None
    """(n, M, I), None unless rationed."""
    on_hand_pieces: Floats
    """(n, M) average."""
    fill_rate: Floats
    """(n, M, I) or (n, M, 1) where all classes see the same."""
    step_worth: Floats | None = None
    """(n, M - 1) of its envelope, where that is known."""
    key: str | None = field(default=None, init=False, compare=False)
    """Under which it is kept, where it is; a ladder with another figure has none of it."""

    @property
    def rungs(self) -> int:
        """M."""
        return int(self.reorder_point_pieces.shape[1])


def ladder(items: ShelfItems, policy: StockPolicy, rungs: int) -> Ladder:
    """Reorder points from 'order when somebody waits' to 'practically never short', evenly spaced, whole
    pieces.

    A rationed shelf has fewer reorder points, each with a few patterns of reserve levels.
    """
    if policy is not StockPolicy.RATIONED:
        return pooled_ladder(items, _reorder_points(items, rungs))
    levels = _reserve_patterns(items)
    points = _reorder_points(items, max(4, (2 * rungs) // 5))
    n, m = points.shape
    patterns = levels.shape[1]
    reorder = (points[:, :, None] + levels[:, None, :, -1]).reshape(n, m * patterns)
    return rationed_ladder(items, reorder, levels)


def pooled_ladder(items: ShelfItems, reorder_point_pieces: Floats) -> Ladder:
    """Judge given reorder points (n, M) on a shelf where every class sees the same stock."""
    judge = lost_sales_performance if items.lost else pooled_performance
    got = judge(items.demand, reorder_point_pieces, items.order_quantity_pieces)
    return Ladder(reorder_point_pieces, None, got.on_hand_pieces, got.unit_fill_rate[:, :, None])


def rationed_ladder(items: ShelfItems, reorder_point_pieces: Floats, critical_level_pieces: Floats) -> Ladder:
    """Judge given reorder points (n, M) and critical levels (n, P, I) on a shelf with reserves.

    Rung j has the (j mod P)-th levels.
    """
    got = rationed_performance(
        items.demand,
        items.class_share,
        critical_level_pieces,
        reorder_point_pieces,
        items.order_quantity_pieces,
    )
    times = reorder_point_pieces.shape[1] // critical_level_pieces.shape[1]
    critical = np.tile(critical_level_pieces, (1, times, 1))
    return Ladder(reorder_point_pieces, critical, got.on_hand_pieces, got.unit_fill_rate)


def lowest_reorder_point(lost: bool) -> float:
    """-1: order when somebody waits; 0 where nobody does: a shelf that never owes never falls below."""
    return 0.0 if lost else -1.0


def highest_reorder_points(demand: ShelfDemand) -> Floats:
    """(n,) whole reorder points above which a shortage is practically impossible."""
    exposed = demand.exposed
    mean, deviation = np.maximum(exposed.mean_pieces, 1e-9), exposed.sd_pieces
    top = mean + deviation * np.maximum(HIGHEST_RUNG_DEVIATIONS, HIGHEST_RUNG_SKEW * deviation / mean)
    highest: Floats = np.maximum(np.ceil(top), 1.0)
    return highest


def _reorder_points(items: ShelfItems, rungs: int) -> Floats:
    """(n, M) whole reorder points from the lowest that still orders up, evenly spaced."""
    steps, lowest = np.linspace(0.0, 1.0, rungs), lowest_reorder_point(items.lost)
    highest = highest_reorder_points(items.demand)
    points: Floats = np.round(lowest + (highest[:, None] - lowest) * steps)
    return points + 0.0  # -0.4 rounds to -0, which a table shows


def _reserve_patterns(items: ShelfItems) -> Floats:
    """(n, P, I) critical levels: none; or all classes from the k-th on reserved against at one of the
    factors.
    """
    lead = items.demand.lead
    share = items.class_share
    better = np.cumsum(share, axis=1) - share
    need = better * lead.mean_pieces[:, None] + np.sqrt(better) * lead.sd_pieces[:, None]
    classes = share.shape[1]
    patterns = [np.zeros_like(share)]
    for first in range(1, classes):
        reserved = np.arange(classes) >= first
        for factor in RESERVE_FACTORS:
            level = np.round(factor * np.maximum(need, 1.0) * reserved * (better > 0))
            patterns.append(np.maximum.accumulate(level, axis=1))
    return np.stack(patterns, axis=1)

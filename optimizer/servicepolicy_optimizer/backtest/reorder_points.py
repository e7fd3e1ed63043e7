"""Reorder points by price: every item runs short as rarely as its pieces are worth."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.backtest.situation import Situation
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.inventory.quantile import quantile
from servicepolicy_optimizer.inventory.reorder_point import two_term_fill_rate

LEAST_CHANCE, MOST_CHANCE = 1e-7, 0.999
"""Chances of a cycle's stockout between which the law says how much stock they take."""


@dataclass(frozen=True)
class ReorderPoints:
    """What the replay plays: (N,) each, in pieces. An item that orders nothing holds nothing."""

    reorder_point_pieces: Floats
    order_quantity_pieces: Floats


def reorder_points(known: Situation, chance: npt.ArrayLike) -> ReorderPoints:
    """Reorder points of the chance of a stockout that an item of median worth may run, (J,) by class.

    P(D > r) = h Q / (λ d) of every item (formulation.md, section 4): dear and slow items run short more
    often than cheap and fast ones, so that no other stock of the same value leaves fewer pieces short.
    """
    asked = np.broadcast_to(np.asarray(chance, float), (known.prediction.level_error.size,))
    wanted = asked[known.item_class] * known.worth
    short = np.clip(wanted, LEAST_CHANCE, MOST_CHANCE)
    ordered = np.flatnonzero(known.order_quantity_pieces > 0)
    point = np.full(known.worth.size, -1.0)
    law = known.exposed.of(ordered)
    level = quantile(law, 1 - short[ordered]) * np.clip(2 - wanted[ordered], 0.0, 1.0)
    point[ordered] = np.maximum(np.ceil(level - 1e-9), 0.0) - 1
    return ReorderPoints(point, known.order_quantity_pieces)


def planned_fill_rates(known: Situation, points: ReorderPoints) -> Floats:
    """(J,) unit fill rate that the forecast's own law expects of each class; 1 where nothing is ordered."""
    ordered = np.flatnonzero(known.order_quantity_pieces > 0)
    rate = known.prediction.pieces_per_day[ordered]
    fill = two_term_fill_rate(
        known.exposed.of(ordered),
        points.reorder_point_pieces[ordered],
        points.order_quantity_pieces[ordered],
    )
    of_class, classes = known.item_class[ordered], known.prediction.level_error.size
    total = np.bincount(of_class, rate, minlength=classes)
    kept = np.bincount(of_class, rate * np.clip(fill, 0.0, 1.0), minlength=classes)
    return np.where(total > 0, kept / np.where(total > 0, total, 1.0), 1.0)

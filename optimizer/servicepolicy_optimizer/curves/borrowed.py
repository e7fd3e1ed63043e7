"""Rungs borrowed from another ladder of the same shelf."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.curves.columns import StockedShelf
from servicepolicy_optimizer.curves.ladder import Ladder
from servicepolicy_optimizer.curves.promise_measure import service_measure
from servicepolicy_optimizer.curves.stock import StockKnown
from servicepolicy_optimizer.facts import Rungs


def with_rungs_of(
    shelf: StockedShelf, other: StockedShelf, chosen: Rungs, cycle_service: np.ndarray
) -> tuple[StockedShelf, Rungs]:
    """The shelf with one rung more for each item, the one that `chosen` (n,) names on the other's ladder.

    Ladders of the basis `every_item` are made for the promises asked, so two questions about the same shelf
    have different ones. cycle_service: (I,) as in `service_measure`, of this shelf's question. Returns the
    number (n,) of the borrowed rungs too; a ladder that is shared stays as it is.
    """
    if other is shelf:
        return shelf, chosen
    rungs, n = _joined(shelf.rungs, _only(other.rungs, chosen)), chosen.size
    service = service_measure(shelf.items, rungs, cycle_service)
    return replace(shelf, stock=StockKnown(rungs, service)), np.full(n, rungs.rungs - 1, dtype=np.intp)


def _only(ladder: Ladder, chosen: Rungs) -> Ladder:
    """One rung for each item."""
    n = np.arange(chosen.size)

    def picked(values: NDArray[Any]) -> NDArray[Any]:
        return values[n, chosen][:, None]

    critical = ladder.critical_level_pieces
    return Ladder(
        picked(ladder.reorder_point_pieces),
        None if critical is None else picked(critical),
        picked(ladder.on_hand_pieces),
        picked(ladder.fill_rate),
    )


def _joined(first: Ladder, then: Ladder) -> Ladder:
    """Two ladders of the same items, one after the other."""
    reserves = (first.critical_level_pieces, then.critical_level_pieces)
    levels = [one for one in reserves if one is not None]
    return Ladder(
        np.concatenate([first.reorder_point_pieces, then.reorder_point_pieces], axis=1),
        np.concatenate(levels, axis=1) if levels else None,
        np.concatenate([first.on_hand_pieces, then.on_hand_pieces], axis=1),
        np.concatenate([first.fill_rate, then.fill_rate], axis=1),
    )

"""How the shelves stood over time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.simulate.lines import LEAST_PIECES
from servicepolicy_optimizer.simulate.plan import Plan
from servicepolicy_optimizer.simulate.play import Played
from servicepolicy_optimizer.simulate.world import World


@dataclass(frozen=True)
class ShelfTime:
    """N shelves over the measured time; K customer classes."""

    on_hand_pieces: Floats
    """(N,) average."""
    owed_pieces: Floats
    """(N,) average."""
    ready_share: Floats
    """(N, K) share of time with stock that the class may take."""
    cycles: Floats
    """(N,) replenishment cycles that ended in the measured time."""
    ended_cycle: NDArray[np.bool_]
    """(cycles of all shelves,) whether the cycle ended in the measured time."""


def shelf_time(world: World, played: Played, plan: Plan) -> ShelfTime:
    """Averages over time, every state weighted by how long it lasted."""
    events, shelves = played.events, world.item.size
    ends = np.where(np.diff(events.shelf, append=-1) == 0, np.roll(events.time_days, -1), np.inf)
    low, high = plan.measured_from_days, plan.measured_to_days
    lasted = np.clip(ends, low, high) - np.clip(events.time_days, low, high)

    def average(state: NDArray[np.generic]) -> Floats:
        return np.bincount(events.shelf, lasted * state, shelves) / plan.measured_days

    level = np.where(world.rules.ranked[:, None], world.rules.critical_level_pieces, 0.0)
    ready = [
        average(played.on_hand_pieces > level[events.shelf, k] + LEAST_PIECES) for k in range(level.shape[1])
    ]
    receipt = _receipts_within(played, low, high)
    ended = np.zeros(int(events.cycle[-1]) + 1 if events.cycle.size else 0, bool)
    ended[events.cycle[receipt] - 1] = True  # a receipt begins a cycle and ends the one before
    return ShelfTime(
        on_hand_pieces=average(played.on_hand_pieces),
        owed_pieces=average(played.owed_pieces),
        ready_share=np.stack(ready, axis=1),
        cycles=np.bincount(events.shelf[receipt], minlength=shelves).astype(float),
        ended_cycle=ended,
    )


def _receipts_within(played: Played, low: float, high: float) -> Ints:
    events = played.events
    starts = np.diff(events.shelf, prepend=-1) != 0
    within = (events.time_days >= low) & (events.time_days < high)
    return np.flatnonzero(~events.is_line & ~starts & within)

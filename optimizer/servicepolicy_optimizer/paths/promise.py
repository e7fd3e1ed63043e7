"""Which promise of the ladder a way can keep."""

from typing import NamedTuple

import numpy as np

from servicepolicy_optimizer.choices import SegmentTarget
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.paths.ways import Mask

PROBABILITY_TOLERANCE = 1e-9
"""A probability this little below the asked one counts as reached: rounding, not lateness."""
HOURS_TOLERANCE = 1e-9
"""A rung this little (relative) above the target counts as within it."""


class Promises(NamedTuple):
    """Of N ways."""

    rung: Ints
    """(N,) index of the promised rung; meaningless where the way is late."""
    kept: Mask
    """(N,) whether any promise within the target is kept with the asked probability."""
    fastest: Ints
    """(N,) index of the fastest rung kept with the asked probability, whatever the target; T: none."""


def promises(within: Floats, ladder_hours: Floats, target: SegmentTarget) -> Promises:
    """Promise of each way: the fastest rung t with P(response <= t) >= the asked probability, t <= target.

    within: (N, T) probability of each of the T rungs. Without a target every rung is allowed, and a way
    slower than the last rung is late.

    With an OTIF target the on-time probability of the promise also decides how much stock the segment needs
    (fill rate >= otif / on-time), and a slower promise is kept more often. So the promise is then the fastest
    kept rung whose on-time probability needs no more fill rate than the target asks anyway (on-time >= otif /
    fill rate); where no allowed rung is that sure, the one kept most often: the slowest allowed. What a
    slower promise costs in demand lost is charged as for any other promise. The hours are those asked for, or
    less, in every case.
    """
    asked = target.on_time_probability - PROBABILITY_TOLERANCE
    sure = within >= asked
    longest = np.inf if target.response_hours is None else target.response_hours * (1.0 + HOURS_TOLERANCE)
    allowed = sure & (ladder_hours <= longest)
    kept = np.asarray(allowed.any(axis=1))
    fastest = np.where(sure.any(axis=1), sure.argmax(axis=1), ladder_hours.size)
    rung = allowed.argmax(axis=1)
    if target.otif is not None:
        rung = _for_otif(within, allowed, target.otif, target.fill_rate)
    return Promises(rung, kept, fastest)


def _for_otif(within: Floats, allowed: Mask, otif: float, fill_rate: float) -> Ints:
    needed = otif / fill_rate if fill_rate > 0 else np.inf
    free = allowed & (within >= needed - PROBABILITY_TOLERANCE)
    surest = np.where(allowed, within, -1.0).max(axis=1, keepdims=True)
    # Rungs that are kept equally often promise no more by being slower.
    as_sure = allowed & (within >= surest - PROBABILITY_TOLERANCE)
    return np.asarray(np.where(free.any(axis=1), free.argmax(axis=1), as_sure.argmax(axis=1)))

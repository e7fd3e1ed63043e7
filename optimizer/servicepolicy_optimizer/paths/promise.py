"""Which promises of the ladder a way can be given."""

from enum import Enum, auto
from typing import NamedTuple

import numpy as np

from servicepolicy_optimizer.choices import SegmentTarget
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.paths.ways import Mask

PROBABILITY_TOLERANCE = 1e-9
"""A probability this little below the asked one counts as reached: rounding, not lateness."""
HOURS_TOLERANCE = 1e-9
"""A rung this little (relative) above the target counts as within it."""


class Rungs(Enum):
    """Which promises a way is given where OTIF is asked. Each kind holds the one before it."""

    THAT_PAY = auto()
    """None that another promise of the way makes superfluous: it loses no more demand and needs less stock.
    For what only money, stock and the rules of the scenario decide."""
    THAT_SPARE_STOCK = auto()
    """Every one that needs less stock than all faster ones."""
    THAT_ARE_SURER = auto()
    """Every one that is kept more often than all faster ones: for questions that weigh or change targets."""


class Promises(NamedTuple):
    """M promises of N ways."""

    way: Ints
    """(M,) number of the way; a way that is late has no promise."""
    rung: Ints
    """(M,) index of the promised rung."""
    kept: Mask
    """(N,) whether any promise within the target is kept with the asked probability."""
    fastest: Ints
    """(N,) index of the fastest rung kept with the asked probability, whatever the target; T: none."""


def promises(
    within: Floats, ladder_hours: Floats, target: SegmentTarget, level: Ints, surer: bool = False
) -> Promises:
    """Promises of each way: the fastest rung t with P(response <= t) >= the asked probability, t <= target;
    with an OTIF target also the slower ones that spare stock.

    within: (N, T) probability of each of the T rungs. level: (T,) rising; rungs of the same level are worth
    the same to whoever chooses. Without a response target every rung is allowed, and a way slower than the
    last rung is late.

    The on-time probability of a promise decides how much stock an OTIF target needs (fill rate >= otif /
    on-time), and a slower promise is kept more often. So a slower rung is promised where it needs less stock
    than every faster one; none is where a faster one already needs no more than the fill-rate target asks
    anyway. Of the rungs of one level only the one that needs the least stock is. surer: also rungs that the
    targets as they are do not need, as long as they are kept more often.
    """
    asked = target.on_time_probability - PROBABILITY_TOLERANCE
    sure = within >= asked
    longest = np.inf if target.response_hours is None else target.response_hours * (1.0 + HOURS_TOLERANCE)
    allowed = sure & (ladder_hours <= longest)
    kept = np.asarray(allowed.any(axis=1))
    fastest = np.where(sure.any(axis=1), sure.argmax(axis=1), ladder_hours.size)
    if target.otif is None:
        way = np.flatnonzero(kept)
        return Promises(way, allowed.argmax(axis=1)[way], kept, fastest)
    enough = np.inf if surer else _sure_enough(target.otif, target.fill_rate)
    way, rung = np.nonzero(_sparing_stock(np.where(allowed, np.minimum(within, enough), -1.0), level))
    return Promises(way, rung, kept, fastest)


def _sure_enough(otif: float, fill_rate: float) -> float:
    """The on-time probability with which OTIF needs no more fill rate than is asked anyway."""
    if otif == 0:
        return 0.0
    return otif / fill_rate if fill_rate > 0 else np.inf


def _sparing_stock(sure: Floats, level: Ints) -> Mask:
    """Which rungs are promised.  (N, T)

    sure: (N, T) on-time probability as far as it spares stock; negative: not allowed. Of every level the
    first of the surest rungs, if it is surer than all rungs before the level.
    """
    promised, surest = np.zeros(sure.shape, dtype=np.bool_), np.full(sure.shape[0], -1.0)
    ways = np.arange(sure.shape[0])
    for one in np.unique(level):
        here = np.where(level == one, sure, -1.0)
        most = here.max(axis=1)
        first = (here >= most[:, None] - PROBABILITY_TOLERANCE).argmax(axis=1)
        promised[ways, first] |= most > surest + PROBABILITY_TOLERANCE
        surest = np.maximum(surest, most)
    return promised

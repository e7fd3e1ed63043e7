"""A finished policy, played event by event: what customers would have got.

An independent road: it knows the scenario, the demand and the policy's decisions, and none of the formulas
that chose them. `simulation.py` is the contents page, `play.py` the inner engine on plain arrays.
"""

from servicepolicy_optimizer.simulate.lines import LeadTimes, Lines, Orders, ShelfRules, sorted_lines
from servicepolicy_optimizer.simulate.play import Played, play
from servicepolicy_optimizer.simulate.recorded import RecordedLines, read_recorded, recorded_lines
from servicepolicy_optimizer.simulate.simulation import Each, simulate

__all__ = [
    "Each",
    "LeadTimes",
    "Lines",
    "Orders",
    "Played",
    "RecordedLines",
    "ShelfRules",
    "play",
    "read_recorded",
    "recorded_lines",
    "simulate",
    "sorted_lines",
]

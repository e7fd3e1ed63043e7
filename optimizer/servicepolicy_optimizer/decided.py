"""What was decided, as plain numbers: the master model's choice with every item at a rung."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from servicepolicy_optimizer.choices import Segment, ServicePath, StockingOption
from servicepolicy_optimizer.curves.stockroom import Place
from servicepolicy_optimizer.facts import Rungs


@dataclass(frozen=True)
class Decided:
    """A complete decision."""

    options: Mapping[str, StockingOption]
    """Item class -> its stocking option."""
    paths: Mapping[Segment, ServicePath]
    """Segment -> its service path."""
    rungs: Mapping[Place, Rungs]
    """Place of every chosen option -> rung of every item on the shelf."""
    price_per_piece_short: Mapping[Segment, float]
    """Segment -> what one more piece short a year would save, means unchanged: the dual of its fill-rate
    rows.
    """
    promises: Mapping[Segment, tuple[float, float]] = field(default_factory=dict)
    """Segment -> (fill rate, response hours), where the number of different promises is limited."""
    is_leaner: bool = False
    """What is scarce was made dearer than the master's prices say, so that whole items keep the limits."""

"""How the demand of an item comes: how often, and how evenly."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicepolicy_models.profile import ItemShare, PatternName, VariabilityName
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.profile.history import History
from servicepolicy_optimizer.profile.placement import Placement
from servicepolicy_optimizer.profile.sums import exact_sum

INTERVAL_LIMIT_PERIODS = 1.32
"""Mean interval between periods with demand, from which demand is intermittent. [ADI]"""

SIZE_VARIATION_LIMIT = 0.49
"""Squared coefficient of variation of the sizes, from which demand is erratic. [CV²]"""

VARIABILITY_LIMITS = (0.5, 1.0)
"""Coefficient of variation of a period's demand, from which an item is Y, and Z."""


@dataclass(frozen=True)
class ItemPeriods:
    """N items over T whole periods of demand, all customers together."""

    periods: int
    filled_periods: Ints
    """(N,) periods with demand."""
    pieces: Floats
    """(N,) pieces in whole periods."""
    squares: Floats
    """(N,) sum of the squared demand of the periods."""

    @property
    def interval_periods(self) -> Floats:
        """(N,) ADI = T / filled periods; infinite for an item without demand in whole periods."""
        filled = self.filled_periods.astype(np.float64)
        interval = np.full(len(filled), np.inf)
        np.divide(self.periods, filled, out=interval, where=filled > 0)
        return interval

    @property
    def size_variation(self) -> Floats:
        """(N,) CV² = (sample standard deviation / mean)² of the demand of filled periods; 0 with a single
        one.
        """
        return _squared_variation(self.pieces, self.squares, self.filled_periods.astype(np.float64))

    @property
    def period_variation(self) -> Floats:
        """(N,) coefficient of variation of the demand of all periods, empty ones included."""
        return np.sqrt(
            _squared_variation(self.pieces, self.squares, np.full(len(self.pieces), float(self.periods)))
        )


def _squared_variation(total: Floats, squares: Floats, count: Floats) -> Floats:
    """(N,) sample variance / mean², 0 where fewer than two values or no demand."""
    valid = (count > 1) & (total > 0)
    count, total = np.where(valid, count, 2.0), np.where(valid, total, 1.0)
    variance = np.maximum(np.where(valid, squares, 0.0) - total**2 / count, 0.0) / (count - 1)
    return np.where(valid, variance / (total / count) ** 2, 0.0)


def item_periods(part: str, placement: Placement, history: History, items: int) -> ItemPeriods:
    """Add the sums of `item_demand.period_sums` up to items, whole periods only."""
    found = placement.cleaned.desk.connection.execute(
        f"""
        SELECT item, count(*) AS filled, {exact_sum("pieces")} AS pieces,
            {exact_sum("pieces * pieces")} AS squares
        FROM (
            SELECT item, CAST(pieces AS DOUBLE) AS pieces FROM {part} WHERE period < {history.periods}
        ) AS whole GROUP BY item
        """
    ).fetchnumpy()
    filled, pieces, squares = np.zeros(items, dtype=np.intp), np.zeros(items), np.zeros(items)
    filled[found["item"]], pieces[found["item"]] = found["filled"], found["pieces"]
    squares[found["item"]] = found["squares"]
    return ItemPeriods(history.periods, filled, pieces, squares)


PATTERNS = (PatternName.SMOOTH, PatternName.ERRATIC, PatternName.INTERMITTENT, PatternName.LUMPY)
VARIABILITIES = (VariabilityName.X, VariabilityName.Y, VariabilityName.Z)


def pattern_of(items: ItemPeriods) -> NDArray[np.intp]:
    """(N,) index into PATTERNS, after Syntetos, Boylan & Croston (2005), J. Oper. Res. Soc. 56, 495-503."""
    return 2 * (items.interval_periods >= INTERVAL_LIMIT_PERIODS) + 1 * (
        items.size_variation >= SIZE_VARIATION_LIMIT
    )


def variability_of(items: ItemPeriods) -> NDArray[np.intp]:
    """(N,) index into VARIABILITIES; an item without demand in whole periods is Z."""
    code = np.searchsorted(np.array(VARIABILITY_LIMITS), items.period_variation, side="left")
    return np.where(items.filled_periods > 0, code, len(VARIABILITIES) - 1)


def shares_by_class(
    codes: NDArray[np.intp],
    kinds: Sequence[PatternName | VariabilityName],
    item_class: Ints,
    pieces: Floats,
    classes: tuple[str, ...],
) -> tuple[ItemShare, ...]:
    """Count items, and their share of the class's pieces, by item class and kind."""
    shares = []
    for j, name in enumerate(classes):
        total = float(pieces[item_class == j].sum())
        for code, kind in enumerate(kinds):
            mine = (item_class == j) & (codes == code)
            share = float(pieces[mine].sum()) / total if total else 0.0
            shares.append(ItemShare(item_class=name, kind=kind, items=int(mine.sum()), pieces_share=share))
    return tuple(shares)

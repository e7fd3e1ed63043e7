"""An infeasible problem, the demands a planner could give up, and the patience to ask what if."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.conflicts.demands import PRICE_OF, Demand
from servicepolicy_optimizer.solve.arrays import Arrays
from servicepolicy_optimizer.solve.elastic import can_be_kept, least_giving_way, row_scale


@dataclass
class Puzzle:
    """Asks what could be kept if some demands were given up."""

    problem: Arrays
    rows_of: Mapping[Demand, tuple[int, ...]]
    """Demand -> its rows, which are given up together."""
    granted: frozenset[Demand]
    """What no planner would call a promise: never named as standing against another."""
    limits: Limits
    seconds_left: float
    """For all questions of yes or no together; then every answer is None."""

    @property
    def impatient(self) -> bool:
        """No time is left for questions."""
        return self.seconds_left <= 0

    def kept(self, without: Iterable[Demand]) -> bool | None:
        """Whether everything else can be kept; None when time runs out first."""
        if self.impatient:
            return None
        limits = self.limits.model_copy(update={"time_limit_seconds": self.seconds_left})
        dropped = [row for demand in without for row in self.rows_of[demand]]
        answer, seconds = can_be_kept(self.problem, dropped, limits)
        self.seconds_left -= seconds
        return answer

    def contradict(self, demands: Collection[Demand]) -> bool:
        """Whether these demands alone cannot be kept together; False when that cannot be shown in time."""
        return self.kept(without=[demand for demand in self.rows_of if demand not in demands]) is False

    def giving_way(self, soft: Iterable[Demand]) -> Mapping[Demand, float] | None:
        """How far each soft demand misses, in the unit of its rows, when Σ price · share missed is least.

        0 for those that are kept. None when not even that can be solved in time.
        """
        scale = row_scale(self.problem)
        rows_of = {demand: self.rows_of[demand] for demand in soft}
        price = {
            row: PRICE_OF.get(demand.family, 1.0) / float(scale[row])
            for demand, rows in rows_of.items()
            for row in rows
        }
        gives = least_giving_way(self.problem, price, self.limits)
        if gives is None:
            return None
        missed = np.where(gives > GIVES * scale, gives, 0.0)
        return {demand: max(float(missed[row]) for row in rows) for demand, rows in rows_of.items()}


GIVES = 1e-6
"""A row gives way when it does by more than this share of its scale."""

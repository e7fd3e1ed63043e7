"""The bound of the item level where stocking options bind many segments: branch on them, all rungs priced.

At every node the relaxation is refined until its prices ask for no column more; at these prices every shelf
comes to what the best of all its rungs come to (Dantzig & Wolfe 1960; with branching: Barnhart et al. 1998).
So the bound knows the branches and every rung of every item. Where options are whole and it is still too low,
whole paths are decided with the floor, over the paths that can be in a policy of less than what is sought.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from servicepolicy_models.proof import Held
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.floor import enough_for, first_floor, raised
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.refine import reduced_costs_of_all_rungs
from servicepolicy_optimizer.wide.fixing import Branch, served_by
from servicepolicy_optimizer.wide.generation import (
    Grow,
    PathRelaxation,
    Relaxed,
    mixed_options,
    narrowed,
)
from servicepolicy_optimizer.wide.lagrangian import Mask

NODES = 60
"""Branches looked at, at most."""
MOST_PATHS_OF_FLOOR = 2_000
"""With more paths the floor takes longer than the search; the nearest so many are decided."""


@dataclass
class ItemBound:
    """What is proven of all rungs, branch by branch."""

    asked: Question
    over: PathRelaxation
    grow: Grow
    cost: float
    """Of the policy that is held."""
    _open: list[tuple[float, Branch]] = field(default_factory=list)
    _closed: float = np.inf
    """Least of what was proven of branches that were closed."""

    def raised(self, root: Relaxed) -> float:
        """No policy costs less; at most what is needed for `ENOUGH_GAP`."""
        until = self.over.seconds + self.asked.scenario.limits.time_limit_seconds
        self._look_at(over_all_rungs(self.asked, self.over, root), {})
        for _ in range(NODES):
            if self._is_done() or self.over.seconds >= until:
                break
            bound, branch = self._open.pop(min(range(len(self._open)), key=lambda n: self._open[n][0]))
            self.over.hold(branch)
            node = self.over.solve(grow=self.grow)
            if node.held is not Held.OPTIMAL:
                # Of other columns nothing is proven.
                self._closed = min(self._closed, bound)
                continue
            self._look_at(over_all_rungs(self.asked, self.over, node).raised_to(bound), branch)
        self.over.hold({})
        return min(self._closed, self._lowest())

    def _is_done(self) -> bool:
        """Nothing is open, or what is open is not what limits the bound, or it suffices."""
        return not self._open or self._lowest() >= min(self._enough, self._closed)

    @property
    def _enough(self) -> float:
        return enough_for(self.cost)

    def _lowest(self) -> float:
        return min((bound for bound, _ in self._open), default=np.inf)

    def _look_at(self, node: Relaxed, branch: Branch) -> None:
        assert node.few is not None
        if node.bound >= self._enough:
            self._closed = min(self._closed, node.bound)
            return
        few = node.few
        mixed = mixed_options(self.over, few)
        undecided = [
            n
            for n, (component, _) in enumerate(self.over.few)
            if component == "stock" and n not in branch and few[n] > 0.5
        ]
        if mixed:
            most = max(mixed, key=few.__getitem__)
            self._open += [
                (node.without(most), {**branch, most: 0.0}),
                (node.with_it(most), {**branch, most: 1.0}),
            ]
        elif undecided:
            for number in undecided:
                self._open.append((node.without(number), {**branch, number: 0.0}))
                branch = {**branch, number: 1.0}
            self._open.append((node.bound, branch))
        else:
            self._closed = min(self._closed, self._with_whole_paths(node, branch))

    def _with_whole_paths(self, node: Relaxed, branch: Branch) -> float:
        """The floor over the paths that can be in a policy of less than what is asked, options as held."""
        assert node.reduced_cost is not None
        taken = {self.over.few[n][1] for n, value in branch.items() if value > 0.5}
        costs = np.where(served_by(self.over, taken), node.reduced_cost, np.inf)
        within = min(self._enough - node.bound, _of_rank(costs, MOST_PATHS_OF_FLOOR))
        kept: Mask = costs <= within
        choices = narrowed(self.over.choices, self.over.uses, kept)
        offered = {
            item_class: tuple(one for one in options if (item_class, one.name) in taken)
            for item_class, options in choices.options.items()
        }
        room = self.asked.room
        shelves = {place: shelf for place, shelf in room.shelves.items() if place[:2] in taken}
        asked = replace(
            self.asked, choices=replace(choices, options=offered), room=replace(room, shelves=shelves)
        )
        floor, _ = raised(first_floor(asked), node.bound + within)
        return node.bound if floor is None else max(node.bound, min(floor, node.bound + within))


def over_all_rungs(asked: Question, over: PathRelaxation, node: Relaxed) -> Relaxed:
    """What the prices of a node prove of every rung of every item."""
    if node.prices is None:
        return node
    return over.over_all_rungs(node, reduced_costs_of_all_rungs(asked.facts, asked.room, node.prices))


def _of_rank(costs: Floats, rank: int) -> float:
    """The cost of that rank from below; inf where fewer are finite."""
    return float(np.partition(costs, rank)[rank]) if rank < costs.size else np.inf

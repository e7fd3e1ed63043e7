"""How far the optimum can be: a lower bound over every choice of rungs, not only over columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.curves.item_curves import Curves
from servicepolicy_optimizer.curves.stockroom import Place
from servicepolicy_optimizer.facts import Floats, Rungs
from servicepolicy_optimizer.master import ColumnWriter, Cut, FloorShelf, build, build_floor
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.refine import item_prices
from servicepolicy_optimizer.solve import (
    Compiled,
    MasterSolution,
    Prices,
    Relaxation,
    compiled,
    relaxed,
    solve,
    with_means_held,
)

ROUNDS = 20
"""Times the floor is solved at most."""
PRICINGS = 12
"""Times the shelves of one solution are priced at most."""
SOUGHT_GAP = 1e-3
"""Gap to the item level that every answer asks for; what was reached is told beside it."""
ENOUGH_GAP = SOUGHT_GAP / 2
"""Where the bound need not be raised further: not at the very edge of what is asked."""
STALLED = 3
"""So many rounds that do not raise the floor are the last."""
GOOD_ENOUGH = 1e-6
"""Share of the cost that is not worth another round."""


@dataclass(frozen=True)
class Floor:
    """What is known of all shelves so far: cuts below them, columns above them."""

    asked: Question
    shelves: Mapping[Place, FloorShelf]
    curves: Curves

    def priced(self, prices: Prices, places: Iterable[Place]) -> tuple["Floor", float]:
        """With one more cut and one more column at these places, and by how much the prices undercut them.

        Where nothing is undercut the prices are the best there are for these places (Dantzig & Wolfe 1960).
        """
        shelves, additions, undercut = self._cut(prices, places)
        return Floor(self.asked, shelves, self.curves.grown(self.asked.room, additions)), undercut

    def cut(self, prices: Prices) -> "Floor":
        """With one more cut of every shelf, and no column."""
        return replace(self, shelves=self._cut(prices, self.shelves)[0])

    def _cut(
        self, prices: Prices, places: Iterable[Place]
    ) -> tuple[dict[Place, FloorShelf], dict[Place, tuple[Rungs, Floats]], float]:
        """The shelves with one more cut, the columns that the prices ask for, and by how much these undercut
        them.
        """
        shelves, additions, undercut = dict(self.shelves), {}, 0.0
        asked = {
            place: item_prices(self.asked.facts, prices, place[0], shelves[place].location)
            for place in places
        }
        for place, least in self.asked.room.together.cheapest(asked).items():
            known, at = shelves[place], asked[place]
            cut = Cut(np.asarray(at.short), least.cost, at.money, at.stock_value, at.storage_m3)
            shelves[place] = replace(known, cuts=(*known.cuts, cut))
            gain = prices.shelf.get(place, np.inf) - cut.least - prices.co2e_kg * known.co2e_kg
            if gain > 0:
                additions[place] = (least.rungs, at.short.max(axis=1))
                undercut += gain
        return shelves, additions, undercut


def enough_for(cost: float) -> float:
    """A bound that need not be raised further beside a policy of that cost."""
    return cost - ENOUGH_GAP * abs(cost)


def item_level_bound(
    asked: Question, known: Compiled | None = None, prices: Prices | None = None, enough: float = np.inf
) -> float | None:
    """No policy costs less, whatever rung each item has; None when no bound is found in time.

    The floor of the master model is solved. The means of its solution, held fixed, are priced by column
    generation, and the cuts at these prices raise the floor, so that it knows what these means cost (Benders
    1962). Every floor on the way is a lower bound: stopping early costs tightness, not truth. When the means
    cost what the floor says, it is the least cost over all mixes of rungs.

    Basis `segment`; for `every_item` there is no such floor, since what is promised for every item is no sum
    over items. known, prices: see `first_floor`; enough: see `raised`.
    """
    if asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
        return None
    return raised(first_floor(asked, known, prices), enough)[0]


def raised(floor: Floor, enough: float = np.inf) -> tuple[float | None, Floor]:
    """The bound, and the floor with the cuts and columns found on the way; see `item_level_bound`. A bound of
    `enough` is raised no further.
    """
    asked, bounds = floor.asked, list[float]()
    for _ in range(ROUNDS):
        lowest = solve(build_floor(asked.scenario, asked.choices, floor.shelves), asked.scenario.limits)
        if lowest.bound is not None:
            bounds.append(lowest.bound)
        if not lowest.option or _stalls(bounds) or max(bounds, default=-np.inf) >= enough:
            break
        floor, cost = _with_means_priced(floor, lowest)
        if cost is not None and cost - max(bounds) <= GOOD_ENOUGH * abs(cost):
            break
    return max(bounds, default=None), floor


def no_policy_at_all(asked: Question) -> bool:
    """Whether even the floor breaks something: then no choice of rungs keeps everything.

    False proves nothing. Basis `every_item`: the columns are all there is.
    """
    if asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
        return True
    model = build_floor(asked.scenario, asked.choices, first_floor(asked).shelves)
    return solve(model, asked.scenario.limits).held is Held.INFEASIBLE


def _stalls(bounds: list[float]) -> bool:
    """The last rounds have not raised the floor: so it is with means that no rungs make feasible."""
    return len(bounds) > STALLED and max(bounds[-STALLED:]) <= max(bounds[:-STALLED])


def cut_without_prices(asked: Question) -> Floor:
    """The cut that every shelf needs: its least cost when nothing that it uses has a price."""
    shelves = {
        place: FloorShelf(
            location=asked.room.location(place),
            pieces=shelf.items.pieces.sum(axis=0),
            co2e_kg=float(shelf.items.co2e_kg.sum()),
            cuts=(),
        )
        for place, shelf in asked.room.shelves.items()
    }
    return Floor(asked, shelves, asked.curves).cut(Prices(Held.OPTIMAL))


def first_floor(asked: Question, known: Compiled | None = None, prices: Prices | None = None) -> Floor:
    """Cuts without prices, and at the prices of the relaxation. known: the model, where it is compiled;
    prices: those of its relaxation, where they are known.
    """
    if prices is None:
        model = known or compiled(build(asked.scenario, asked.choices))
        prices = Relaxation(model.model, asked.scenario.limits, relaxed(model.problem)).prices()
    floor = cut_without_prices(asked)
    return floor.priced(prices, floor.shelves)[0]


def _with_means_priced(floor: Floor, lowest: MasterSolution) -> tuple[Floor, float | None]:
    """The floor with the cuts that tell what these means cost, and that cost; None while it is not known."""
    asked, limits = floor.asked, floor.asked.scenario.limits
    chosen = [place for place in floor.shelves if lowest.option[place[0]] == place[1]]
    narrow, means = _narrowed(replace(asked.choices, columns=floor.curves.columns), lowest)
    held = with_means_held(compiled(build(asked.scenario, narrow)), means, limits)
    writer = ColumnWriter(asked.scenario, narrow)
    for _ in range(PRICINGS):
        prices = held.prices()
        if prices.objective is None:
            break
        before = floor.curves
        floor, undercut = floor.priced(prices, chosen)
        if undercut <= GOOD_ENOUGH * abs(prices.objective):
            return floor, prices.objective if prices.held is Held.OPTIMAL else None
        held.add(writer.written(floor.curves.columns_beyond(before), before.columns))
    return floor, None


def _narrowed(choices: Choices, lowest: MasterSolution) -> tuple[Choices, MasterSolution]:
    """Only the options and paths of a solution, and the solution in their numbers."""
    narrow = replace(
        choices,
        options={
            item_class: tuple(option for option in options if option.name == lowest.option[item_class])
            for item_class, options in choices.options.items()
        },
        paths={(s, d): (choices.paths[s, d][q],) for s, (d, q) in lowest.path.items()},
    )
    return narrow, replace(lowest, path={s: (d, 0) for s, (d, _) in lowest.path.items()})

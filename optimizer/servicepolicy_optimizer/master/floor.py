"""The floor: the master model over every choice of rungs. What it costs least, no policy undercuts."""

from collections.abc import Mapping

import pyomo.environ as pyo

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.master.floor_amounts import (
    CHOSEN,
    LOGISTICS,
    LOST_SALES,
    STOCK_VALUE,
    STORAGE,
    FloorShelf,
    floor_amounts,
    short_keys,
)
from servicepolicy_optimizer.master.garbage import no_garbage_meanwhile
from servicepolicy_optimizer.master.keys import ShelfKey
from servicepolicy_optimizer.master.model import contents
from servicepolicy_optimizer.master.sums import Relation, weighted_sum


@no_garbage_meanwhile
def build_floor(
    scenario: Scenario, choices: Choices, shelves: Mapping[ShelfKey, FloorShelf]
) -> pyo.ConcreteModel:
    """The master model with shelves known only by their cuts, for the basis `segment`.

    Every choice of rungs keeps every cut, so each policy of the items is a solution of this model, at its
    own cost: its optimum is a lower bound on them all, not only on mixes of columns. Every shelf needs one
    cut at least.
    """
    m = contents(scenario, choices, floor_amounts(scenario, choices, shelves))
    m.shelves = shelves
    m.short_of = {
        key: {short: (i, r) for i, r, short in short_keys(scenario, key, shelf)}
        for key, shelf in shelves.items()
    }
    m.CUT = pyo.Set(initialize=[(*key, n) for key, shelf in shelves.items() for n in range(len(shelf.cuts))])
    m.SHORT = pyo.Set(initialize=[short for shorts in m.short_of.values() for short in shorts])
    m.LOGISTICS = pyo.Set(initialize=[(*key, LOGISTICS) for key in shelves])
    m.never_below = pyo.Constraint(m.CUT, rule=never_below)
    m.short_of_demand = pyo.Constraint(m.SHORT, rule=short_of_demand)
    m.stock_may_earn = pyo.BuildAction(m.LOGISTICS, rule=_unbounded)
    return m


def never_below(m: pyo.ConcreteModel, item_class: str, option: str, shelf: str, number: int) -> Relation:
    """(1 + money[c]) · logistics[h] + lost_sales[h] + stock_value_price[c] · stock_value[h] + m3_price[c] ·
    m3[h] + Σ_{i,r} piece_price[c,i,r] · short[h,i,r] ≥ least[c] · chosen[h]   ∀ c ∈ CUT, h = h(c)

    At these prices no choice of rungs comes to less than the best one. Scaled by whether the shelf's option
    is chosen (perspective form), so the relaxation loses nothing.
    """
    key = (item_class, option, shelf)
    cut = m.shelves[key].cuts[number]
    amounts = {
        (*key, LOGISTICS): 1.0 + cut.money,
        (*key, LOST_SALES): 1.0,
        (*key, STOCK_VALUE): cut.stock_value,
        (*key, STORAGE): cut.storage_m3,
        (*key, CHOSEN): -cut.least,
        **{short: float(cut.piece_short[i, r]) for short, (i, r) in m.short_of[key].items()},
    }
    return weighted_sum(m.weight, {part: amount for part, amount in amounts.items() if amount}) >= 0


def short_of_demand(m: pyo.ConcreteModel, item_class: str, option: str, shelf: str, what: str) -> Relation:
    """short[h,i,r] ≤ pieces[h,i,r] · chosen[h]   ∀ (h,i,r) ∈ SHORT

    No more pieces can be short than are asked for.
    """
    key = (item_class, option, shelf)
    pieces = float(m.shelves[key].pieces[m.short_of[key][*key, what]])
    return m.weight[*key, what] <= pieces * m.weight[*key, CHOSEN]


def _unbounded(m: pyo.ConcreteModel, *key: str) -> None:
    """A supplier may be cheaper than the items' unit cost: then stock costs less than nothing."""
    m.weight[key].domain = pyo.Reals

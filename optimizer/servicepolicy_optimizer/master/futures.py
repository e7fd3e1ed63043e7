"""One policy for many futures: a master model for each, and what all of them must share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from servicepolicy_models.futures import Measure
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.master.garbage import no_garbage_meanwhile
from servicepolicy_optimizer.master.model import contents
from servicepolicy_optimizer.master.stocking_amounts import stocking_amounts
from servicepolicy_optimizer.master.sums import Relation, plain_sum

PREFIX = "future_"
"""`future_0`, `future_1`, ...: the blocks of the futures in the model."""

WayKey = tuple[str, str, str, str, str]
"""(customer class, item class, region, deployment, name of the path)."""


@dataclass(frozen=True)
class FutureModel:
    """One future as the model takes it."""

    scenario: Scenario
    choices: Choices
    """Every path that is in time, none pruned: what one future never needs another may."""
    weight: float
    """Share of all weights."""
    own_cost: float
    """Of the policy that is best for this future alone."""


@dataclass(frozen=True)
class Weighing:
    """What is minimised, and whether paths are shared."""

    measure: Measure
    tail: float
    shared_paths: bool
    whole_columns: bool = False
    """True: no mixing, where every rung of every item is a column."""


@no_garbage_meanwhile
def build_futures(futures: Sequence[FutureModel], weighing: Weighing) -> pyo.ConcreteModel:
    """The contents page: every future with all its rules, and the choices made before it is known."""
    m = pyo.ConcreteModel("futures")

    # What is known.
    m.future = tuple(_future(m, n, one, weighing) for n, one in enumerate(futures))
    m.share = {n: one.weight for n, one in enumerate(futures)}
    m.own_cost = {n: one.own_cost for n, one in enumerate(futures)}
    m.tail = weighing.tail
    m.by_way = {n: _by_way(one.choices) for n, one in enumerate(futures)}

    # Over what the decisions and rules range.
    m.FUTURE = pyo.Set(initialize=tuple(m.share))
    m.SHARED_OPTION = pyo.Set(initialize=_every_option(m.future))
    m.SHARED_WAY = pyo.Set(initialize=_every_way(m.by_way) if weighing.shared_paths else ())
    m.FUTURE_WITH_REGRET = pyo.Set(initialize=_only_for(Measure.REGRET, weighing, m.share))
    m.FUTURE_WITH_EXCESS = pyo.Set(initialize=_only_for(Measure.CVAR, weighing, m.share))

    # What is decided before the future is known.
    m.shared_stock = pyo.Var(m.SHARED_OPTION, domain=pyo.Binary)
    m.shared_path = pyo.Var(m.SHARED_WAY, domain=pyo.Binary)
    m.nothing = pyo.Var(bounds=(0.0, 0.0))

    # How the futures are weighed.
    m.regret = pyo.Var()
    m.tail_begins = pyo.Var()
    m.excess = pyo.Var(m.FUTURE_WITH_EXCESS, domain=pyo.NonNegativeReals)

    m.same_stocking = pyo.Constraint(m.FUTURE, m.SHARED_OPTION, rule=same_stocking)
    m.same_path = pyo.Constraint(m.FUTURE, m.SHARED_WAY, rule=same_path)
    m.regret_of_future = pyo.Constraint(m.FUTURE_WITH_REGRET, rule=regret_of_future)
    m.excess_of_future = pyo.Constraint(m.FUTURE_WITH_EXCESS, rule=excess_of_future)

    m.expected_cost = pyo.Objective(rule=expected_cost, sense=pyo.minimize)
    m.largest_regret = pyo.Objective(rule=largest_regret, sense=pyo.minimize)
    m.tail_cost = pyo.Objective(rule=tail_cost, sense=pyo.minimize)
    _keep_only(m, weighing.measure)
    return m


def same_stocking(m: pyo.ConcreteModel, w: int, item_class: str, option: str) -> Relation:
    """stock[w,j,g] = shared_stock[j,g]   ∀ w ∈ FUTURE, (j,g) ∈ SHARED_OPTION

    Every item class is stocked in the same way in every future; an option that one future does not have is
    chosen in none.
    """
    known, key = m.future[w].stock, (item_class, option)
    return plain_sum(known, [key] if key in known else ()) == m.shared_stock[key]


def same_path(
    m: pyo.ConcreteModel,
    w: int,
    customer_class: str,
    item_class: str,
    region: str,
    deployment: str,
    way: str,
) -> Relation:
    """Σ_{q named so} path[w,s,d,q] = shared_path[s,d,name]   ∀ w ∈ FUTURE, (s,d,name) ∈ SHARED_WAY

    Every segment is served over the same channel, process, mode and frequency in every future; what one
    future does not have, or has too late, is chosen in none.
    """
    key = (customer_class, item_class, region, deployment, way)
    return plain_sum(m.future[w].path, m.by_way[w].get(key, ())) == m.shared_path[key]


def regret_of_future(m: pyo.ConcreteModel, w: int) -> Relation:
    """cost[w] − own_cost[w] ≤ regret   ∀ w ∈ FUTURE (measure `regret`)

    No future regrets the shared policy by more than this: by what its own best policy would save.
    """
    return m.future[w].total_cost.expr - m.own_cost[w] <= m.regret


def excess_of_future(m: pyo.ConcreteModel, w: int) -> Relation:
    """cost[w] − tail_begins ≤ excess[w]   ∀ w ∈ FUTURE (measure `cvar`)

    What a future costs beyond the cost at which the worst futures begin.
    """
    return m.future[w].total_cost.expr - m.tail_begins <= m.excess[w]


def expected_cost(m: pyo.ConcreteModel) -> Any:
    """min Σ_w share[w] · cost[w]

    The mean cost of all futures by weight; cost[w] is the total cost of the master model of future w.
    """
    return sum(m.share[w] * m.future[w].total_cost.expr for w in m.FUTURE)


def largest_regret(m: pyo.ConcreteModel) -> Any:
    """min regret

    The largest regret of any future.
    """
    return m.regret


def tail_cost(m: pyo.ConcreteModel) -> Any:
    """min tail_begins + 1/tail · Σ_w share[w] · excess[w]

    The mean cost of the worst futures, those that together weigh `tail`: conditional value at risk
    (Rockafellar & Uryasev 2000).
    """
    return m.tail_begins + sum(m.share[w] * m.excess[w] for w in m.FUTURE_WITH_EXCESS) / m.tail


OBJECTIVE_OF: Mapping[Measure, str] = {
    Measure.EXPECTED: "expected_cost",
    Measure.REGRET: "largest_regret",
    Measure.CVAR: "tail_cost",
}


def _keep_only(m: pyo.ConcreteModel, measure: Measure) -> None:
    for other, name in OBJECTIVE_OF.items():
        if other is not measure:
            m.component(name).deactivate()


def _future(m: pyo.ConcreteModel, n: int, one: FutureModel, weighing: Weighing) -> pyo.ConcreteModel:
    """A future's own master model as a block; its cost is an expression of the whole."""
    block = contents(one.scenario, one.choices, stocking_amounts(one.scenario, one.choices))
    m.add_component(f"{PREFIX}{n}", block)
    block.total_cost.deactivate()
    if weighing.whole_columns:
        for weight in block.weight.values():
            weight.domain = pyo.Binary
    return block


def _by_way(choices: Choices) -> Mapping[WayKey, tuple[Any, ...]]:
    """Way of a segment with demand -> its paths in the model."""
    found: dict[WayKey, tuple[Any, ...]] = {}
    for (s, d), paths in choices.paths.items():
        offered = any(option.deployment == d for option in choices.options.get(s[1], ()))
        if choices.targets[s].pieces_per_year > 0 and offered:
            for q, path in enumerate(paths):
                found[(*s, d, path.name)] = (*found.get((*s, d, path.name), ()), (*s, d, q))
    return found


def _every_option(futures: Sequence[pyo.ConcreteModel]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(key for one in futures for key in one.OPTION))


def _every_way(by_way: Mapping[int, Mapping[WayKey, tuple[Any, ...]]]) -> tuple[WayKey, ...]:
    return tuple(dict.fromkeys(key for ways in by_way.values() for key in ways))


def _only_for(measure: Measure, weighing: Weighing, share: Mapping[int, float]) -> tuple[int, ...]:
    return tuple(share) if weighing.measure is measure else ()

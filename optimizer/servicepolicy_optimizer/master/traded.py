"""What total cost is traded against on a frontier: weighted service, which the scenario has no word for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from servicepolicy_models.frontier import Against
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices, Segment
from servicepolicy_optimizer.master.keys import PathKey
from servicepolicy_optimizer.master.model import build
from servicepolicy_optimizer.master.promises import planned_fill_rate
from servicepolicy_optimizer.master.sums import Relation, plain_sum, weighted_sum

IN_FULL = (Against.FILL_RATE, Against.OTIF)


@dataclass(frozen=True)
class Traded:
    """What is traded, how segments count, and the bound of one point."""

    against: Against
    weight: Mapping[Segment, float]
    """Segment with demand -> its share; they add up to 1."""
    bound: float | None = None
    """None: what is traded is free."""

    @property
    def in_full(self) -> bool:
        """Whether it is a matter of what is delivered in full."""
        return self.against in IN_FULL


def build_traded(scenario: Scenario, choices: Choices, traded: Traded) -> pyo.ConcreteModel:
    """The master model with a bound on weighted service.

    Inventory and CO2e have budgets: their bound is a budget of the scenario.
    """
    m = build(scenario, choices)
    m.traded = traded
    counting = [s for s in m.serving.demanding if traded.weight.get(s, 0.0) > 0]
    paths = {s: tuple(key for key in m.serving.paths if key[:3] == s) for s in counting}
    m.paths_of_segment = paths
    bounded = () if traded.bound is None else ("bound",)
    m.IN_FULL = pyo.Set(initialize=tuple(p for s in counting for p in paths[s]) if traded.in_full else ())
    m.PLANNED = pyo.Set(
        initialize=tuple((*s, r) for s in counting for r in m.stocking.fill_in[s]) if traded.in_full else ()
    )
    m.FILL_BOUND = pyo.Set(initialize=bounded if traded.against is Against.FILL_RATE else ())
    m.OTIF_BOUND = pyo.Set(initialize=bounded if traded.against is Against.OTIF else ())
    m.RESPONSE_BOUND = pyo.Set(initialize=bounded if traded.against is Against.RESPONSE else ())
    m.in_full = pyo.Var(m.IN_FULL, domain=pyo.NonNegativeReals)
    m.in_full_on_path = pyo.Constraint(m.IN_FULL, rule=in_full_on_path)
    m.in_full_as_planned = pyo.Constraint(m.PLANNED, rule=in_full_as_planned)
    m.weighted_fill_floor = pyo.Constraint(m.FILL_BOUND, rule=weighted_fill_floor)
    m.weighted_otif_floor = pyo.Constraint(m.OTIF_BOUND, rule=weighted_otif_floor)
    m.weighted_response_ceiling = pyo.Constraint(m.RESPONSE_BOUND, rule=weighted_response_ceiling)
    return m


def build_best(scenario: Scenario, choices: Choices, traded: Traded) -> pyo.ConcreteModel:
    """The same model with what is traded as its objective: the end of the frontier."""
    m = build_traded(scenario, choices, traded)
    m.total_cost.deactivate()
    m.best_of_traded = pyo.Objective(rule=best_of_traded, sense=pyo.minimize)
    return m


def in_full_on_path(
    m: pyo.ConcreteModel, customer_class: str, item_class: str, region: str, deployment: str, number: int
) -> Relation:
    """in_full[s,d,q] ≤ path[s,d,q]   ∀ (s,d,q) of segments that count

    Only what goes the chosen way arrives on it.
    """
    key = (customer_class, item_class, region, deployment, number)
    return m.in_full[key] <= m.path[key]


def in_full_as_planned(
    m: pyo.ConcreteModel, customer_class: str, item_class: str, region: str, within: str
) -> Relation:
    """Σ_{d,q} in_full[s,d,q] ≤ fill[s,r]   ∀ (s,r) : s counts, r a region in which the fill rate is promised

    No more is delivered in full than the chosen stock gives.
    """
    s = (customer_class, item_class, region)
    return plain_sum(m.in_full, m.paths_of_segment[s]) <= planned_fill_rate(m, s, within)


def weighted_fill_floor(m: pyo.ConcreteModel, bound: str) -> Relation:
    """Σ_s share[s] · Σ_{d,q} in_full[s,d,q] ≥ bound

    The weighted fill rate of one point of the frontier is at least so high.
    """
    return weighted_sum(m.in_full, amounts(m)) >= m.traded.bound


def weighted_otif_floor(m: pyo.ConcreteModel, bound: str) -> Relation:
    """Σ_s share[s] · Σ_{d,q} on_time[s,d,q] · in_full[s,d,q] ≥ bound

    On time in full, weighted, is at least so high. Fill rate times on-time probability is linear here because
    only the chosen path carries anything.
    """
    return weighted_sum(m.in_full, amounts(m)) >= m.traded.bound


def weighted_response_ceiling(m: pyo.ConcreteModel, bound: str) -> Relation:
    """Σ_s share[s] · Σ_{d,q} hours[s,d,q] · path[s,d,q] ≤ bound

    The weighted mean of the promised response hours is at most so long.
    """
    return weighted_sum(m.path, amounts(m)) <= m.traded.bound


def best_of_traded(m: pyo.ConcreteModel) -> Any:
    """min −Σ_s share[s] · Σ_{d,q} on_time[s,d,q] · in_full[s,d,q], Σ share · hours · path, Σ stock_value ·
    weight, or Σ co2e_kg

    The end of the frontier: the best there is of what is traded, whatever it costs.
    """
    against = m.traded.against
    if against is Against.INVENTORY:
        return weighted_sum(m.weight, m.stocking.stock_value)
    if against is Against.CO2E:
        return weighted_sum(m.weight, m.stocking.co2e_kg, (m.path, m.serving.co2e_kg))
    if against is Against.RESPONSE:
        return weighted_sum(m.path, amounts(m))
    return weighted_sum(m.in_full, {key: -amount for key, amount in amounts(m).items()})


def amounts(model: pyo.ConcreteModel) -> dict[PathKey, float]:
    """Path -> what it adds to the weighted mean, for one unit of the decision."""
    traded: Traded = model.traded
    found: dict[PathKey, float] = {}
    for s, keys in model.paths_of_segment.items():
        of_path = {
            Against.FILL_RATE: dict.fromkeys(keys, 1.0),
            Against.OTIF: model.serving.on_time,
            Against.RESPONSE: model.serving.promised_hours[s],
        }[traded.against]
        found |= {key: traded.weight[s] * of_path[key] for key in keys}
    return found

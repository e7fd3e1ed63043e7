"""Nine segments: every explanation against the first solve of the question."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.race import Race
from servicepolicy_api.wholesaler_files import write_wholesaler
from servicepolicy_models.futures import Future, FuturesAsked, ScaledInput
from servicepolicy_models.policy import Policy
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.rules import Budgets
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.targets import Target
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand
from servicepolicy_optimizer.explain.compare import Case, Effort, compare
from servicepolicy_optimizer.explain.frontier import frontier
from servicepolicy_optimizer.explain.prices import prices
from servicepolicy_optimizer.explain.publish import Foreseen, publish
from servicepolicy_optimizer.explain.repairs import repairs
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.question import in_silence

CUSTOMERS, ITEMS, LINES = 120, 80, 8_000
"""Few items: shelves are stocked once for each contestant, and cost all of them the same."""
TOO_LITTLE = 0.95
"""Share of the policy's logistics cost that is the budget of the infeasible scenario."""


FUTURES = FuturesAsked(
    futures=(
        Future(name="as today", weight=5),
        Future(name="demand up a fifth", weight=2, times={ScaledInput.DEMAND: 1.2}),
        Future(name="freight doubles", times={ScaledInput.FREIGHT: 2.0}),
        Future(name="slower supply", times={ScaledInput.LEAD_TIME: 1.3}),
        Future(name="dearer goods", times={ScaledInput.UNIT_COST: 1.15}),
    )
)


@dataclass(frozen=True)
class Material:
    """A question with its policy, the same with too small a budget, and the same a year later."""

    scenario: Scenario
    policy: Policy
    tight: Scenario
    later: Scenario
    later_policy: Policy
    facts: Facts


def prepare(folder: Path) -> Material:
    """A small synthetic wholesaler with nine segments and capacities."""
    scenario = read_scenario(write_wholesaler(folder, 7, CUSTOMERS, ITEMS, LINES).read_bytes())
    facts = read_demand(scenario, DemandFiles(folder))
    policy = recommend(scenario, facts, perf_counter, in_silence)
    if policy.cost is None:
        raise ValueError("the wholesaler has no policy: nothing can be measured")
    tight = scenario.model_copy(update={"budgets": Budgets(total_cost=TOO_LITTLE * policy.cost.total)})
    later = a_year_later(scenario)
    later_policy = recommend(later, facts, perf_counter, in_silence)
    return Material(scenario, policy, tight, later, later_policy, facts)


def a_year_later(scenario: Scenario) -> Scenario:
    """Dearer stock, slower supply, and a stricter promise for C-C: three groups of inputs, eight mixtures."""
    slower = tuple(
        one.model_copy(update={"lead_time_mean_days": 1.2 * one.lead_time_mean_days})
        for one in scenario.supply
    )
    stricter = Target(customer_class="C", item_class="C", fill_rate=0.9)
    return scenario.model_copy(
        update={
            "name": "a year later",
            "carrying_rate_per_year": 1.2 * scenario.carrying_rate_per_year,
            "supply": slower,
            "targets": (*scenario.targets, stricter),
        }
    )


def first_solve(material: Material) -> Policy:
    """Shelves, columns, policy, baselines, bound and audit, from nothing."""
    return recommend(material.scenario, material.facts, perf_counter, in_silence)


def all_repairs(material: Material) -> object:
    """Up to twelve sets of changes, each with its child scenario solved."""
    return repairs(material.tight, material.facts, perf_counter, in_silence)


def all_prices(material: Material) -> object:
    """Every step of every promise, capacity and budget."""
    return prices(material.scenario, material.facts, perf_counter, in_silence)


def whole_frontier(material: Material) -> object:
    """25 points of weighted fill rate, and the known policies beside them."""
    return frontier(material.scenario, material.facts, perf_counter, in_silence)


def comparison(material: Material) -> object:
    """A year later against now: what three groups of inputs did, over all orders."""
    cases = (
        Case("now", material.scenario, lambda scenario: material.facts, material.policy),
        Case("a year later", material.later, lambda scenario: material.facts, material.later_policy),
    )
    return compare(cases, Effort(), in_silence)


def robust(material: Material) -> object:
    """One policy for five futures."""
    return publish([Foreseen("now", material.scenario, material.facts)], FUTURES, in_silence)


def segments(material: Material) -> tuple[float, str]:
    """How many segments have promises."""
    return float(len(material.policy.segments)), "segments"


RACE = Race(
    name="Answers that explain, nine segments",
    about=f"{CUSTOMERS} customers, {ITEMS} items, {LINES:,} order lines. Every contestant begins with "
    "nothing but the demand facts, runs once and alone, and is measured in processor seconds.",
    goal="repairs, all prices and a frontier of 25 points each within 20 first solves",
    prepare=prepare,
    contestants={
        "first solve": first_solve,
        "repairs": all_repairs,
        "all prices": all_prices,
        "frontier, 25 points": whole_frontier,
        "comparison, 8 mixtures": comparison,
        "robust, 5 futures": robust,
    },
    against="first solve",
    rounds=1,
    once=True,
    work=segments,
)

"""Nine segments: repairs, all prices and a frontier of 25 points, against the first solve of the question."""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.race import Race
from servicepolicy_api.wholesaler_files import write_wholesaler
from servicepolicy_models.policy import Policy
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.rules import Budgets
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand
from servicepolicy_optimizer.explain.frontier import frontier
from servicepolicy_optimizer.explain.prices import prices
from servicepolicy_optimizer.explain.repairs import repairs
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.question import in_silence

CUSTOMERS, ITEMS, LINES = 120, 80, 8_000
"""Few items: shelves are stocked once for each contestant, and cost all of them the same."""
TOO_LITTLE = 0.95
"""Share of the policy's logistics cost that is the budget of the infeasible scenario."""


@dataclass(frozen=True)
class Material:
    """A question with a policy, and the same with too small a budget."""

    scenario: Scenario
    tight: Scenario
    facts: Facts
    segments: int


def prepare(folder: Path) -> Material:
    """A small synthetic wholesaler with nine segments and capacities."""
    scenario = read_scenario(write_wholesaler(folder, 7, CUSTOMERS, ITEMS, LINES).read_bytes())
    facts = read_demand(scenario, DemandFiles(folder))
    policy = recommend(scenario, facts, perf_counter, in_silence)
    if policy.cost is None:
        raise ValueError("the wholesaler has no policy: nothing can be measured")
    budget = Budgets(total_cost=TOO_LITTLE * policy.cost.total)
    tight = scenario.model_copy(update={"budgets": budget})
    return Material(scenario, tight, facts, len(policy.segments))


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


def segments(material: Material) -> tuple[float, str]:
    """How many segments have promises."""
    return float(material.segments), "segments"


RACE = Race(
    name="Answers that explain, nine segments",
    about="Every contestant begins with nothing but the demand facts.",
    goal="repairs, all prices and a frontier of 25 points each within 20 first solves",
    prepare=prepare,
    contestants={
        "first solve": first_solve,
        "repairs": all_repairs,
        "all prices": all_prices,
        "frontier, 25 points": whole_frontier,
    },
    against="first solve",
    rounds=1,
    work=segments,
)

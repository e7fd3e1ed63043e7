"""A scenario and its files become answers that explain: repairs, prices, a frontier."""

from collections.abc import Sequence
from time import perf_counter

from servicepolicy_models.changes import RepairWishes
from servicepolicy_models.consistency import require
from servicepolicy_models.frontier import Frontier, FrontierQuestion
from servicepolicy_models.prices import Prices
from servicepolicy_models.repairs import Repairs
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand
from servicepolicy_optimizer.explain.frontier import frontier
from servicepolicy_optimizer.explain.prices import prices
from servicepolicy_optimizer.explain.repairs import repairs
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.question import Tell


def find_repairs(scenario: Scenario, files: DemandFiles, tell: Tell, wishes: RepairWishes) -> Repairs:
    """How an infeasible scenario can be made feasible."""
    return repairs(scenario, _facts(scenario, files, tell), perf_counter, tell, wishes)


def find_prices(scenario: Scenario, files: DemandFiles, tell: Tell, only: Sequence[str]) -> Prices:
    """What promises, capacities and budgets cost."""
    return prices(scenario, _facts(scenario, files, tell), perf_counter, tell, only)


def find_frontier(scenario: Scenario, files: DemandFiles, tell: Tell, asked: FrontierQuestion) -> Frontier:
    """Total cost against service, inventory or CO2e."""
    return frontier(scenario, _facts(scenario, files, tell), perf_counter, tell, asked)


def _facts(scenario: Scenario, files: DemandFiles, tell: Tell) -> Facts:
    require(scenario)
    tell("demand", 0.0, "")
    return read_demand(scenario, files)

"""A scenario and its files become answers that explain: the road that commands and runs share."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import TypeVar

from servicepolicy_api.answering import answer, order_lines_of
from servicepolicy_models.changes import RepairWishes
from servicepolicy_models.class_search import ClassesAsked, ClassSearch
from servicepolicy_models.comparison import Comparison
from servicepolicy_models.consistency import require
from servicepolicy_models.frontier import Frontier, FrontierQuestion
from servicepolicy_models.futures import FuturesAsked, RobustPolicy
from servicepolicy_models.policy import Policy
from servicepolicy_models.prices import Prices
from servicepolicy_models.qualification import Qualification, QualificationRule
from servicepolicy_models.repairs import Repairs
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.screening import Screening, ScreeningAsked
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand, read_tables
from servicepolicy_optimizer.explain.classes import search_classes
from servicepolicy_optimizer.explain.compare import Case, Effort, compare
from servicepolicy_optimizer.explain.customer_periods import CustomerPeriods, customer_periods
from servicepolicy_optimizer.explain.frontier import frontier
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.prices import prices
from servicepolicy_optimizer.explain.publish import Foreseen, publish
from servicepolicy_optimizer.explain.qualify import qualify, require_rule
from servicepolicy_optimizer.explain.repairs import repairs
from servicepolicy_optimizer.explain.screen import screen
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.profile import facts, place
from servicepolicy_optimizer.question import Tell

AnyAnswer = TypeVar("AnyAnswer")
Hold = Callable[[AnyAnswer], None]
"""Is handed what is found so far, should there be no time for the whole."""


def find_repairs(
    scenario: Scenario, files: DemandFiles, tell: Tell, wishes: RepairWishes, hold: Hold[Repairs]
) -> Repairs:
    """How an infeasible scenario can be made feasible."""
    demand, memory = _facts(scenario, files, tell), Memory(recall=files.recall)
    return repairs(scenario, demand, perf_counter, tell, wishes, keep=hold, memory=memory)


def find_prices(
    scenario: Scenario, files: DemandFiles, tell: Tell, only: Sequence[str], hold: Hold[Prices]
) -> Prices:
    """What promises, capacities and budgets cost."""
    demand, memory = _facts(scenario, files, tell), Memory(recall=files.recall)
    return prices(scenario, demand, perf_counter, tell, only, keep=hold, memory=memory)


def find_frontier(
    scenario: Scenario, files: DemandFiles, tell: Tell, asked: FrontierQuestion, hold: Hold[Frontier]
) -> Frontier:
    """Total cost against service, inventory or CO2e."""
    demand, memory = _facts(scenario, files, tell), Memory(recall=files.recall)
    return frontier(scenario, demand, perf_counter, tell, asked, keep=hold, memory=memory)


def find_comparison(cases: Sequence[Case], tell: Tell, effort: Effort, hold: Hold[Comparison]) -> Comparison:
    """Why the cost moved from run to run."""
    return compare(cases, effort, tell, keep=hold)


def find_robust(
    starts: Sequence[Foreseen], tell: Tell, asked: FuturesAsked, hold: Hold[RobustPolicy]
) -> RobustPolicy:
    """One policy for many futures: they start from one scenario, or each from one of its own."""
    return publish(starts, asked, tell, keep=hold)


def find_screening(scenario: Scenario, files: DemandFiles, tell: Tell, asked: ScreeningAsked) -> Screening:
    """Which inputs matter."""
    return screen(scenario, _facts(scenario, files, tell), asked, tell, memory=Memory(recall=files.recall))


def find_classes(
    scenario: Scenario, files: DemandFiles, tell: Tell, asked: ClassesAsked, hold: Hold[ClassSearch]
) -> ClassSearch:
    """Whether the classes are right; the order lines are read and cleaned once for all classings."""
    require(scenario)
    tell("demand", 0.0, "")
    with read_tables(scenario, order_lines_of(scenario), files) as tables:
        return search_classes(
            scenario,
            lambda other: facts(other, tables.lines, tables.items, tables.customers),
            asked,
            tell,
            keep=hold,
        )


def find_qualification(
    scenario: Scenario, files: DemandFiles, tell: Tell, rule: QualificationRule, priced: Policy | None = None
) -> Qualification:
    """Who is in which class by a rule; the moves are priced by a policy, which is found if none is given."""
    require(scenario)
    require_rule(rule, scenario)
    tell("demand", 0.0, "")
    active = _customers(scenario, files, rule.period_days)
    return qualify(scenario, rule, active, priced or answer(scenario, files, tell))


def _customers(scenario: Scenario, files: DemandFiles, period_days: int) -> CustomerPeriods:
    """What every customer did in every period. Raises ScenarioRejected when there are no lines."""
    source = order_lines_of(scenario)
    with read_tables(scenario, source, files) as tables:
        placement = place(scenario, tables.lines, tables.items, tables.customers)
        return customer_periods(scenario, placement, source, period_days)


def _facts(scenario: Scenario, files: DemandFiles, tell: Tell) -> Facts:
    require(scenario)
    tell("demand", 0.0, "")
    return read_demand(scenario, files)

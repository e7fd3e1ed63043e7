"""A scenario and its files become an answer: the road that the command line and the service share."""

from time import perf_counter

from servicepolicy_models.consistency import require
from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.question import Tell


def answer(scenario: Scenario, files: DemandFiles, tell: Tell) -> Policy:
    """Read the demand, find the policy, and add what was found about the scenario itself.

    Raises ScenarioRejected, OrderLinesRejected or TableRejected for what is wrong with the question;
    SolverFailed or AuditFailed for what is wrong with us.
    """
    remarks = require(scenario)
    tell("demand", 0.0, "")
    facts = read_demand(scenario, files)
    policy = recommend(scenario, facts, perf_counter, tell)
    return policy.model_copy(update={"findings": (*remarks, *policy.findings)})

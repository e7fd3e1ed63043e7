"""A scenario and its order lines become evidence."""

from servicepolicy_api.answering import order_lines_of
from servicepolicy_models.backtest import Backtest, BacktestPlan
from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import TooLarge
from servicepolicy_models.evidence import PolicyEvidence
from servicepolicy_models.findings import Finding
from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.backtest import backtest
from servicepolicy_optimizer.backtest.sureness import plan_of, sureness
from servicepolicy_optimizer.demand_reading import DemandFiles, Tables, read_tables
from servicepolicy_optimizer.forecast import NOTHING_GIVEN, GivenForecasts
from servicepolicy_optimizer.forecast.given_reading import given_forecasts
from servicepolicy_optimizer.history import OrderHistory, order_history
from servicepolicy_optimizer.intake import read_forecast_table
from servicepolicy_optimizer.question import Tell


def backtested(scenario: Scenario, files: DemandFiles, plan: BacktestPlan, tell: Tell) -> Backtest:
    """Read the whole history, to its last day, and replay it.

    Raises ScenarioRejected when the demand comes without order lines, OrderLinesRejected or TableRejected for
    what is wrong with the files.
    """
    source = _to_the_last_day(order_lines_of(scenario))
    tell("demand", 0.0, "")
    with read_tables(scenario, source, files, become_arrays=True) as tables:
        history, placement = order_history(scenario, tables)
        given, findings = _given(files, tables, history, source)
    found = backtest(scenario, history, plan, tell, given=given)
    return found.model_copy(update={"findings": (*placement.findings, *findings, *found.findings)})


def _given(
    files: DemandFiles, tables: Tables, history: OrderHistory, source: OrderLines
) -> tuple[GivenForecasts, tuple[Finding, ...]]:
    """The company's own forecasts, where it has any."""
    if files.forecasts is None:
        return NOTHING_GIVEN, ()
    desk, upper_case = tables.lines.desk, source.cleaning.item_code_upper_case
    return given_forecasts(read_forecast_table(files.forecasts, desk, upper_case), history)


def with_evidence(policy: Policy, scenario: Scenario, files: DemandFiles, tell: Tell) -> Policy:
    """The policy with the answer to how sure its promises are."""
    if not policy.segments:
        return policy
    if not isinstance(scenario.demand, OrderLines):
        sentence = "The demand is given as numbers: there are no order lines to judge promises on."
        return policy.model_copy(update={"evidence": PolicyEvidence(judged=False, sentence=sentence)})
    try:
        found = backtested(scenario, files, plan_of(policy), tell)
    except TooLarge as trouble:
        sentence = f"The order lines could not be replayed: {trouble.findings[0].what}"
        return policy.model_copy(update={"evidence": PolicyEvidence(judged=False, sentence=sentence)})
    return policy.model_copy(update={"evidence": sureness(policy, found)})


def _to_the_last_day(source: OrderLines) -> OrderLines:
    """A month cut short spoils a yearly mean, but not a replay day by day."""
    whole = source.cleaning.model_copy(update={"drop_incomplete_last_month": False})
    return source.model_copy(update={"cleaning": whole})

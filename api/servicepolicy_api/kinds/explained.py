"""The kinds that explain: a question about a scenario, or about several, and one document that answers it."""

from collections.abc import Callable, Mapping

from pydantic import BaseModel

from servicepolicy_api import explanations
from servicepolicy_api.kinds.asked import RobustQuestion
from servicepolicy_api.kinds.order import Answer, Beside, Listener, Order, Work
from servicepolicy_models.changes import RepairWishes
from servicepolicy_models.class_search import ClassesAsked
from servicepolicy_models.comparison import Comparison, ComparisonQuestion
from servicepolicy_models.frontier import Frontier, FrontierQuestion
from servicepolicy_models.futures import FuturesAsked, RobustPolicy
from servicepolicy_models.prices import Prices, PricesQuestion
from servicepolicy_models.qualification import Qualification, QualificationRule
from servicepolicy_models.repairs import Repairs
from servicepolicy_models.screening import ScreeningAsked
from servicepolicy_optimizer.demand_reading import read_demand
from servicepolicy_optimizer.explain.compare import Case, Effort
from servicepolicy_optimizer.explain.publish import Foreseen
from servicepolicy_optimizer.question import Tell

Hold = Callable[[BaseModel], None]
"""Is handed what is found so far."""
Asked = Callable[[Order, Tell, Hold], BaseModel]


def _repairs(order: Order, tell: Tell, hold: Hold) -> Repairs:
    wishes = RepairWishes.model_validate(order.settings)
    return explanations.find_repairs(order.question.scenario, order.question.files, tell, wishes, hold)


def _prices(order: Order, tell: Tell, hold: Hold) -> Prices:
    only = PricesQuestion.model_validate(order.settings).only
    return explanations.find_prices(order.question.scenario, order.question.files, tell, only, hold)


def _frontier(order: Order, tell: Tell, hold: Hold) -> Frontier:
    asked = FrontierQuestion.model_validate(order.settings)
    return explanations.find_frontier(order.question.scenario, order.question.files, tell, asked, hold)


def _comparison(order: Order, tell: Tell, hold: Hold) -> Comparison:
    asked = ComparisonQuestion.model_validate(order.settings)
    cases = tuple(map(_case, order.beside))
    return explanations.find_comparison(cases, tell, Effort(asked.most_solves, asked.in_order), hold)


def _case(run: Beside) -> Case:
    files, policy = run.question.files, run.policy
    assert policy is not None, "what is compared was asked for by run"
    return Case(run.name, run.question.scenario, lambda scenario: read_demand(scenario, files), policy, True)


def _robust(order: Order, tell: Tell, hold: Hold) -> RobustPolicy:
    own = Beside(order.question.scenario.name, order.question)
    asked = RobustQuestion.model_validate(order.settings)
    starts = [
        Foreseen(one.name, one.question.scenario, read_demand(one.question.scenario, one.question.files))
        for one in (own, *order.beside)
    ]
    futures = FuturesAsked.model_validate(asked.model_dump(exclude={"others"}))
    return explanations.find_robust(starts, tell, futures, hold)


def _screening(order: Order, tell: Tell, hold: Hold) -> BaseModel:
    asked = ScreeningAsked.model_validate(order.settings)
    return explanations.find_screening(order.question.scenario, order.question.files, tell, asked)


def _classes(order: Order, tell: Tell, hold: Hold) -> BaseModel:
    asked = ClassesAsked.model_validate(order.settings)
    return explanations.find_classes(order.question.scenario, order.question.files, tell, asked, hold)


def _qualification(order: Order, tell: Tell, hold: Hold) -> Qualification:
    rule = QualificationRule.model_validate(order.settings)
    return explanations.find_qualification(order.question.scenario, order.question.files, tell, rule)


def _kind(name: str, asked: Asked) -> Work:
    def work(order: Order, listener: Listener) -> Answer:
        found = asked(order, listener.tell, lambda held: listener.keep(_answer(name, held, "partial")))
        return _answer(name, found, "done")

    return work


def _answer(name: str, found: BaseModel, outcome: str) -> Answer:
    documents = {name: found.model_dump_json()}
    if isinstance(found, RobustPolicy):
        return Answer(found.held.value, found.objective, found.bound, documents)
    return Answer(outcome, documents=documents)


EXPLAINED: Mapping[str, Work] = {
    name: _kind(name, asked)
    for name, asked in {
        "repairs": _repairs,
        "prices": _prices,
        "frontier": _frontier,
        "comparison": _comparison,
        "robust": _robust,
        "screening": _screening,
        "classes": _classes,
        "qualification": _qualification,
    }.items()
}

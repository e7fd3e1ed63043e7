"""Small runs to compare: a random small world, and what became of it."""

from collections.abc import Callable
from functools import cache
from typing import Any

from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.explain.compare import Case
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from tests.optimizer.small_inline import small_scenario


def in_silence(stage: str, done: float, word: str) -> None:
    pass


def answer_to(scenario: Scenario) -> Policy:
    """The same question is solved once for all tests."""
    return _answer(scenario.model_dump_json())


@cache
def _answer(document: str) -> Policy:
    scenario = Scenario.model_validate_json(document)
    return recommend(scenario, inline_facts(scenario), clock=lambda: 0.0, tell=in_silence)


def case_of(name: str, scenario: Scenario) -> Case:
    return Case(name, scenario, read, answer_to(scenario))


def read(scenario: Scenario) -> Facts:
    return inline_facts(scenario)


def later(seed: int, **changes: Any) -> Scenario:
    """The small world a year later: more demand, dearer shelves, a stricter promise, slower supply."""
    document = small_scenario(seed).model_dump(mode="json")
    for one in (CHANGES[name] for name in changes.pop("only", CHANGES)):
        one(document)
    return Scenario.model_validate(document | changes)


def _more_demand(document: dict[str, Any]) -> None:
    pool = document["demand"]["items"][0]["demand"][0]
    pool["pieces_per_day"] *= 2
    pool["lines_per_day"] *= 2


def _dearer(document: dict[str, Any]) -> None:
    document["carrying_rate_per_year"] = 0.4
    document["channels"][0]["cost_per_line"] = 4.0


def _stricter(document: dict[str, Any]) -> None:
    document["targets"][0]["fill_rate"] = 0.97


def _slower(document: dict[str, Any]) -> None:
    for supply in document["supply"]:
        supply["lead_time_mean_days"] *= 2


CHANGES: dict[str, Callable[[dict[str, Any]], None]] = {
    "demand": _more_demand,
    "costs": _dearer,
    "promises": _stricter,
    "times": _slower,
}

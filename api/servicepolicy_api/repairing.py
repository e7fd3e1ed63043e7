"""A repair applied: the scenario that it makes becomes a version of a named one."""

from collections.abc import Callable
from typing import Annotated, Any

import orjson
from pydantic import Field

from servicepolicy_api.asking import canonical
from servicepolicy_api.memory import Memory
from servicepolicy_api.naming import in_kept_form
from servicepolicy_api.problems import Problem
from servicepolicy_api.run_answers import found
from servicepolicy_api.run_request import scenario_at
from servicepolicy_api.settings import Settings
from servicepolicy_models.errors import QuestionRejected, error
from servicepolicy_models.merge_patch import merge_patch, merged
from servicepolicy_models.noun import Noun
from servicepolicy_models.repairs import Repair, Repairs
from servicepolicy_models.scenario import Scenario
from servicepolicy_store import scenarios
from servicepolicy_store.database import Transaction
from servicepolicy_store.run_noun import Run
from servicepolicy_store.scenarios import Canonical, Parent, Version


class ApplyRepair(Noun):
    """Which repair of a run is applied, and under which name its scenario is kept."""

    repair: Annotated[int, Field(ge=1)]
    """Its number."""
    to: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^/:\x00-\x1f]+$")] | None = None
    """A new name; absent: the next version of the named scenario that the run was about."""


class Child(Noun):
    """What a repair makes: a scenario, and what it is made of."""

    scenario: Scenario
    repair: Repair
    name: str
    expected: int | None
    """The head that the name must have; none: the name must be new."""


def child_of(memory: Memory, run: Run, asked: ApplyRepair) -> tuple[Child, Parent | None]:
    """The child scenario of a repair of a run, and its parent where the run was about a named scenario.

    Raises QuestionRejected for an unknown repair, and a Problem for a run without repairs or a name.
    """
    repairs = Repairs.model_validate_json(found(memory, run, "repairs").document or "")
    repair = repair_of(repairs, asked.repair, "/repair")
    if asked.to is None and run.scenario_name is None:
        what = "The run was about a scenario without a name."
        finding = error("/to", what, "request.body", "Say under which name the child is kept.")
        raise Problem(422, "request.body", "The body is wrong.", [finding])
    with memory.database.reading() as tx:
        document = scenarios.document(tx, run.scenario_sha256)
        base = None
        if run.scenario_name is not None:
            version = scenarios.version(tx, run.scenario_name, run.scenario_version)
            base = scenarios.document(tx, version.sha256)
    scenario = scenario_at("", merged(orjson.loads(document), repair.patch))
    expected = run.scenario_version if asked.to is None else None
    child = Child(
        scenario=scenario, repair=repair, name=asked.to or str(run.scenario_name), expected=expected
    )
    if base is None:
        return child, None
    return child, Parent(str(run.scenario_name), int(run.scenario_version or 1), _patch(base, scenario))


def keeps_child(
    memory: Memory, settings: Settings, run: Run, asked: ApplyRepair
) -> Callable[[Transaction], Version]:
    """What keeps the scenario of a repair as a version. Raises as `child_of`, and ScenarioRejected."""
    child, parent = child_of(memory, run, asked)
    kept = in_kept_form(child.scenario, memory, settings)
    note = f"Repair {child.repair.number} of run {run.id}: {child.repair.sentence}"[:1_000]
    return lambda tx: scenarios.add_version(tx, child.name, kept, child.expected, note, parent)


def _patch(base: str, scenario: Scenario) -> str:
    kept: Canonical = canonical(scenario)
    before: Any = orjson.loads(base)
    return orjson.dumps(merge_patch(before, orjson.loads(kept.document))).decode()


def repair_of(found: Repairs, number: int, where: str) -> Repair:
    """The repair of that number. Raises QuestionRejected."""
    repair = next((one for one in found.repairs if one.number == number), None)
    if repair is None:
        known = ", ".join(str(one.number) for one in found.repairs) or "none"
        what, mend = f"There is no repair {number}.", f"Known are: {known}."
        raise QuestionRejected([error(where, what, "question.unknown_name", mend)])
    return repair

"""What a run is asked about beside its own scenario: checked when it is asked, read when it is worked on."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from servicepolicy_api.kinds.asked import Base, RobustQuestion
from servicepolicy_api.kinds.order import Beside
from servicepolicy_api.memory import Memory, finds_datasets
from servicepolicy_api.problems import Problem
from servicepolicy_api.question import Question, read_again
from servicepolicy_api.run_answers import policy
from servicepolicy_api.settings import Settings
from servicepolicy_models.comparison import ComparisonQuestion
from servicepolicy_models.errors import ScenarioRejected, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.noun import Noun
from servicepolicy_models.reading import read_scenario
from servicepolicy_optimizer.demand_reading import DemandFiles
from servicepolicy_store import runs, scenarios
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import NotThere
from servicepolicy_store.run_noun import Run

COMPARISON = "comparison"
NOWHERE = Path(os.devnull)
"""A folder that holds no table."""
HOLDS_A_POLICY = ("optimal", "feasible")


def as_it_is_now(chosen: Noun, memory: Memory) -> Noun:
    """Settings that mean the same for ever: a named scenario without a version is the newest one of now.

    Raises Problem 422 with everything that is wrong with the runs and scenarios that are named.
    """
    findings: list[Finding] = []
    if isinstance(chosen, ComparisonQuestion):
        with memory.database.reading() as tx:
            findings = [one for n, name in enumerate(chosen.runs) for one in _misfits(tx, n, name)]
    elif isinstance(chosen, RobustQuestion):
        with memory.database.reading() as tx:
            others = [_version(tx, n, one, findings) for n, one in enumerate(chosen.others)]
        chosen = chosen.model_copy(update={"others": tuple(others)})
    if findings:
        raise Problem(422, "runs.rejected", "What is named cannot be asked about.", findings)
    return chosen


def last_compared(chosen: ComparisonQuestion, memory: Memory) -> dict[str, Any]:
    """The scenario of the last of the compared runs, which the comparison is filed under."""
    with memory.database.reading() as tx:
        run = runs.get(tx, chosen.runs[-1])
        read: dict[str, Any] = orjson.loads(scenarios.document(tx, run.scenario_sha256))
    return read


def beside(
    kind: str, settings: Mapping[str, Any], memory: Memory, installation: Settings
) -> tuple[Beside, ...]:
    """The runs and scenarios that the settings of a run name, read back from the store."""
    if kind == COMPARISON:
        with memory.database.reading() as tx:
            compared = [runs.get(tx, one) for one in ComparisonQuestion.model_validate(settings).runs]
            solved = [runs.get(tx, run.cached_from or run.id) for run in compared]
        questions = [_compared(run, memory, installation) for run in solved]
        names = _names([one.scenario.name for one in questions], [run.id for run in compared])
        return tuple(
            Beside(name, question, policy(memory, run))
            for name, question, run in zip(names, questions, compared, strict=True)
        )
    if kind == "robust":
        others = RobustQuestion.model_validate(settings).others
        with memory.database.reading() as tx:
            found = [scenarios.version(tx, one.name, one.version) for one in others]
            documents = [scenarios.document(tx, one.sha256) for one in found]
        return tuple(
            Beside(one.name, read_again(document.encode(), installation, finds_datasets(memory)))
            for one, document in zip(found, documents, strict=True)
        )
    return ()


def _compared(run: Run, memory: Memory, installation: Settings) -> Question:
    """The question of a run that is compared; where its tables have gone, without them."""
    return question_of(replace(run, kind=COMPARISON), memory, installation)


def question_of(run: Run, memory: Memory, installation: Settings) -> Question:
    """The question of a run as it was answered.

    The solver's own limit counts from when the run was asked, so that waiting changes no answer.
    """
    seconds = installation.solve_seconds
    if run.deadline_at is not None:
        seconds = max(min(seconds, (run.deadline_at - run.created_at).total_seconds()), 0.1)
    return as_written(run, memory, installation).in_time(seconds)


def as_written(run: Run, memory: Memory, installation: Settings) -> Question:
    """The question of a run, with the time limit that its scenario names. A comparison needs no tables: where
    they have gone, what was recorded is compared.
    """
    with memory.database.reading() as tx:
        document = scenarios.document(tx, run.scenario_sha256)
    try:
        return read_again(document.encode(), installation, finds_datasets(memory))
    except ScenarioRejected:
        if run.kind != COMPARISON:
            raise
        return Question(read_scenario(document.encode()), DemandFiles(NOWHERE), ())


def _misfits(tx: Transaction, number: int, name: str) -> Iterator[Finding]:
    where, rule = f"/settings/runs/{number}", "compare.no_policy"
    try:
        run = runs.get(tx, name)
    except NotThere:
        what = f"There is no run {name!r}."
        yield error(where, what, "compare.no_run", "See GET /v1/runs for those that are there.")
        return
    if not run.state.is_final:
        yield error(where, f"The run {name!r} has not ended yet.", rule, "Wait for its end.")
    elif run.kind != "solve" or run.outcome not in HOLDS_A_POLICY:
        what = f"The run {name!r}, a {run.kind} that {run.state.value}, holds no policy."
        yield error(where, what, rule, "Compare runs of kind solve that hold a policy.")


def _version(tx: Transaction, number: int, named: Base, findings: list[Finding]) -> Base:
    try:
        return Base(name=named.name, version=scenarios.version(tx, named.name, named.version).version)
    except NotThere:
        what = f"There is no such version of a scenario {named.name!r}."
        mend = "See GET /v1/scenarios for those that are there."
        findings.append(error(f"/settings/others/{number}", what, "futures.no_scenario", mend))
        return named


def _names(own: Sequence[str], ids: Sequence[str]) -> Sequence[str]:
    """The scenarios' own names where they differ, else the ids of the runs."""
    return own if len(set(own)) == len(own) else ids

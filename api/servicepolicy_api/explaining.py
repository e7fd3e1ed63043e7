"""Runs and futures by their files: what the commands that explain answers read before they ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from pydantic import ValidationError

from servicepolicy_api.files import FileRejected, read_whole
from servicepolicy_api.saved_runs import saved_run
from servicepolicy_models.complaints import finding_of, is_echo
from servicepolicy_models.consistency import require
from servicepolicy_models.errors import QuestionRejected, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.noun import Noun
from servicepolicy_models.policy import Policy
from servicepolicy_models.reading import read_question, read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand, require_read
from servicepolicy_optimizer.explain.compare import Case
from servicepolicy_optimizer.explain.publish import Foreseen
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.question import Tell, in_silence

AnyNoun = TypeVar("AnyNoun", bound=Noun)


@dataclass(frozen=True)
class AskedFiles:
    """The tables that several scenarios are read from: one for all, or one for each; none: as they say."""

    orders: tuple[Path, ...] = ()
    items: Path | None = None
    customers: Path | None = None

    @property
    def any(self) -> bool:
        """Whether any table was handed in."""
        return bool(self.orders or self.items or self.customers)

    def of(self, folder: Path, number: int) -> DemandFiles:
        """The files of the scenario with this number, which lies in the folder."""
        orders = self.orders[number if len(self.orders) > 1 else 0] if self.orders else None
        return DemandFiles(folder, orders, self.items, self.customers)

    def require_one_for_each(self, scenarios: int) -> None:
        """Raise QuestionRejected for several files of order lines that are not one for each scenario."""
        if len(self.orders) > 1 and len(self.orders) != scenarios:
            what = f"There are {scenarios} scenarios and {len(self.orders)} files of order lines."
            mend = "Give one file for all scenarios, or one for each in the same order."
            raise QuestionRejected([error("--orders", what, "question.orders", mend)])


def read_noun(path: Path, kind: type[AnyNoun]) -> AnyNoun:
    """Read a JSON document as a noun. Raises FileRejected or QuestionRejected with every finding."""
    try:
        return read_question(read_whole(path), kind)
    except QuestionRejected as wrong:
        raise QuestionRejected([_in_file(path, one) for one in wrong.findings]) from None


def read_choosing(path: Path | None, kind: type[AnyNoun], chosen: Mapping[str, object]) -> AnyNoun:
    """A noun from a file, or its defaults; options that were given win over the file.

    Raises FileRejected or QuestionRejected with every finding.
    """
    said = read_noun(path, kind).model_dump(mode="json", exclude_unset=True) if path else {}
    said |= {name: value for name, value in chosen.items() if value is not None}
    try:
        return kind.model_validate(said)
    except ValidationError as wrong:
        raise QuestionRejected(
            [finding_of(one, kind) for one in wrong.errors(include_url=False) if not is_echo(one)]
        ) from None


def _in_file(path: Path, finding: Finding) -> Finding:
    return finding.model_copy(update={"where": f"{path.name}{finding.where}"})


def scenario_and_files(path: Path, files: AskedFiles) -> tuple[Scenario, DemandFiles]:
    """A scenario that agrees with itself, of a file or of a saved run, and the files of its demand.

    Raises ScenarioRejected or FileRejected.
    """
    (read,) = _read_all((path,), files)
    require_read(read.scenario, read.files)
    return read.scenario, read.files


def read_cases(paths: Sequence[Path], files: AskedFiles, tell: Tell) -> tuple[Case, ...]:
    """Runs: ids of saved ones, folders with scenario.json and policy.json, or scenarios, which are solved."""
    found = _read_all(paths, files)
    cases = []
    for n, (name, one) in enumerate(zip(_names(paths, found), found, strict=True)):

        def read(scenario: Scenario, files: DemandFiles = one.files) -> Facts:
            return read_demand(scenario, files)

        policy = one.policy
        if policy is None:
            tell("runs", n / len(found), name)
            policy = recommend(one.scenario, read(one.scenario), perf_counter, in_silence)
        cases.append(Case(name, one.scenario, read, policy, one.kept_together))
    return tuple(cases)


def read_foreseen(paths: Sequence[Path], files: AskedFiles) -> tuple[Foreseen, ...]:
    """Scenarios with their demand."""
    found = _read_all(paths, files)
    return tuple(
        Foreseen(name, one.scenario, read_demand(one.scenario, one.files))
        for name, one in zip(_names(paths, found), found, strict=True)
    )


def read_policy(path: Path) -> Policy:
    """Read a policy document. Raises FileRejected when the file holds something else."""
    document = read_whole(path)
    try:
        return Policy.model_validate_json(document)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        where = "/".join(map(str, first["loc"]))
        what = f"This is no policy: {first['msg']}" + (f" at {where}." if where else ".")
        mend = "Take the policy.json that `servicepolicy solve --out` writes."
        raise FileRejected([error(str(path), what, "file.no_policy", mend)]) from None


@dataclass(frozen=True)
class _Read:
    scenario: Scenario
    files: DemandFiles
    policy: Policy | None = None
    kept_together: bool = False


def _read_all(paths: Sequence[Path], files: AskedFiles) -> list[_Read]:
    files.require_one_for_each(len(paths))
    return [_read(path, files, n) for n, path in enumerate(paths)]


def _read(path: Path, files: AskedFiles, number: int) -> _Read:
    """A saved run by its id; a folder's scenario and policy; or a scenario alone."""
    saved = saved_run(path)
    if saved is not None:
        scenario, kept = saved.question.scenario, saved.question.files
        if files.any:
            return _Read(scenario, files.of(kept.folder, number), saved.policy)
        return _Read(scenario, kept, saved.policy, saved.policy is not None)
    if path.is_dir():
        scenario, policy = read_required(path / "scenario.json"), path / "policy.json"
        found = read_policy(policy) if policy.is_file() else None
        return _Read(scenario, files.of(path, number), found)
    return _Read(read_required(path), files.of(path.parent, number))


def read_required(path: Path) -> Scenario:
    """Read a scenario that agrees with itself. Raises ScenarioRejected or FileRejected."""
    scenario = read_scenario(read_whole(path))
    require(scenario)
    return scenario


def _names(paths: Sequence[Path], found: Sequence[_Read]) -> tuple[str, ...]:
    """The scenarios' own names where they differ, else the names of their files."""
    names = tuple(one.scenario.name for one in found)
    return names if len(set(names)) == len(names) else tuple(map(str, paths))

"""Runs and futures by their files: what the commands that explain answers read before they ask."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import ClassVar, TypeVar

from pydantic import ValidationError

from servicepolicy_api.answering import order_lines_of
from servicepolicy_api.files import FileRejected, read_whole
from servicepolicy_models.complaints import finding_of, is_echo
from servicepolicy_models.consistency import require
from servicepolicy_models.errors import ServicePolicyError, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.noun import Noun
from servicepolicy_models.policy import Policy
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand, read_tables
from servicepolicy_optimizer.explain.compare import Case
from servicepolicy_optimizer.explain.customer_periods import CustomerPeriods, customer_periods
from servicepolicy_optimizer.explain.publish import Foreseen
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import facts, place
from servicepolicy_optimizer.question import Tell

AnyNoun = TypeVar("AnyNoun", bound=Noun)


class QuestionRejected(ServicePolicyError):
    """What is asked beside the scenario breaks a rule of its schema."""

    code: ClassVar[str] = "question.rejected"


@dataclass(frozen=True)
class AskedFiles:
    """The tables that several scenarios are read from: one for all, or one for each; none: as they say."""

    orders: tuple[Path, ...] = ()
    items: Path | None = None
    customers: Path | None = None

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
    document = read_whole(path)
    try:
        return kind.model_validate_json(document, strict=True)
    except ValidationError as wrong:
        complaints = [one for one in wrong.errors(include_url=False) if not is_echo(one)]
        raise QuestionRejected([_in_file(path, finding_of(one, kind)) for one in complaints[:200]]) from None


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


@contextmanager
def reader_of_classes(scenario: Scenario, files: DemandFiles) -> Iterator[Callable[[Scenario], Facts]]:
    """Read and clean the order lines once; hand out what places them in the classes of other scenarios."""
    with read_tables(scenario, order_lines_of(scenario), files) as tables:
        yield lambda other: facts(other, tables.lines, tables.items, tables.customers)


def _in_file(path: Path, finding: Finding) -> Finding:
    return finding.model_copy(update={"where": f"{path.name}{finding.where}"})


def read_cases(paths: Sequence[Path], files: AskedFiles, tell: Tell) -> tuple[Case, ...]:
    """Runs: folders with a scenario.json and the policy.json found for it, or scenarios, which are solved."""
    files.require_one_for_each(len(paths))
    places = [_scenario_and_policy(path) for path in paths]
    scenarios = [read_required(path) for path, _ in places]
    names = _names(paths, scenarios)
    cases = []
    for n, ((path, found), scenario) in enumerate(zip(places, scenarios, strict=True)):
        demand = files.of(path.parent, n)

        def read(one: Scenario, demand: DemandFiles = demand) -> Facts:
            return read_demand(one, demand)

        if found is None:
            tell("runs", n / len(paths), names[n])
            policy = recommend(scenario, read(scenario), perf_counter, _in_silence)
        else:
            policy = read_policy(found)
        cases.append(Case(names[n], scenario, read, policy))
    return tuple(cases)


def read_foreseen(paths: Sequence[Path], files: AskedFiles) -> tuple[Foreseen, ...]:
    """Scenarios with their demand."""
    files.require_one_for_each(len(paths))
    scenarios = [read_required(path) for path in paths]
    return tuple(
        Foreseen(name, scenario, read_demand(scenario, files.of(path.parent, n)))
        for n, (name, scenario, path) in enumerate(
            zip(_names(paths, scenarios), scenarios, paths, strict=True)
        )
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


def read_customers(scenario: Scenario, files: DemandFiles, period_days: int) -> CustomerPeriods:
    """What every customer did in every period. Raises ScenarioRejected when there are no lines."""
    source = order_lines_of(scenario)
    with read_tables(scenario, source, files) as tables:
        placement = place(scenario, tables.lines, tables.items, tables.customers)
        return customer_periods(scenario, placement, source, period_days)


def _scenario_and_policy(path: Path) -> tuple[Path, Path | None]:
    """A folder's scenario and policy, or a scenario alone; a policy named instead of its folder finds it."""
    if path.is_dir():
        policy = path / "policy.json"
        return path / "scenario.json", policy if policy.is_file() else None
    return path, None


def read_required(path: Path) -> Scenario:
    """Read a scenario that agrees with itself. Raises ScenarioRejected or FileRejected."""
    scenario = read_scenario(read_whole(path))
    require(scenario)
    return scenario


def _names(paths: Sequence[Path], scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """The scenarios' own names where they differ, else the names of their files."""
    names = tuple(scenario.name for scenario in scenarios)
    return names if len(set(names)) == len(names) else tuple(map(str, paths))


def _in_silence(stage: str, done: float, word: str) -> None:
    """The runs that are solved here do not tell their stages."""

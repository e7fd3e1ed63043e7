"""A request body becomes a scenario that this installation may solve, and the files that it names."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from servicepolicy_api.problems import Problem
from servicepolicy_api.review import size_of
from servicepolicy_api.settings import Settings
from servicepolicy_models.consistency import require
from servicepolicy_models.demand import InlineDemand, OrderLines
from servicepolicy_models.errors import ScenarioRejected, TooLarge, error, warning
from servicepolicy_models.findings import Finding
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import DemandFiles
from servicepolicy_store.recall import RecallFolder

DATASET = "dataset:"
"""Begins the name of a file that was uploaded."""

FindDataset = Callable[[str], Path | None]
"""Dataset id -> where its file lies; None where there is no such data set."""

SHARE_OF_TIME_FOR_ONE_MODEL = 0.2
"""Beside the policy itself the baselines are solved, and the stock is computed."""


@dataclass(frozen=True)
class Question:
    """What one request asks."""

    scenario: Scenario
    files: DemandFiles
    remarks: tuple[Finding, ...]
    """What the reader of the answer must know about how it was asked."""

    def in_time(self, seconds: float) -> "Question":
        """Let the solver stop by itself before it is stopped: an answer with a gap is better than none."""
        limits, most_seconds = self.scenario.limits, seconds * SHARE_OF_TIME_FOR_ONE_MODEL
        if limits.time_limit_seconds <= most_seconds:
            return self
        shorter = limits.model_copy(update={"time_limit_seconds": most_seconds})
        remark = warning(
            "/limits/time_limit_seconds",
            f"{limits.time_limit_seconds:g} s were asked; this service gives {most_seconds:g} s.",
            "limits.shortened",
            "Allow a larger gap or more time, or solve on the command line.",
        )
        scenario = self.scenario.model_copy(update={"limits": shorter})
        return replace(self, scenario=scenario, remarks=(*self.remarks, remark))


def question(body: bytes, settings: Settings, find: FindDataset) -> Question:
    """Read, check and measure a scenario, and find its files within the data folder and the data sets.

    Raises Problem 400 for what is not JSON, ScenarioRejected for what is wrong in it, TooLarge for too much.
    """
    return checked(read_json_scenario(body), settings, find)


def checked(scenario: Scenario, settings: Settings, find: FindDataset) -> Question:
    """Check and measure a scenario that was read, and find its files. Raises ScenarioRejected, TooLarge."""
    require(scenario)
    _measure(scenario, settings)
    return Question(scenario, _files(scenario, settings, find), ())


def read_again(document: bytes, settings: Settings, find: FindDataset) -> Question:
    """The question of a scenario that was checked before it was kept; its files may be gone since."""
    scenario = read_scenario(document)
    return Question(scenario, _files(scenario, settings, find), ())


def read_json_scenario(body: bytes) -> Scenario:
    """Read a scenario; what is not JSON at all is a Problem 400, what is wrong in it ScenarioRejected."""
    try:
        return read_scenario(body)
    except ScenarioRejected as rejected:
        if [finding.rule for finding in rejected.findings] == ["json.syntax"]:
            raise Problem(400, "body.not_json", "The body is not JSON.", rejected.findings) from None
        raise


def _measure(scenario: Scenario, settings: Settings) -> None:
    findings = []
    if isinstance(scenario.demand, InlineDemand) and len(scenario.demand.items) > settings.max_items:
        what = f"There are {len(scenario.demand.items):,} items; this service takes {settings.max_items:,}."
        findings.append(_too_many("/demand/items", what))
    sides = scenario.segmentation
    segments = len(sides.customers.classes) * len(sides.items.classes) * len(sides.regions)
    if segments > settings.max_segments:
        what = f"There are {segments:,} segments; this service takes {settings.max_segments:,}."
        findings.append(_too_many("/segmentation", what))
    size = size_of(scenario)
    options = segments * size["paths_per_segment_at_most"]
    options += size["item_classes"] * size["stocking_options_per_item_class_at_most"]
    if options > settings.max_options:
        what = f"There are up to {options:,} paths and stocking options; this service takes "
        findings.append(_too_many("/channels", f"{what}{settings.max_options:,}."))
    if findings:
        raise TooLarge(findings)


def _too_many(where: str, what: str) -> Finding:
    return error(where, what, "scenario.too_large", "Ask for less, or raise the limit of the installation.")


def _files(scenario: Scenario, settings: Settings, find: FindDataset) -> DemandFiles:
    demand = scenario.demand
    # Inline demand reads no file; the folder is never looked into.
    folder = settings.data_folder or Path("/")
    if not isinstance(demand, OrderLines):
        return DemandFiles(folder, memory_limit=settings.memory_limit, recall=recall_of(settings))
    findings: list[Finding] = []
    found = {
        field: _found(settings.data_folder, find, getattr(demand, field), f"/demand/{field}", findings)
        for field in ("path", "item_table", "customer_table")
    }
    if found["path"] is None and not findings:
        mend = "Name a file of order lines."
        findings.append(error("/demand/path", "No file is named.", "demand.no_file", mend))
    if findings:
        raise ScenarioRejected(findings)
    return DemandFiles(
        folder=folder,
        orders=found["path"],
        items=found["item_table"],
        customers=found["customer_table"],
        memory_limit=settings.memory_limit,
        recall=recall_of(settings),
    )


def recall_of(settings: Settings) -> RecallFolder:
    """Where the runs of this installation find what others computed."""
    return RecallFolder(settings.store_folder / "recall", settings.recall_bytes)


def _found(
    folder: Path | None, find: FindDataset, name: str | None, where: str, findings: list[Finding]
) -> Path | None:
    """A data set by its id (`dataset:...`), or a file of the data folder."""
    if name is None or not name.startswith(DATASET):
        return _inside(folder, name, where, findings)
    path = find(name.removeprefix(DATASET))
    if path is None or not path.is_file():
        mend = "See GET /v1/datasets for those that are there."
        findings.append(error(where, "There is no such data set.", "demand.no_dataset", mend))
        return None
    return path


def _inside(folder: Path | None, name: str | None, where: str, findings: list[Finding]) -> Path | None:
    """The file of that name in the data folder; what leads out of it, by whatever road, is not there."""
    if name is None:
        return None
    if folder is None:
        mend = "Send the demand inline, upload it, or start the service with SERVICEPOLICY_DATA_FOLDER."
        findings.append(error(where, "This service has no data folder.", "demand.no_data_folder", mend))
        return None
    try:
        root, path = folder.resolve(strict=True), (folder / name).resolve(strict=True)
        if path.is_relative_to(root) and path.is_file():
            return path
    except (OSError, ValueError, RuntimeError):
        # A name with a NUL, too long a name, a loop of links: not there either.
        pass
    what = "There is no such file in the data folder."
    findings.append(error(where, what, "demand.no_file", "Check the name."))
    return None

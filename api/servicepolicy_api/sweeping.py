"""A sweep: its points become runs when it is asked, and the runs become rows whenever somebody looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from servicepolicy_api.export.sheet import Holds, Sheet
from servicepolicy_api.kinds.sweep import SweepSettings
from servicepolicy_api.question import FindDataset, checked
from servicepolicy_api.settings import Settings
from servicepolicy_models.cost import COST_PARTS
from servicepolicy_models.errors import ServicePolicyError, TooLarge, error
from servicepolicy_models.merge_patch import merged
from servicepolicy_models.policy import StockValue
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.fingerprint import canonical_json
from servicepolicy_store import runs
from servicepolicy_store.database import Transaction
from servicepolicy_store.errors import NotThere
from servicepolicy_store.results import read_documents, read_result
from servicepolicy_store.run_noun import Run

KIND, ROWS, REJECTED = "sweep", "rows", "rejected"


@dataclass(frozen=True)
class Point:
    """One what-if that is a scenario."""

    number: int
    patch: Mapping[str, Any]
    scenario: Scenario


@dataclass(frozen=True)
class Points:
    """What a sweep asks: its points, and a row for every patch that makes no scenario."""

    good: tuple[Point, ...]
    rejected: tuple[dict[str, Any], ...]


def points_of(scenario: Scenario, asked: Mapping[str, Any], settings: Settings, find: FindDataset) -> Points:
    """Apply every patch. Raises TooLarge when all points together are more than may be kept."""
    base, good, rejected, total = scenario.model_dump(mode="json"), [], [], 0
    for number, patch in enumerate(SweepSettings.model_validate(asked).points()):
        try:
            point = Point(number, patch, read_scenario(orjson.dumps(merged(base, patch))))
            checked(point.scenario, settings, find)
        except ServicePolicyError as refused:
            findings = [one.model_dump(mode="json") for one in refused.findings]
            row = {"number": number, "patch": patch, "outcome": "rejected", "code": refused.code}
            rejected.append(row | {"findings": findings})
            continue
        total += len(canonical_json(point.scenario))
        if total > settings.max_sweep_bytes:
            what = f"Its points come to more than {settings.max_sweep_bytes:,} bytes."
            mend = "Ask for fewer points, or name order lines instead of writing demand out."
            raise TooLarge([error("/settings", what, "scenario.too_large", mend)])
        good.append(point)
    return Points(tuple(good), tuple(rejected))


def rows_of(tx: Transaction, run: Run) -> list[dict[str, Any]]:
    """A row for every point that has ended, and for every patch that was no scenario, by number."""
    whole = runs.get(tx, run.cached_from) if run.cached_from else run
    if whole.parts is None:
        # Written before a sweep was made of runs.
        kept: list[dict[str, Any]] = orjson.loads(read_result(tx, whole, ROWS).document or "[]")
        return kept
    rows = _rejected(tx, whole)
    ended = [one for one in runs.parts_of(tx, whole.id) if one.state.is_final]
    policies = read_documents(tx, [one.cached_from or one.id for one in ended], "policy")
    rows += [_row(one, policies.get(one.cached_from or one.id)) for one in ended]
    return sorted(rows, key=lambda row: row["number"])


def _rejected(tx: Transaction, whole: Run) -> list[dict[str, Any]]:
    try:
        kept: list[dict[str, Any]] = orjson.loads(read_result(tx, whole, REJECTED).document or "[]")
    except NotThere:
        return []
    return kept


def _row(run: Run, document: str | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "number": run.part, "patch": orjson.loads(run.patch or "{}"), "run": run.id,
        "outcome": run.outcome or run.state.value, "objective": run.objective, "bound": run.bound,
        "cost": None, "stock_value": None, "fill_rate": None,
    }  # fmt: skip
    if run.problem is not None:
        row |= {"code": run.problem.get("code"), "findings": run.problem.get("errors", [])}
    if document is not None:
        policy = orjson.loads(document)
        stock = policy.get("stock_value")
        row |= {"cost": policy.get("cost"), "fill_rate": policy.get("fill_rate")}
        row["stock_value"] = None if stock is None else StockValue.model_validate(stock).total
    return row


def rows_sheet(rows: list[dict[str, Any]]) -> Sheet:
    """The rows of a sweep as a table: the patch as JSON, the parts of the cost a column each."""
    columns = (
        ("number", Holds.COUNT), ("run", Holds.TEXT), ("outcome", Holds.TEXT), ("objective", Holds.MONEY),
        ("bound", Holds.MONEY), *((f"{part}_cost", Holds.MONEY) for part in COST_PARTS),
        ("stock_value", Holds.MONEY), ("fill_rate", Holds.SHARE), ("patch", Holds.SENTENCE),
    )  # fmt: skip
    return Sheet(ROWS, columns, [_cells(row) for row in rows])


def _cells(row: Mapping[str, Any]) -> tuple[Any, ...]:
    cost = row.get("cost") or {}
    first = (row["number"], row.get("run"), row["outcome"], row.get("objective"), row.get("bound"))
    last = (row.get("stock_value"), row.get("fill_rate"), orjson.dumps(row["patch"]).decode())
    return (*first, *(cost.get(part) for part in COST_PARTS), *last)

"""Repairs, prices and frontiers as files."""

import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from servicepolicy_api.export.frontier_svg import picture
from servicepolicy_api.export.policy_csv import write_csv
from servicepolicy_api.export.sheet import Cell, Holds, Sheet
from servicepolicy_api.files import whole_file
from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import QuestionRejected, error
from servicepolicy_models.frontier import Frontier, FrontierMarker, FrontierPoint
from servicepolicy_models.prices import Prices
from servicepolicy_models.repairs import Repairs
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.explain.repairs import repaired


def write_repairs(found: Repairs, folder: Path) -> tuple[Path, ...]:
    """Write repairs.json, and repairs.csv with a row a change."""
    heads = ("repair", "weight", "cost_per_year", "cost_difference_per_year", "kind", "where", "before",
             "after", "unit", "sentence")  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (one.number, one.weight, one.cost_per_year, one.cost_difference_per_year, change.kind.value,
         change.where, change.before, change.after, change.unit, change.sentence)
        for one in found.repairs
        for change in one.changes
    ]  # fmt: skip
    return _written(found, folder, "repairs", heads, rows)


def write_prices(found: Prices, folder: Path) -> tuple[Path, ...]:
    """Write prices.json, and prices.csv with a row a step."""
    heads = ("where", "step", "before", "after", "unit", "held", "cost_difference_per_year", "at_least",
             "at_most", "holds_to", "binds", "sentence")  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (step.change.where, step.step, step.change.before, step.change.after, step.change.unit,
         step.held.value, step.cost_difference_per_year, step.at_least, step.at_most, step.holds_to,
         "; ".join(step.binds), step.sentence)
        for steps in (*(one.steps for one in found.segments), *(one.steps for one in found.limits))
        for step in steps
    ]  # fmt: skip
    return _written(found, folder, "prices", heads, rows)


def write_frontier(found: Frontier, folder: Path) -> tuple[Path, ...]:
    """Write frontier.json, frontier.csv (points and known policies) and the picture frontier.svg."""
    heads = ("what", "asked", "reached", "held", "cost_per_year", "cost_at_least",
             "whole_items_cost_per_year", "stock_value", "knee", "left_on_the_table_per_year")  # fmt: skip
    rows = [*(_point_row(one) for one in found.points), *(_marker_row(one) for one in found.markers)]
    as_svg = folder / "frontier.svg"
    with whole_file(as_svg) as part:
        part.write_text(picture(found), encoding="utf-8")
    return (*_written(found, folder, "frontier", heads, rows), as_svg)


def _point_row(one: FrontierPoint) -> tuple[Cell, ...]:
    return ("point", one.asked, one.reached, one.held.value, one.cost_per_year, one.cost_at_least,
            one.whole_items_cost_per_year, one.stock_value, one.knee, None)  # fmt: skip


def _marker_row(one: FrontierMarker) -> tuple[Cell, ...]:
    return (one.name, None, one.service, "feasible" if one.feasible else "breaks something",
            one.cost_per_year, None, one.cost_per_year, None, False,
            one.left_on_the_table_per_year)  # fmt: skip


def write_child(scenario: Scenario, source: Path, found: Repairs, number: int, path: Path) -> Path:
    """Write the child scenario of a repair. Raises QuestionRejected when there is no repair of that number.

    Files that the scenario names are looked for beside it: the child names them from where it lies.
    """
    repair = next((one for one in found.repairs if one.number == number), None)
    if repair is None:
        known = ", ".join(str(one.number) for one in found.repairs) or "none"
        what, mend = f"There is no repair {number}.", f"Known are: {known}."
        raise QuestionRejected([error("--apply", what, "question.unknown_name", mend)])
    child = _from(repaired(scenario, repair), source.parent, path.parent)
    with whole_file(path) as part:
        part.write_text(child.model_dump_json(indent=2, exclude_unset=True) + "\n", encoding="utf-8")
    return path


def _from(child: Scenario, before: Path, now: Path) -> Scenario:
    demand = child.demand
    if not isinstance(demand, OrderLines):
        return child
    names = {field: getattr(demand, field) for field in ("path", "item_table", "customer_table")}
    moved = {
        field: os.path.relpath(before / name, now)
        for field, name in names.items()
        if name is not None and not Path(name).is_absolute()
    }
    return child.model_copy(update={"demand": demand.model_copy(update=moved)})


def _written(
    found: BaseModel, folder: Path, name: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]
) -> tuple[Path, ...]:
    as_json, as_csv = folder / f"{name}.json", folder / f"{name}.csv"
    with whole_file(as_json) as part:
        part.write_text(found.model_dump_json(indent=2) + "\n", encoding="utf-8")
    write_csv(Sheet(name, tuple((head, Holds.TEXT) for head in heads), rows), as_csv)
    return as_json, as_csv

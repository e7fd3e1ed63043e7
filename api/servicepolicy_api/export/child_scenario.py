"""The child scenario of a repair as a file."""

import os
from pathlib import Path

from servicepolicy_api.files import whole_file
from servicepolicy_api.repairing import repair_of
from servicepolicy_models.demand import OrderLines
from servicepolicy_models.repairs import Repairs
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.explain.repairs import repaired


def write_child(scenario: Scenario, source: Path, found: Repairs, number: int, path: Path) -> Path:
    """Write the child scenario of a repair. Raises QuestionRejected when there is no repair of that number.

    source: the folder in which files that the scenario names are looked for; the child names them from where
    it lies.
    """
    child = moved(repaired(scenario, repair_of(found, number, "--apply")), source, path.parent)
    with whole_file(path) as part:
        part.write_text(child.model_dump_json(indent=2, exclude_unset=True) + "\n", encoding="utf-8")
    return path


def moved(child: Scenario, before: Path, now: Path) -> Scenario:
    """A scenario in another folder, that names the same files."""
    demand = child.demand
    if not isinstance(demand, OrderLines):
        return child
    names = {field: getattr(demand, field) for field in ("path", "item_table", "customer_table")}
    further = {
        field: os.path.relpath(before / name, now)
        for field, name in names.items()
        if name is not None and not Path(name).is_absolute() and not name.startswith("dataset:")
    }
    return child.model_copy(update={"demand": demand.model_copy(update=further)})

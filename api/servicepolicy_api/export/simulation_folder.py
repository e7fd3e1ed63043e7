"""The whole simulation as files in one folder."""

from pathlib import Path

from servicepolicy_api.export.policy_csv import write_csv
from servicepolicy_api.export.policy_xlsx import write_workbook
from servicepolicy_api.export.simulation_sheets import (
    simulated_item_classes,
    simulated_items,
    simulated_segments,
    simulation_summary,
)
from servicepolicy_api.files import whole_file, writable_folder
from servicepolicy_models.simulation import Simulation

SHEETS = (simulation_summary, simulated_segments, simulated_item_classes, simulated_items)


def write_simulation(found: Simulation, folder: Path) -> tuple[Path, ...]:
    """Write simulation.json, simulation.xlsx, simulation-segments.csv and simulation-items.csv; return their
    paths. Raises FileRejected when the folder cannot be written to.
    """
    writable_folder(folder)
    names = ("simulation.json", "simulation.xlsx", "simulation-segments.csv", "simulation-items.csv")
    as_json, as_xlsx, segments, items = (folder / name for name in names)
    write_csv(simulated_segments(found), segments)
    write_csv(simulated_items(found), items)
    write_workbook((make(found) for make in SHEETS), as_xlsx)
    with whole_file(as_json) as part:
        part.write_text(found.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return as_json, as_xlsx, segments, items

"""The synthetic wholesaler as files: its order lines, its items, and the scenario that asks about them."""

from pathlib import Path

import numpy as np

from servicepolicy_api.examples import example
from servicepolicy_api.files import whole_file, writable_folder
from servicepolicy_optimizer.synthetic import wholesaler


def write_wholesaler(
    folder: Path, seed: int, customers: int = 300, items: int = 400, lines: int = 25_000
) -> Path:
    """Write order_lines.csv, items.csv and scenario.json into a folder and return the scenario's path.

    The same seed and sizes give the same bytes. Raises FileRejected when the folder cannot be written to.
    """
    writable_folder(folder)
    made = wholesaler(np.random.default_rng(seed), customers, items, lines)
    for name, table in (("order_lines.csv", made.order_lines), ("items.csv", made.items)):
        with whole_file(folder / name) as part:
            table.to_csv(part, index=False, lineterminator="\n")
    with whole_file(folder / "scenario.json") as part:
        part.write_bytes(example("synthetic-wholesaler"))
    return folder / "scenario.json"

"""Order lines in any number: a wholesaler's 25,000 lines over and over, as other customers' trade."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from servicepolicy_api.wholesaler_files import write_wholesaler
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario

DIVISIONS = 20
"""Every copy has customers and orders of its own; its 400 items are those of one of so many divisions."""

SEED = 7


@dataclass(frozen=True)
class ManyLines:
    """A scenario and its order lines: a file in `folder`."""

    scenario: Scenario
    folder: Path
    orders: Path
    lines: int


def write_many_lines(
    folder: Path, about: int, kind: str = "parquet", divisions: int = DIVISIONS
) -> ManyLines:
    """Write about so many lines as `parquet` or `csv`, row group by row group, and the tables beside them.

    The dirt of the wholesaler (returns, duplicates, freight, samples, cash sales) comes with every copy.
    """
    scenario = read_scenario(write_wholesaler(folder, SEED).read_bytes())
    orders, division = folder / f"many.{kind}", f"'-' || (copy % {divisions})"
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": "1GB",
        "temp_directory": str(folder / "spilt"),
    }
    with duckdb.connect(":memory:", config=settings) as connection:
        connection.execute(
            f"CREATE TABLE one AS SELECT * FROM read_csv('{folder}/order_lines.csv', "
            "types = {'order_no': 'VARCHAR'})"
        )
        # One thread keeps the order all the same, and writes row groups as they are full.
        connection.execute("SET preserve_insertion_order = false")
        (of_one,) = connection.execute("SELECT count(*) FROM one").fetchone() or (0,)
        copies = max(1, round(about / of_one))
        form = "FORMAT parquet, COMPRESSION snappy" if kind == "parquet" else "FORMAT csv, HEADER"
        connection.execute(
            f"""
            COPY (
                SELECT order_no || '-' || copy AS order_no, customer_no || '-' || copy AS customer_no, region,
                    order_date, CASE WHEN item_no = 'FREIGHT' THEN item_no ELSE item_no || {division} END
                        AS item_no,
                    CASE WHEN item_no = 'FREIGHT' THEN description ELSE description || {division} END
                        AS description,
                    quantity_pieces, unit_price_eur
                FROM range({copies}) AS every(copy), one
            ) TO '{orders}' ({form})
            """
        )
        connection.execute(
            f"COPY (SELECT item_no || {division} AS item_no, * EXCLUDE (item_no, copy) "
            f"FROM read_csv('{folder}/items.csv'), range({divisions}) AS every(copy)) "
            f"TO '{folder}/all_items.csv' (HEADER)"
        )
    (folder / "all_items.csv").rename(folder / "items.csv")
    (folder / "order_lines.csv").unlink()
    return ManyLines(scenario, folder, orders, copies * of_one)

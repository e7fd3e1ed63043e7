"""The items of a segment, a page at a time, read from the run's Parquet file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = 50
SHARED = "*"


@dataclass(frozen=True)
class ItemsAsked:
    """Which items."""

    customer_class: str
    item_class: str
    location: str | None = None
    """None: at whatever location."""
    find: str = ""
    """Part of the code, in capitals or not."""
    page: int = 1


@dataclass(frozen=True)
class ItemPage:
    """A page of item rows, those with the most demand first, and how many there are in all."""

    rows: list[dict[str, Any]]
    count: int
    first: int
    """Number of the first row; 0: there is none."""


def ready() -> None:
    """Load what reads the files before somebody waits for it: it takes a while the first time."""
    import pyarrow.compute
    import pyarrow.parquet  # noqa: F401


def item_page(path: Path, asked: ItemsAsked) -> ItemPage:
    """Read a page. Columns that no page shows are never read."""
    # pyarrow takes a while to load, and most requests need none of it.
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    fit = [("item_class", "=", asked.item_class), ("shelf", "in", [SHARED, asked.customer_class])]
    if asked.location is not None:
        fit.append(("location", "=", asked.location))
    keys = pq.read_table(path, columns=["item", "demand_pieces_per_year"], filters=fit)
    numbers = pa.array(range(keys.num_rows), pa.int64())
    keys = keys.append_column("number", numbers)
    if asked.find:
        keys = keys.filter(pc.match_substring(keys["item"], asked.find, ignore_case=True))
    keys = keys.sort_by([("demand_pieces_per_year", "descending"), ("item", "ascending")])
    first = min(max(asked.page - 1, 0) * PAGE, max(keys.num_rows - 1, 0) // PAGE * PAGE)
    wanted = keys["number"].slice(first, PAGE)
    rows = pq.read_table(path, columns=list(COLUMNS), filters=fit).take(wanted).to_pylist()
    for row in rows:
        for name in BY_CLASS:
            row[name] = dict(row[name])
    return ItemPage(rows, keys.num_rows, first + 1 if rows else 0)


BY_CLASS = ("critical_level_pieces", "unit_fill_rate")
COLUMNS = (
    "item", "location", "shelf", "demand_pieces_per_year", "reorder_point_pieces", "order_quantity_pieces",
    "safety_stock_pieces", "on_hand_pieces", *BY_CLASS,
)  # fmt: skip

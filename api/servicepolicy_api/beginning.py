"""Where a first scenario comes from: an example, or order lines put into the place of an example's demand."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from servicepolicy_api.examples import examples, runnable_examples
from servicepolicy_api.memory import Memory
from servicepolicy_api.question import DATASET
from servicepolicy_api.uploading import first_look, opened_table
from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_models.findings import Finding
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_store import datasets
from servicepolicy_store.datasets import Uploaded

WHOLESALER = "synthetic-wholesaler"
WHOLESALER_SEED = 7


@dataclass(frozen=True)
class LinesAsRead:
    """How a file of order lines is read, and what it does not say."""

    dataset_id: str
    columns: Mapping[str, str]
    """Field of the column map -> column of the file."""
    currency: str
    unit_cost_share_of_price: float | None
    """Stands in for unit costs that neither the lines nor a table give."""
    date_format: str | None = None
    decimal: str = "."
    cancellation_order_pattern: str | None = None
    non_product_pattern: str | None = None


def ready_examples() -> dict[str, str]:
    """Name -> title of the examples that need nothing else: those with demand, and the wholesaler we make."""
    names = (*runnable_examples(), WHOLESALER)
    return {name: orjson.loads(examples()[name].read_bytes())["title"] for name in sorted(names)}


def of_example(memory: Memory, name: str, memory_limit: str) -> Scenario:
    """An example, its tables kept as data sets where it reads any. Raises KeyError for an unknown name."""
    if name != WHOLESALER:
        return read_scenario(runnable_examples()[name])
    # Making tables needs numpy and pandas.
    from servicepolicy_api.wholesaler_files import write_wholesaler

    with tempfile.TemporaryDirectory() as folder:
        written = write_wholesaler(Path(folder), WHOLESALER_SEED)
        document = orjson.loads(written.read_bytes())
        for field in ("path", "item_table"):
            table = written.with_name(document["demand"][field])
            document["demand"][field] = _kept(memory, table, memory_limit)
    return read_scenario(document)


def with_order_lines(basis: Mapping[str, Any], name: str, lines: LinesAsRead) -> dict[str, Any]:
    """The document of a scenario that reads these lines and takes everything else from another one."""
    document = {**basis, "name": name, "title": "", "notes": [], "currency": lines.currency}
    document["demand"] = order_lines_of(lines)
    document["items"], assumed = {}, []
    if lines.unit_cost_share_of_price is not None:
        document["items"] = {"unit_cost_share_of_price": lines.unit_cost_share_of_price}
        text = "A share of the average price paid: the order lines hold no cost."
        assumed = [{"field": "/items/unit_cost_share_of_price", "text": text}]
    document["assumptions"] = [
        {"field": "", "text": f"Taken from {basis['name']}: all but the demand."},
        *assumed,
    ]
    document.pop("current_policy", None)
    return document


def order_lines_of(lines: LinesAsRead) -> dict[str, Any]:
    """The demand that a file of order lines is, as a scenario writes it."""
    cleaning = {
        name: pattern
        for name in ("cancellation_order_pattern", "non_product_pattern")
        if (pattern := getattr(lines, name)) is not None
    }
    return {
        "kind": "order_lines",
        "path": f"{DATASET}{lines.dataset_id}",
        "columns": dict(lines.columns),
        "date_format": lines.date_format,
        "decimal": lines.decimal,
        "cleaning": cleaning,
    }


@dataclass(frozen=True)
class FirstRows:
    """The beginning of a table, as texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def first_rows(path: Path, memory_limit: str, most: int = 8) -> FirstRows:
    """The first rows of a file that was looked at when it came. Raises Problem 422 where they are damaged."""
    with opened_table(path, memory_limit) as opened:
        rows = opened.relation.limit(most).fetchall()
        texts = tuple(tuple(map(_as_text, row)) for row in rows)
        return FirstRows(tuple(opened.relation.columns), texts)


def _as_text(cell: object) -> str:
    """A cell as its sheet shows it: Excel knows no whole numbers, but people do.

    >>> _as_text(17850.0), _as_text(2.5), _as_text(None)
    ('17850', '2.5', '')
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def checked_lines(
    path: Path, title: str, lines: LinesAsRead, memory_limit: str
) -> tuple[int, tuple[Finding, ...]]:
    """Read all lines: how many there are, and what is odd about them. title: what its reader calls the file.

    Raises OrderLinesRejected.
    """
    from servicepolicy_optimizer.intake import read_order_lines, workspace

    def named(found: Sequence[Finding]) -> tuple[Finding, ...]:
        return tuple(one.model_copy(update={"where": one.where.replace(path.name, title)}) for one in found)

    source = OrderLines.model_validate(order_lines_of(lines))
    with workspace(memory_limit=memory_limit) as desk:
        try:
            table = read_order_lines(source, path, desk)
        except OrderLinesRejected as rejected:
            raise OrderLinesRejected(named(rejected.findings)) from None
        return table.rows, named(table.findings)


def _kept(memory: Memory, table: Path, memory_limit: str) -> str:
    """Keep a table as a data set; the name by which scenarios know it."""
    kept = memory.blobs.keep(table.read_bytes())
    look = first_look(table, memory_limit)
    told = Uploaded(table.name, table.suffix[1:], look.rows, look.columns, look.findings)
    with memory.database.writing() as tx:
        return f"{DATASET}{datasets.keep(tx, kept, told).id}"

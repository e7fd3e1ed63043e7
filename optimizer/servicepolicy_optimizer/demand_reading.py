"""The demand of a scenario, whatever road it comes by: files of order lines, or inline numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from servicepolicy_models.demand import CustomerColumns, ItemColumns, OrderLines
from servicepolicy_models.errors import OrderLinesRejected, error
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.intake import (
    SideTable,
    Workspace,
    read_customer_table,
    read_item_table,
    read_order_lines,
    workspace,
)
from servicepolicy_optimizer.intake.extent import extent, require_room
from servicepolicy_optimizer.intake.workspace import Tell, nobody
from servicepolicy_optimizer.profile import CleanedLines, clean, facts, inline_facts


@dataclass(frozen=True)
class DemandFiles:
    """Where the tables are. What is None is taken from the scenario, relative to `folder`."""

    folder: Path
    orders: Path | None = None
    items: Path | None = None
    customers: Path | None = None
    forecasts: Path | None = None
    """The company's own forecasts, which a backtest reads; no scenario names them."""
    spill: Path | None = None
    """Where the database may spill; None: a temporary folder."""
    memory_limit: str = "2GB"
    heard: Tell = nobody
    """Hears how much of the order lines is read and added up."""


@dataclass(frozen=True)
class Tables:
    """The cleaned order lines with the tables beside them, in an open workspace."""

    lines: CleanedLines
    items: SideTable | None
    customers: SideTable | None


def read_demand(scenario: Scenario, files: DemandFiles) -> Facts:
    """The facts of a scenario. Raises OrderLinesRejected or TableRejected with all findings that block."""
    if not isinstance(scenario.demand, OrderLines):
        return inline_facts(scenario)
    with read_tables(scenario, scenario.demand, files) as tables:
        return facts(scenario, tables.lines, tables.items, tables.customers)


@contextmanager
def read_tables(scenario: Scenario, source: OrderLines, files: DemandFiles) -> Iterator[Tables]:
    """Read and clean the order lines and read the tables beside them; the workspace is open meanwhile.

    Raises TooLarge, before any work, where the disk cannot hold what is done with so many lines.
    """
    orders = files.orders or (files.folder / source.path if source.path else None)
    if orders is None:
        what, mend = "no file of order lines is named.", "Name it, or hand it in."
        raise OrderLinesRejected([error("/demand/path", what, "demand.no_file", mend)])
    size = extent(orders)
    require_room(size, files.spill or Path(gettempdir()))
    with workspace(files.spill, files.memory_limit, on_disk=size.on_disk, heard=files.heard) as desk:
        lines = clean(read_order_lines(source, orders, desk), source.cleaning)
        yield Tables(lines, _items(source, files, desk), _customers(source, files, desk))


def _items(source: OrderLines, files: DemandFiles, desk: Workspace) -> SideTable | None:
    path = files.items or (files.folder / source.item_table if source.item_table else None)
    if path is None:
        return None
    columns = source.item_columns or ItemColumns(item=source.columns.item)
    return read_item_table(columns, path, desk, source.cleaning.item_code_upper_case)


def _customers(source: OrderLines, files: DemandFiles, desk: Workspace) -> SideTable | None:
    path = files.customers or (files.folder / source.customer_table if source.customer_table else None)
    if path is None:
        return None
    columns = source.customer_columns or CustomerColumns(customer=source.columns.customer or "customer")
    return read_customer_table(columns, path, desk)

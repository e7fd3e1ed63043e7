"""The demand of a scenario, whatever road it comes by: files of order lines, or inline numbers."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from servicepolicy_models.demand import CustomerColumns, ItemColumns, OrderLines
from servicepolicy_models.errors import OrderLinesRejected, error
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.facts_file import FACTS
from servicepolicy_optimizer.intake import (
    SideTable,
    Workspace,
    read_customer_table,
    read_item_table,
    read_order_lines,
    workspace,
)
from servicepolicy_optimizer.kept_demand import found_or_read, name_of
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
    kept: Path | None = None
    """Folder where demand that was read is kept for the next question about it; None: nowhere."""
    memory_limit: str = "2GB"

    def kept_at(self, scenario: Scenario) -> Path | None:
        """Where what is read for a scenario is kept, without an ending; None: nowhere."""
        if self.kept is None:
            return None
        with suppress(OSError):
            # A table that has gone is missed where it is read.
            return self.kept / name_of(scenario, (self.orders, self.items, self.customers))
        return None


@dataclass(frozen=True)
class Tables:
    """The cleaned order lines with the tables beside them, in an open workspace."""

    lines: CleanedLines
    items: SideTable | None
    customers: SideTable | None


def read_demand(scenario: Scenario, files: DemandFiles) -> Facts:
    """The facts of a scenario. Raises OrderLinesRejected or TableRejected with all findings that block."""
    source = scenario.demand
    if not isinstance(source, OrderLines):
        return inline_facts(scenario)

    def read() -> Facts:
        with read_tables(scenario, source, files) as tables:
            return facts(scenario, tables.lines, tables.items, tables.customers)

    return found_or_read(files.kept_at(scenario), FACTS, read)


@contextmanager
def read_tables(scenario: Scenario, source: OrderLines, files: DemandFiles) -> Iterator[Tables]:
    """Read and clean the order lines and read the tables beside them; the workspace is open meanwhile."""
    orders = files.orders or (files.folder / source.path if source.path else None)
    if orders is None:
        what, mend = "no file of order lines is named.", "Name it, or hand it in."
        raise OrderLinesRejected([error("/demand/path", what, "demand.no_file", mend)])
    with workspace(files.spill, files.memory_limit) as desk:
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

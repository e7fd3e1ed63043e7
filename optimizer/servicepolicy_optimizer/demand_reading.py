"""The demand of a scenario, whatever road it comes by: files of order lines, or inline numbers."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

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
from servicepolicy_optimizer.profile import CleanedLines, clean, facts, inline_facts
from servicepolicy_optimizer.recall import (
    NOTHING_KEPT,
    Recall,
    facts_key,
    laid_out,
    packed_facts,
    unpacked_facts,
)


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
    recall: Recall = NOTHING_KEPT
    """Where what was computed from the same tables before is found."""

    def named_by(self, source: OrderLines) -> tuple[Path | None, Path | None, Path | None]:
        """Order lines, items, customers: as handed in, else as the scenario names them; None: there is no
        such table.
        """
        return (
            self.orders or self._in_folder(source.path),
            self.items or self._in_folder(source.item_table),
            self.customers or self._in_folder(source.customer_table),
        )

    def _in_folder(self, name: str | None) -> Path | None:
        return self.folder / name if name else None


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
    key = demand_key(scenario, source, files)
    known = key and files.recall.get(key)
    recalled = unpacked_facts(known) if known else None
    if recalled is not None:
        return recalled
    with read_tables(scenario, source, files) as tables:
        computed = laid_out(facts(scenario, tables.lines, tables.items, tables.customers))
    # A file that changed while it was read is kept under no key.
    if key and key == demand_key(scenario, source, files):
        files.recall.put(key, packed_facts(computed))
    return computed


def demand_key(scenario: Scenario, source: OrderLines, files: DemandFiles) -> str | None:
    """Under which what is computed from the tables is kept; None where nothing is, or where a table cannot be
    read: whoever reads it says why.
    """
    if files.recall is NOTHING_KEPT:
        return None
    with suppress(OSError):
        return facts_key(scenario, files.named_by(source))
    return None


@contextmanager
def read_tables(scenario: Scenario, source: OrderLines, files: DemandFiles) -> Iterator[Tables]:
    """Read and clean the order lines and read the tables beside them; the workspace is open meanwhile."""
    orders, items, customers = files.named_by(source)
    if orders is None:
        what, mend = "no file of order lines is named.", "Name it, or hand it in."
        raise OrderLinesRejected([error("/demand/path", what, "demand.no_file", mend)])
    with workspace(files.spill, files.memory_limit) as desk:
        lines = clean(read_order_lines(source, orders, desk), source.cleaning)
        yield Tables(lines, _items(source, items, desk), _customers(source, customers, desk))


def _items(source: OrderLines, path: Path | None, desk: Workspace) -> SideTable | None:
    if path is None:
        return None
    columns = source.item_columns or ItemColumns(item=source.columns.item)
    return read_item_table(columns, path, desk, source.cleaning.item_code_upper_case)


def _customers(source: OrderLines, path: Path | None, desk: Workspace) -> SideTable | None:
    if path is None:
        return None
    columns = source.customer_columns or CustomerColumns(customer=source.columns.customer or "customer")
    return read_customer_table(columns, path, desk)

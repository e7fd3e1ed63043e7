"""The demand of a scenario, whatever road it comes by: files of order lines, or inline numbers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Generic, TypeVar

from servicepolicy_models.demand import CustomerColumns, ItemColumns, OrderLines
from servicepolicy_models.errors import OrderLinesRejected, ScenarioRejected, error
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
from servicepolicy_optimizer.intake.order_lines import FOUND_LATE
from servicepolicy_optimizer.intake.workspace import Tell, nobody
from servicepolicy_optimizer.profile import CleanedLines, clean, facts, inline_facts
from servicepolicy_optimizer.profile.array_room import require_memory_for_lines
from servicepolicy_optimizer.recall import NOTHING_KEPT, Recall
from servicepolicy_optimizer.recall.facts import demand_key, laid_out, packed_facts, unpacked_facts


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
    heard: Tell = nobody
    """Hears how much of the order lines is read and added up."""

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


T = TypeVar("T")


@dataclass(frozen=True)
class Kept(Generic[T]):
    """A kind of value that tables are made into, and how it is kept."""

    name: str
    pack: Callable[[T], bytes]
    unpack: Callable[[bytes], T | None]
    """None for bytes that are something else."""


FACTS = Kept("facts", packed_facts, unpacked_facts)


def read_demand(scenario: Scenario, files: DemandFiles) -> Facts:
    """The facts of a scenario. Raises OrderLinesRejected or TableRejected with all findings that block."""
    source = scenario.demand
    if not isinstance(source, OrderLines):
        return inline_facts(scenario)

    def compute() -> Facts:
        with read_tables(scenario, source, files) as tables:
            return laid_out(facts(scenario, tables.lines, tables.items, tables.customers))

    return recalled(FACTS, scenario, files, compute)


def require_read(scenario: Scenario, files: DemandFiles) -> None:
    """Raise ScenarioRejected where tables are handed in that a scenario with demand of its own does not read:
    nobody shall take an answer about other demand for one about them.
    """
    if isinstance(scenario.demand, OrderLines):
        return
    if given := [one.name for one in (files.orders, files.items, files.customers) if one is not None]:
        what = f"The demand stands in the scenario itself; not read: {', '.join(given)}."
        mend = 'Leave the tables out, or describe the order lines under "kind": "order_lines".'
        raise ScenarioRejected([error("/demand/kind", what, "demand.tables_not_read", mend)])


def recalled(kept: Kept[T], scenario: Scenario, files: DemandFiles, compute: Callable[[], T]) -> T:
    """What is computed from the tables of a scenario: found again, or computed and kept."""
    key = _key(kept.name, scenario, files)
    known = key and files.recall.get(key)
    found = kept.unpack(known) if known else None
    if found is not None:
        return found
    computed = compute()
    # A file that changed while it was read is kept under no key.
    if key and key == _key(kept.name, scenario, files):
        files.recall.put(key, kept.pack(computed))
    return computed


def _key(what: str, scenario: Scenario, files: DemandFiles) -> str | None:
    """None where nothing is kept, or a table cannot be read: whoever reads it says why."""
    source = scenario.demand
    if files.recall is NOTHING_KEPT or not isinstance(source, OrderLines):
        return None
    with suppress(OSError):
        return demand_key(what, scenario, files.named_by(source))
    return None


@contextmanager
def read_tables(
    scenario: Scenario, source: OrderLines, files: DemandFiles, *, become_arrays: bool = False
) -> Iterator[Tables]:
    """Read and clean the order lines and read the tables beside them; the workspace is open meanwhile.

    Raises TooLarge, before any work, where the disk cannot hold what is done with so many lines.
    `become_arrays`: the caller takes every line into memory, so TooLarge also where that cannot hold them;
    before any work where the file says how many lines it has, else before they are taken.
    """
    orders, items, customers = files.named_by(source)
    if orders is None:
        what, mend = "no file of order lines is named.", "Name it, or hand it in."
        raise OrderLinesRejected([error("/demand/path", what, "demand.no_file", mend)])
    size = extent(orders)
    require_room(size, files.spill or Path(gettempdir()))
    whole = source.history_from is None and source.history_to is None
    if become_arrays and size.counted and whole:
        require_memory_for_lines(size.lines)
    with workspace(files.spill, files.memory_limit, on_disk=size.on_disk, heard=files.heard) as desk:
        lines = _cleaned(source, orders, desk)
        if become_arrays:
            require_memory_for_lines(lines.waterfall[-1].rows)
        yield Tables(lines, item_table(source, items, desk), customer_table(source, customers, desk))


def _cleaned(source: OrderLines, path: Path, desk: Workspace) -> CleanedLines:
    """Read and clean the order lines; from a copy, where a file that is read in place is damaged."""
    table = read_order_lines(source, path, desk)
    try:
        return clean(table, source.cleaning)
    except FOUND_LATE as trouble:
        if table.is_copied or desk.is_short(trouble):
            raise
    return clean(read_order_lines(source, path, desk, copied=True), source.cleaning)


def item_table(source: OrderLines, path: Path | None, desk: Workspace) -> SideTable | None:
    """The items beside the order lines; None where no table is named."""
    if path is None:
        return None
    columns = source.item_columns or ItemColumns(item=source.columns.item)
    return read_item_table(columns, path, desk, source.cleaning.item_code_upper_case)


def customer_table(source: OrderLines, path: Path | None, desk: Workspace) -> SideTable | None:
    """The customers beside the order lines; None where no table is named."""
    if path is None:
        return None
    columns = source.customer_columns or CustomerColumns(customer=source.columns.customer or "customer")
    return read_customer_table(columns, path, desk)

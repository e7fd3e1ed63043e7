"""An order line looked up in a policy: its segment, promise, path, and what stays reserved."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from servicepolicy_api.awaiting import latest
from servicepolicy_api.memory import Memory
from servicepolicy_api.problems import Problem
from servicepolicy_api.run_answers import policy, table_path
from servicepolicy_models.errors import error
from servicepolicy_models.noun import Noun
from servicepolicy_models.policy import ItemPolicy, Policy, SegmentPolicy
from servicepolicy_store import runs
from servicepolicy_store.run_noun import Run

MOST_POLICIES = 8
"""Policies that are kept at hand, those used last."""


@dataclass(frozen=True)
class Line:
    """What is asked about."""

    item: str
    customer: str | None
    customer_class: str | None
    region: str | None


class Shelf(Noun):
    """Where the item lies, and what the class may take."""

    location: str
    shelf: str
    reorder_point_pieces: float
    order_quantity_pieces: float
    reserved_pieces: float
    """Stock on hand at or below which this customer class waits; 0 unless rationed."""
    unit_fill_rate: float | None


class Found(Noun):
    """What an order line is promised, and how it is served."""

    version: int
    run: str
    item: str
    customer: str | None
    customer_class: str
    item_class: str
    region: str
    promised_fill_rate: float
    promised_response_hours: float
    on_time_probability: float
    channel: str
    process: str
    mode: str
    frequency: str
    supply: str
    deployment: str
    stock_policy: str
    minimum_order_value: float
    small_order_surcharge: float
    quote_above_pieces: float | None = None
    """A line of more pieces is quoted a lead time instead of stock, by the newest backtest of the same
    scenario when the policy was first looked into; null: none is known."""
    shelves: tuple[Shelf, ...]


class Lookup:
    """One policy, arranged for finding lines."""

    def __init__(
        self, run_id: str, found: Policy, class_of: Mapping[str, str], quote_above: Mapping[str, float]
    ) -> None:
        """Arrange a policy. class_of: customer -> customer class; empty where the demand names none.

        quote_above: item -> pieces above which a line is quoted, where known.
        """
        self._run_id, self._class_of, self._quote_above = run_id, class_of, quote_above
        self._items: dict[str, list[ItemPolicy]] = {}
        for one in found.items:
            self._items.setdefault(one.item, []).append(one)
        self._segments: dict[tuple[str, str], dict[str, SegmentPolicy]] = {}
        for segment in found.segments:
            cell = self._segments.setdefault((segment.customer_class, segment.item_class), {})
            cell[segment.region] = segment

    def find(self, line: Line, version: int) -> Found:
        """Look up a line. Raises Problem 404 for an item or customer that the policy does not know."""
        rows = self._items.get(line.item)
        if rows is None:
            raise Problem(404, "lookup.item", "The policy knows no such item.")
        customer_class = self._class(line)
        segment = self._segment(customer_class, rows[0].item_class, line.region)
        plain = SegmentPolicy.model_fields.keys() & Found.model_fields.keys()
        return Found(
            version=version,
            run=self._run_id,
            item=line.item,
            customer=line.customer,
            minimum_order_value=segment.terms.minimum_order_value,
            small_order_surcharge=segment.terms.small_order_surcharge,
            quote_above_pieces=self._quote_above.get(line.item),
            shelves=tuple(_shelf(one, customer_class) for one in rows if one.shelf in ("*", customer_class)),
            **{name: getattr(segment, name) for name in plain},
        )

    def _class(self, line: Line) -> str:
        if line.customer_class is not None:
            return line.customer_class
        if line.customer is None:
            what, mend = "Neither customer nor customer_class is given.", "Give one of them."
            finding = error("query parameter customer", what, "request.parameters", mend)
            raise Problem(422, "request.parameters", "A parameter is wrong.", [finding])
        found = self._class_of.get(line.customer)
        if found is None:
            raise Problem(404, "lookup.customer", "The policy knows no such customer; name its class.")
        return found

    def _segment(self, customer_class: str, item_class: str, region: str | None) -> SegmentPolicy:
        cell = self._segments.get((customer_class, item_class), {})
        if region is None and len(cell) == 1:
            return next(iter(cell.values()))
        found = cell.get(region or "*") or cell.get("*")
        if found is None:
            detail = f"There is no such segment; its regions are {', '.join(cell) or 'none'}."
            raise Problem(404, "lookup.segment", detail)
        return found


class Lookups:
    """The policies that were looked into last. One event loop asks for them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: OrderedDict[str, asyncio.Future[Lookup]] = OrderedDict()

    async def of(self, memory: Memory, run_id: str) -> Lookup:
        """The policy of a run, arranged. A run's policy never changes, so it stays valid.

        The first who asks has it arranged in a thread; whoever comes meanwhile waits without one.
        """
        made = self._kept.get(run_id)
        if made is None:
            made = asyncio.ensure_future(asyncio.to_thread(_arranged, memory, run_id))
            self._kept[run_id] = made
            if len(self._kept) > MOST_POLICIES:
                self._kept.popitem(last=False)
        self._kept.move_to_end(run_id)
        try:
            return await asyncio.shield(made)
        finally:
            if made.done() and (made.cancelled() or made.exception()) and self._kept.get(run_id) is made:
                del self._kept[run_id]


def _arranged(memory: Memory, run_id: str) -> Lookup:
    run = latest(memory, run_id)
    return Lookup(run_id, policy(memory, run), _class_of(memory, run_id), _quote_above(memory, run))


def _class_of(memory: Memory, run_id: str) -> dict[str, str]:
    from servicepolicy_api.kinds.tables import rows_of_parquet

    path = table_path(memory, latest(memory, run_id), "customers")
    rows = [] if path is None else rows_of_parquet(path)
    return {row["customer"]: row["customer_class"] for row in rows if row["customer"] is not None}


def _quote_above(memory: Memory, run: Run) -> dict[str, float]:
    from servicepolicy_api.kinds.tables import rows_of_parquet

    which = runs.Filter(kind="backtest", outcome="done", scenario_sha256=run.scenario_sha256)
    with memory.database.reading() as tx:
        found, _ = runs.page(tx, which, None, 1)
    path = table_path(memory, found[0], "reorder_points") if found else None
    rows = [] if path is None else rows_of_parquet(path)
    return {row["item"]: row["quote_above_pieces"] for row in rows if row["quote_above_pieces"] is not None}


def _shelf(one: ItemPolicy, customer_class: str) -> Shelf:
    return Shelf(
        location=one.location,
        shelf=one.shelf,
        reorder_point_pieces=one.reorder_point_pieces,
        order_quantity_pieces=one.order_quantity_pieces,
        reserved_pieces=one.critical_level_pieces.get(customer_class, 0.0),
        unit_fill_rate=one.unit_fill_rate.get(customer_class),
    )

"""Lines in arrays that are demand, and what they amount to in their places."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar

import numpy as np

from servicepolicy_optimizer.compiled.line_groups import add_cells, add_placed
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.many_lines.counted_arrays import days_from
from servicepolicy_optimizer.many_lines.grouped import ExactSums, Groups
from servicepolicy_optimizer.many_lines.numbering import KeyNumbers
from servicepolicy_optimizer.many_lines.sql_tables import as_table, as_table_in_parts, decimals
from servicepolicy_optimizer.many_lines.stored_lines import StoredLines, as_they_are

AMOUNTS = ("pieces", "revenue", "cost")
Answer = TypeVar("Answer")

ROWS_AT_ONCE = 1 << 17
"""Of what is as many as customers or orders: so no second copy of all is made."""

ROW = 8
"""Words of a group's sums: two for each amount, one for its lines, one that is free."""


@dataclass(frozen=True)
class DemandArrays:
    """The lines of one step, with the numbers of items in demand."""

    desk: Workspace
    lines: StoredLines
    kept: int
    """The step that is demand."""
    moved: Any
    """(given,) the number of an item in demand, by its number among all of the file, -1 where it has none."""
    first_day: date
    days: int
    """Of the history."""
    orders: int
    customers: int
    places: int
    """How many order numbers, customers and named regions the file has."""

    def each(self, names: Sequence[str], work: Callable[[dict[str, Any]], Answer]) -> Iterator[Answer]:
        """work(columns) of batch after batch, side by side; `item` is the number in demand, `pieces` what
        cancellations leave, `day` that of the history.
        """

        def of_demand(one: dict[str, Any]) -> Answer:
            chosen = np.flatnonzero(one["step"] == self.kept)
            found = {name: one[name][chosen] for name in names}
            if "pieces" in found:
                found["pieces"] = one["left"][chosen]
            if "item" in found:
                found["item"] = self.moved[found["item"]]
            if "ordered_at" in found:
                found["day"] = days_from(self.first_day, found["ordered_at"])
            return work(found)

        return self.lines.arrays(names, of_demand)

    def period_sums(self, period_days: int) -> str:
        """See `profile.item_demand.period_sums`."""
        groups, pieces = Groups(len(self.moved), self.days // period_days + 1), ExactSums()

        def keys(one: dict[str, Any]) -> tuple[Any, Any]:
            return groups.keys(one["item"], one["day"] // period_days), one["pieces"]

        for key, amounts in self.each(["item", "ordered_at", "pieces"], keys):
            pieces.add(groups.of_keys(key), amounts, groups.count)
        item, period = groups.columns()
        columns = {"item": item, "period": period, "pieces": pieces.decimals(groups.count)}
        return as_table(columns, "period_sum", self.desk)

    def days_sold(self, items: Any) -> str:
        """A table (item, days_sold): on how many days each of some items (k,) was sold."""
        place = np.full(int(items.max()) + 1, -1, np.int64)
        place[items] = np.arange(len(items))
        groups = Groups(len(items), self.days)

        def keys(one: dict[str, Any]) -> Any:
            among = one["item"] < len(place)
            found, day = place[one["item"][among]], one["day"][among]
            return groups.keys(found[found >= 0], day[found >= 0])

        for key in self.each(["item", "ordered_at"], keys):
            groups.of_keys(key)
        sold = np.bincount(groups.columns()[0], minlength=len(items))
        return as_table({"item": items, "days_sold": sold}, "days_sold", self.desk)


@dataclass(frozen=True)
class PlacedArrays:
    """Demand with what is known of its items, and where its lines belong."""

    demand: DemandArrays
    item_class: Any
    """(items,)"""
    unit_price: Any
    unit_cost: Any
    """(items,) where the file has no price, and what a piece costs."""
    named_region: Any
    """(places + 1,) region that a line names, by its place, -1: none."""
    home_region: Any
    """(customers,) region of a customer, -1: none."""
    regions: int
    item_classes: int

    def customer_sums(self) -> str:
        """See `profile.placement.Placement.customer_sums`."""
        sizes = (len(self.home_region), self.item_classes, self.regions)
        halves = self._added(sizes, self.item_class, by_item=False)
        names = ("customer", "j", "r")
        return as_table_in_parts(_rows(halves, names), "customer_sum", self.demand.desk)

    def item_sums(self, customer_class: Any) -> str:
        """A table (item, i, r, lines, pieces, revenue, cost, j); customer_class (customers,)."""
        sizes = (len(self.item_class), int(customer_class.max(initial=0)) + 1, self.regions)
        halves = self._added(sizes, customer_class, by_item=True)
        rows = (part | {"j": self.item_class[part["item"]]} for part in _rows(halves, ("item", "i", "r")))
        return as_table_in_parts(rows, "item_activity", self.demand.desk)

    def _added(self, sizes: tuple[int, int, int], class_of: Any, *, by_item: bool) -> list["_Half"]:
        """The lines added up by items or customers, classes of the others, and regions, of which there are
        `sizes`.
        """
        lines, halves = self.demand.lines, [_Half(sizes, turn) for turn in (0, 1)]
        has_price, widths = "price" in lines.columns, np.array([size + 1 for size in sizes[1:]])
        names = ["item", "customer", "place", "pieces", *["price"] * has_price]
        of_lines = (self.unit_price, self.unit_cost, self.named_region, self.home_region, class_of)
        for one in lines.arrays(names, as_they_are):
            price = one["price"] if has_price else np.full(len(one["step"]), np.nan)
            asked = (one["step"], self.demand.kept, one["item"], one["customer"], one["place"], one["left"])
            every = (*asked, price, self.demand.moved, *of_lines, by_item)
            for _ in lines.threads.each(partial(_Half.add, lines=every, widths=widths), halves):
                pass
        return halves

    def order_cells(self, customer_class: Any, word_cells: int) -> list[tuple[int, ...]]:
        """How many orders of customers of a class meet the same cells: class, orders, and the words of the
        cells' bits, rising. A cell is item class x regions + region; an order is one of a customer.
        """
        demand = self.demand
        words = -(-self.item_classes * self.regions // word_cells)
        buyer, met = np.full(demand.orders, -1, np.int32), np.zeros((demand.orders, words), np.int64)
        others = Groups(demand.orders, len(self.home_region), words * word_cells)
        for one in demand.lines.arrays(["order_key", "item", "customer", "place"], as_they_are):
            order, customer, cells = one["order_key"], one["customer"], np.empty(len(one["step"]), np.int32)
            if add_cells(
                *(one["step"], demand.kept, order, one["item"], customer, one["place"]),
                *(demand.moved, self.named_region, self.home_region, self.item_class),
                self.regions,
                word_cells,
                *(buyer, met, cells),
            ):
                stranger = cells < -1
                others.of(order[stranger], customer[stranger], -2 - cells[stranger])
        kinds = _Kinds(words)
        for some in _some(len(buyer)):
            given = buyer[some] >= 0
            kinds.add(customer_class[buyer[some][given]], met[some][given])
        if others.count:
            order, customer, cell = others.columns()
            its_words, its_buyer = _of_others(order, customer, cell, words, word_cells)
            kinds.add(customer_class[its_buyer], its_words)
        return kinds.rows()


class _Half:
    """Sums of those items, or customers, whose number is even (turn 0), or odd: one thread for each half."""

    def __init__(self, sizes: tuple[int, int, int], turn: int) -> None:
        """Nothing was added."""
        self.turn, self.groups = turn, Groups((sizes[0] + 1) // 2, *sizes[1:])
        self.sums = np.zeros((0, ROW), np.int64)
        """(groups or more, ROW)"""

    def add(self, lines: Any, widths: Any) -> None:
        """Add up some lines: see `add_placed`."""
        numbers, size = self.groups.numbers, len(lines[0])
        numbers.make_room(size)
        self.sums = _longer(self.sums, numbers.count + size)
        table = numbers.places, numbers.is_direct, numbers.known, numbers.count
        numbers.count = add_placed(*(*lines, self.turn, widths, *table, self.sums))


def _rows(halves: Sequence[_Half], names: tuple[str, str, str]) -> Iterator[dict[str, Any]]:
    """The sums of both halves, some rows at a time; no more can be added."""
    for half in halves:
        half.groups.numbers.settle()
        for some in _some(half.groups.count):
            whose, of_other, region = half.groups.columns(some)
            amounts = {
                name: decimals(half.sums[some, 2 * n], half.sums[some, 2 * n + 1])
                for n, name in enumerate(AMOUNTS)
            }
            keys = dict(zip(names, (2 * whose + half.turn, of_other, region), strict=True))
            yield keys | {"lines": half.sums[some, 2 * len(AMOUNTS)].copy()} | amounts


def _some(rows: int) -> Iterator[slice]:
    """Where some rows of all stand, and then others: at least once."""
    for first in range(0, max(rows, 1), ROWS_AT_ONCE):
        yield slice(first, min(first + ROWS_AT_ONCE, rows))


class _Kinds:
    """Rows told apart by their values, and how many there are of each kind."""

    def __init__(self, columns: int) -> None:
        """No row yet; so many columns follow a first one of small whole numbers."""
        self._values = [KeyNumbers() for _ in range(columns)]
        self._pairs = [KeyNumbers() for _ in range(columns)]
        self._counts = np.zeros(0, np.int64)

    def add(self, first: Any, columns: Any) -> None:
        """Some rows more: first (n,), and the other columns (n, columns)."""
        number = first
        for values, pairs, column in zip(self._values, self._pairs, columns.T, strict=True):
            value = values.of(np.ascontiguousarray(column))
            number = pairs.of(number.astype(np.int64) << 32 | value)
        more = np.bincount(number, minlength=self._pairs[-1].count)
        more[: len(self._counts)] += self._counts
        self._counts = more

    def rows(self) -> list[tuple[int, ...]]:
        """Of each kind the first value, how many rows it has, and the other values; rising."""
        number, columns = np.arange(len(self._counts)), list[Any]()
        for values, pairs in zip(self._values[::-1], self._pairs[::-1], strict=True):
            key = pairs.keys[number]
            number = key >> 32
            columns.append(values.keys[key & 0xFFFF_FFFF])
        every = zip(
            number.tolist(), self._counts.tolist(), *(one.tolist() for one in columns[::-1]), strict=True
        )
        return sorted(every)


def _of_others(order: Any, customer: Any, cell: Any, words: int, word_cells: int) -> tuple[Any, Any]:
    """Words of cells, and customer, of orders that share their number with another customer's."""
    pairs, number = np.unique(np.column_stack((order, customer)), axis=0, return_inverse=True)
    met = np.zeros((len(pairs), words), np.int64)
    bits = np.int64(1) << (cell.astype(np.int64) % word_cells)
    np.bitwise_or.at(met, (number.reshape(-1), cell // word_cells), bits)
    return met, pairs[:, 1]


def _longer(sums: Any, groups: int) -> Any:
    """Rows of sums, or where they are fewer, more of them."""
    if len(sums) >= groups:
        return sums
    longer = np.zeros((max(groups, 2 * len(sums)), ROW), np.int64)
    longer[: len(sums)] = sums
    return longer

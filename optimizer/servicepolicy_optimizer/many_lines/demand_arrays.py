"""Lines in arrays that are demand, and what they amount to in their places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from servicepolicy_optimizer.compiled.line_groups import add_cells
from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.many_lines.counted_arrays import days_from
from servicepolicy_optimizer.many_lines.grouped import ExactSums, Groups
from servicepolicy_optimizer.many_lines.numbering import KeyNumbers
from servicepolicy_optimizer.many_lines.sql_tables import as_table
from servicepolicy_optimizer.many_lines.stored_lines import LINES_A_BATCH, StoredLines

AMOUNTS = ("pieces", "revenue", "cost")

ITEMS = 1 << 31
DAYS = 100_000
"""No file has as many items, no history is as long: dates lie between 1970 and 2100."""


@dataclass(frozen=True)
class DemandArrays:
    """The lines of one step, with the numbers of items in demand."""

    desk: Workspace
    lines: StoredLines
    kept: int
    """The step that is demand."""
    moved: Any
    """(given,) the number of an item in demand, by its number among all of the file, -1 where it has none;
    None where they are the same."""
    first_day: date
    orders: int
    customers: int
    places: int
    """How many order numbers, customers and named regions the file has."""

    def batches(self, names: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Columns of some lines; `item` is the number in demand, `pieces` what cancellations leave."""
        for one in self.lines.arrays(names):
            chosen = np.flatnonzero(one["step"] == self.kept)
            found = {name: one[name][chosen] for name in names}
            if "pieces" in found:
                found["pieces"] = one["left"][chosen]
            if "item" in found and self.moved is not None:
                found["item"] = self.moved[found["item"]]
            yield found

    def period_sums(self, period_days: int) -> str:
        """See `profile.item_demand.period_sums`."""
        groups, pieces = Groups(ITEMS, DAYS), ExactSums()
        for one in self.batches(["item", "ordered_at", "pieces"]):
            period = days_from(self.first_day, one["ordered_at"]) // period_days
            number = groups.of(one["item"], period)
            pieces.add(number, one["pieces"], groups.count)
        item, period = groups.columns()
        columns = {"item": item, "period": period, "pieces": pieces.decimals(groups.count)}
        return as_table(columns, "period_sum", self.desk)

    def days_sold(self, items: Any) -> str:
        """A table (item, days_sold): on how many days each of some items (k,) was sold."""
        place = np.full(int(items.max()) + 1, -1, np.int64)
        place[items] = np.arange(len(items))
        groups = Groups(len(items), DAYS)
        for one in self.batches(["item", "ordered_at"]):
            among = one["item"] < len(place)
            found = place[one["item"][among]]
            day = days_from(self.first_day, one["ordered_at"])[among]
            groups.of(found[found >= 0], day[found >= 0])
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
    """(places + 1,) region that a line names, by its place, -1: none; None where lines name nothing."""
    home_region: Any
    """(customers,) region of a customer, -1: none."""
    regions: int
    item_classes: int

    def batches(self, *, amounts: bool = True, orders: bool = False) -> Iterator[Mapping[str, Any]]:
        """customer, item, j, r of some lines, with `amounts` their pieces, revenue and cost, with `orders`
        their order_key.
        """
        has_price = amounts and "price" in self.demand.lines.columns
        names = ["customer", "item"] + ["place"] * (self.named_region is not None)
        names += ["pieces"] * amounts + ["price"] * has_price + ["order_key"] * orders
        for one in self.demand.batches(names):
            item, region = one["item"], self.home_region[one["customer"]]
            if self.named_region is not None:
                said = self.named_region[one["place"]]
                region = np.where(said >= 0, said, region)
            one |= {"j": self.item_class[item], "r": region}
            if amounts:
                price = self.unit_price[item]
                if has_price:
                    price = np.where(np.isnan(one["price"]), price, one["price"])
                one |= {"revenue": one["pieces"] * price, "cost": one["pieces"] * self.unit_cost[item]}
            yield one

    def customer_sums(self) -> str:
        """See `profile.placement.Placement.customer_sums`."""
        groups, sums = Groups(len(self.home_region), self.item_classes, self.regions), _amounts()
        for one in self.batches():
            _add(sums, groups.of(one["customer"], one["j"], one["r"]), one, groups.count)
        customer, j, r = groups.columns()
        return self._table("customer_sum", {"customer": customer, "j": j, "r": r}, groups, sums)

    def item_sums(self, customer_class: Any) -> str:
        """A table (item, i, j, r, lines, pieces, revenue, cost); customer_class (customers,)."""
        classes = int(customer_class.max(initial=0)) + 1
        groups, sums = Groups(len(self.item_class), classes, self.regions), _amounts()
        for one in self.batches():
            number = groups.of(one["item"], customer_class[one["customer"]], one["r"])
            _add(sums, number, one, groups.count)
        item, i, r = groups.columns()
        keys = {"item": item, "i": i, "j": self.item_class[item], "r": r}
        return self._table("item_activity", keys, groups, sums)

    def _table(
        self, stem: str, keys: Mapping[str, Any], groups: Groups, sums: Mapping[str, ExactSums]
    ) -> str:
        amounts = {name: one.decimals(groups.count) for name, one in sums.items()}
        return as_table({**keys, "lines": groups.rows, **amounts}, stem, self.demand.desk)

    def order_cells(self, customer_class: Any, word_cells: int) -> list[tuple[int, ...]]:
        """How many orders of customers of a class meet the same cells: class, orders, and the words of the
        cells' bits, rising. A cell is item class x regions + region; an order is one of a customer.
        """
        orders = self.demand.orders
        words = -(-self.item_classes * self.regions // word_cells)
        buyer, met = np.full(orders, -1, np.int32), np.zeros((orders, words), np.int64)
        others = Groups(orders, len(self.home_region), words * word_cells)
        for one in self.batches(amounts=False, orders=True):
            cell, stranger = one["j"] * self.regions + one["r"], np.empty(len(one["j"]), np.bool_)
            customer = one["customer"].astype(np.int32)
            add_cells(one["order_key"], customer, cell, word_cells, buyer, met, stranger)
            if stranger.any():
                others.of(one["order_key"][stranger], customer[stranger], cell[stranger])
        met, buyer = met[buyer >= 0], buyer[buyer >= 0]
        if others.count:
            order, customer, cell = others.columns()
            more, its_buyer = _of_others(order, customer, cell, words, word_cells)
            met, buyer = np.concatenate((met, more)), np.concatenate((buyer, its_buyer))
        kinds = _Kinds(customer_class[buyer])
        for word in met.T:
            kinds.tell_apart(word)
        return kinds.rows()


class _Kinds:
    """Rows told apart by their values, column by column."""

    def __init__(self, first: Any) -> None:
        """By the values (n,) of a first column of small whole numbers."""
        self._columns, self._number = [first], first

    def tell_apart(self, column: Any) -> None:
        """By the values (n,) of one column more."""
        values, both = KeyNumbers(), KeyNumbers()
        numbers = np.empty(len(column), np.int32)
        # Some at once: there are few kinds, and room is made for as many as are asked.
        for first in range(0, len(column), LINES_A_BATCH):
            some = slice(first, first + LINES_A_BATCH)
            value = values.of(np.ascontiguousarray(column[some]))
            numbers[some] = both.of(self._number[some].astype(np.int64) << 32 | value)
        self._columns.append(column)
        self._number = numbers

    def rows(self) -> list[tuple[int, ...]]:
        """Of each kind the first value, how many rows it has, and the other values; rising."""
        times = np.bincount(self._number)
        where = np.zeros(len(times), np.intp)
        where[self._number] = np.arange(len(self._number))
        kinds = zip(*(column[where[times > 0]].tolist() for column in self._columns), strict=True)
        return sorted(
            (one[0], count, *one[1:]) for one, count in zip(kinds, times[times > 0].tolist(), strict=True)
        )


def _of_others(order: Any, customer: Any, cell: Any, words: int, word_cells: int) -> tuple[Any, Any]:
    """Words of cells, and customer, of orders that share their number with another customer's."""
    pairs, number = np.unique(np.column_stack((order, customer)), axis=0, return_inverse=True)
    met = np.zeros((len(pairs), words), np.int64)
    bits = np.int64(1) << (cell.astype(np.int64) % word_cells)
    np.bitwise_or.at(met, (number.reshape(-1), cell // word_cells), bits)
    return met, pairs[:, 1]


def _amounts() -> dict[str, ExactSums]:
    return {name: ExactSums() for name in AMOUNTS}


def _add(sums: Mapping[str, ExactSums], number: Any, lines: Mapping[str, Any], groups: int) -> None:
    for name, one in sums.items():
        one.add(number, lines[name], groups)

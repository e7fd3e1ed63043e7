"""How many orders meet which cells of the matrix: orders in any grouping, from one pass over the lines.

An order meets a set of cells. There are few kinds of sets, so it is enough to count how many orders have
each: in a group of cells are the orders whose set meets it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from servicepolicy_optimizer.profile.placement import Placement

WORD_CELLS = 62
"""Cells in a whole number of 64 bits, with room for its sign."""


@dataclass(frozen=True)
class OrderSet:
    """Orders of customers of one class that meet the same cells."""

    customer_class: int
    cells: frozenset[tuple[int, int]]
    """(item class, region)."""
    orders: int


def order_sets(placement: Placement, shape: tuple[int, int, int]) -> tuple[OrderSet, ...]:
    """All sets of cells that orders meet. An order is an order number of one customer.

    `shape` counts customer classes, item classes and regions. A set is a row of bits, 62 to a column.
    """
    cells = [(j, r) for j in range(shape[1]) for r in range(shape[2])]
    if placement.arrays is None:
        found = _met(placement, shape[2], len(cells))
    else:
        found = placement.arrays.order_cells(placement.customer_classes(), WORD_CELLS)
    return tuple(
        OrderSet(
            customer_class=i,
            cells=frozenset(
                one for n, one in enumerate(cells) if row[n // WORD_CELLS] >> (n % WORD_CELLS) & 1
            ),
            orders=orders,
        )
        for i, orders, *row in found
    )


def _met(placement: Placement, regions: int, cells: int) -> list[tuple[int, ...]]:
    """Customer class, orders, and the words of the cells that they meet, rising."""
    cell, words = f"j * {regions} + r", range(-(-cells // WORD_CELLS))
    bits = ", ".join(
        f"bit_or(CASE WHEN ({cell}) // {WORD_CELLS} = {n} THEN CAST(1 AS BIGINT) << "
        f"(({cell}) % {WORD_CELLS}) ELSE 0 END) AS word_{n}"
        for n in words
    )
    # Orders are fewer than lines: the class of their customer is looked up when they are found.
    names = ", ".join(f"word_{n}" for n in words)
    found: list[tuple[int, ...]] = placement.cleaned.desk.connection.execute(
        f"SELECT class AS i, count(*), {names} FROM (SELECT customer, {bits} FROM {placement.located} "
        f"GROUP BY order_number, customer) AS met JOIN {placement.customer_class} ON number = met.customer "
        f"GROUP BY class, {names} ORDER BY ALL"
    ).fetchall()
    return found


def orders_by(sets: Iterable[OrderSet], by: Sequence[str]) -> dict[tuple[int, ...], int]:
    """Orders in every group; `by` are names among i, j, r; without names, one group ().

    >>> both = OrderSet(0, frozenset({(0, 0), (1, 0)}), orders=5)
    >>> orders_by([both, OrderSet(1, frozenset({(1, 0)}), orders=2)], ("j",))
    {(0,): 5, (1,): 7}
    """
    found: defaultdict[tuple[int, ...], int] = defaultdict(int)
    for one in sets:
        places = [{"i": one.customer_class, "j": j, "r": r} for j, r in sorted(one.cells)]
        for key in {tuple(place[name] for name in by): None for place in places}:
            found[key] += one.orders
    return dict(found)

"""Inline demand that some history could have had."""

from collections.abc import Iterator
from itertools import chain
from operator import attrgetter

from servicepolicy_models.demand import InlineDemand, PoolDemand
from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_models.scenario import Scenario

LEAST_PER_DAY = 1e-9
"""One in three million years is no demand; quotients of smaller figures have no digits left."""

figures = attrgetter("pieces_per_day", "lines_per_day", "order_size_second_moment_pieces2")

ROUNDED = 1e-5
"""A mean that was rounded to six digits must not turn equal sizes into an error."""


def inline_demand_is_possible(scenario: Scenario) -> Iterator[Finding]:
    """Pieces come in order lines, orders too, and a second moment is never below the square of the mean."""
    if not isinstance(scenario.demand, InlineDemand):
        return
    if not _all_possible(scenario.demand):
        for i, item in enumerate(scenario.demand.items):
            for position, pool in enumerate(item.demand):
                impossible = _impossible(pool)
                if impossible:
                    field, what, mend = impossible
                    where = f"/demand/items/{i}/demand/{position}/{field}"
                    yield error(where, what, "demand.impossible", mend)
    yield from _orders_without_lines(scenario.demand)


def _all_possible(demand: InlineDemand) -> bool:
    """Whether nothing is wrong with any pool, without a word on what: there can be a hundred thousand."""
    pools = chain.from_iterable(map(attrgetter("demand"), demand.items))
    for pieces, lines, moment in map(figures, pools):
        if not (pieces and lines):
            if pieces or lines:
                return False
            continue
        if pieces < LEAST_PER_DAY or lines < LEAST_PER_DAY:
            return False
        if moment is not None:
            mean = pieces / lines
            if moment < mean * mean * (1 - ROUNDED):
                return False
    return True


def _orders_without_lines(demand: InlineDemand) -> Iterator[Finding]:
    """Segments that are said to order, of whose items nobody orders a line."""
    if not demand.segments:
        return
    with_lines = {
        (pool.customer_class, item.item_class, pool.region)
        for item in demand.items
        for pool in item.demand
        if pool.lines_per_day > 0
    }
    for number, one in enumerate(demand.segments):
        if (one.customer_class, one.item_class, one.region) in with_lines:
            continue
        for field in ("orders_per_year", "order_visits_per_year"):
            if getattr(one, field):
                what = f"{getattr(one, field):g} a year, but no item of the segment has order lines."
                mend = "Give the items' demand in this segment, or 0."
                yield error(f"/demand/segments/{number}/{field}", what, "demand.orders_without_lines", mend)


def _impossible(pool: PoolDemand) -> tuple[str, str, str] | None:
    """The field, what is wrong with it, and the mend; None when all is well."""
    if (pool.pieces_per_day > 0) != (pool.lines_per_day > 0):
        what = f"{pool.pieces_per_day:g} pieces a day do not come in {pool.lines_per_day:g} lines a day."
        return "lines_per_day", what, "Give both, or neither."
    for field in ("pieces_per_day", "lines_per_day"):
        if 0 < getattr(pool, field) < LEAST_PER_DAY:
            return field, f"{getattr(pool, field):g} a day is none in a million years.", "Give 0 for both."
    moment = pool.order_size_second_moment_pieces2
    if moment is not None and pool.lines_per_day > 0:
        mean = pool.pieces_per_day / pool.lines_per_day
        least = mean * mean
        if moment < least * (1 - ROUNDED):
            what = f"E[x²] is {moment:g}, but the lines hold {mean:g} pieces on average."
            mend = f"It is {least:g} or more; leave it out for equal lines."
            return "order_size_second_moment_pieces2", what, mend
    return None

"""What is counted of all lines, whatever takes them: see `profile.tally`."""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from servicepolicy_optimizer.intake.workspace import Workspace
from servicepolicy_optimizer.many_lines.grouped import ExactSums, Groups, Range
from servicepolicy_optimizer.many_lines.sql_tables import as_table
from servicepolicy_optimizer.many_lines.stored_lines import StoredLines

MICROSECONDS_A_DAY = 86_400_000_000
EPOCH = date(1970, 1, 1).toordinal()
STEPS = 126
"""What a step may be below."""


def days_from(first_day: date, moments: Any) -> Any:
    """(n,) days from the first day to the moments (n,)."""
    return moments.view(np.int64) // MICROSECONDS_A_DAY - (first_day.toordinal() - EPOCH)


def added_arrays(lines: StoredLines, spellings: int, wordings: int, first_day: date, desk: Workspace) -> str:
    """The table of what `profile.tally.added` adds up."""
    groups, days = Groups(STEPS, spellings, wordings, 2, 2), Range()
    sums = {name: ExactSums() for name in ("pieces", "value", "less_pieces", "less_value")}
    of_some = {"costed": ("costed_pieces", "cost"), "weighed": ("weighed_pieces", "weight_kg")}
    sums |= {name: ExactSums() for pair in of_some.values() for name in pair}
    some = {name: np.zeros(0, np.int64) for name in of_some}
    optional = [name for name in ("price", "unit_cost", "line_weight_kg") if name in lines.columns]
    for one in lines.arrays(["spelling", "wording", "ordered_at", "pieces", *optional]):
        pieces, left = one["pieces"], one["left"]
        price = one.get("price", np.full(len(pieces), np.nan))
        reduced, unpriced = left < pieces, np.isnan(price)
        number = groups.of(one["step"], one["spelling"], one["wording"], reduced, unpriced)
        paid, count = np.where(unpriced, 0.0, price), groups.count
        days.add(number, days_from(first_day, one["ordered_at"]), count)
        sums["pieces"].add(number, pieces, count)
        sums["value"].add(number, pieces * paid, count)
        less = np.flatnonzero(reduced)
        sums["less_pieces"].add(number[less], left[less], count)
        sums["less_value"].add(number[less], left[less] * paid[less], count)
        for name, chosen, pair in _of_optional(one):
            at = np.flatnonzero(chosen)
            some[name] = _counted(some[name], number[at], count)
            for sum_name, amounts in zip(of_some[name], pair, strict=True):
                sums[sum_name].add(number[at], amounts[at], count)
    step, spelling, wording, reduced, unpriced = groups.columns()
    first, last = days.found(groups.count)
    absent = {
        name: _counted(some[kind], np.zeros(0, np.int64), groups.count)[: groups.count] == 0
        for kind, pair in of_some.items()
        for name in pair
    }
    return as_table(
        {
            "step": pa.array(step.astype(np.int8)),
            "spelling": spelling,
            "wording": pa.array(wording, mask=wording < 0),
            "is_reduced": reduced > 0,
            "unpriced": unpriced > 0,
            "rows": groups.rows,
            "first_day": first,
            "last_day": last,
        }
        | {name: one.decimals(groups.count, absent.get(name)) for name, one in sums.items()},
        "added",
        desk,
    )


def _of_optional(one: Any) -> list[tuple[str, Any, tuple[Any, Any]]]:
    """Kind, which lines, and their two amounts, of what the file has of unit cost and weight."""
    pieces, left, found = one["pieces"], one["left"], []
    if "unit_cost" in one:
        found.append(("costed", one["unit_cost"] > 0, (left, left * one["unit_cost"])))
    if "line_weight_kg" in one:
        weight = one["line_weight_kg"]
        with np.errstate(divide="ignore", invalid="ignore"):
            of_left = np.where(pieces != 0, weight * left / pieces, np.nan)
        found.append(("weighed", ~np.isnan(weight), (left, of_left)))
    return found


def _counted(counts: Any, number: Any, groups: int) -> Any:
    """Counts by group, with some lines more."""
    more = np.bincount(number, minlength=max(groups, len(counts)))
    more[: len(counts)] += counts
    return more


def region_arrays(lines: StoredLines, kept: int, customers: int, places: int, desk: Workspace) -> str:
    """A table (customer, place, lines) of the lines of the step `kept`."""
    groups = Groups(customers, places)
    for one in lines.arrays(["customer", "place"]):
        chosen = one["step"] == kept
        groups.of(one["customer"][chosen], one["place"][chosen])
    customer, place = groups.columns()
    columns = {"customer": customer, "place": pa.array(place, mask=place < 0), "lines": groups.rows}
    return as_table(columns, "buyer", desk)

"""What is counted of all lines, whatever takes them: see `profile.tally`."""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class _Amounts:
    """Amounts of some lines."""

    at: Any
    """Which lines (k,); None: all."""
    amounts: Mapping[str, Any]
    """Sum -> what is added to it (k,)."""
    counted: str | None = None
    """The kind of lines that they are counted as."""


def added_arrays(lines: StoredLines, spellings: int, wordings: int, first_day: date, desk: Workspace) -> str:
    """The table of what `profile.tally.added` adds up."""
    groups, days = Groups(STEPS, spellings, wordings, 2, 2), Range()
    sums = {name: ExactSums() for name in ("pieces", "value", "less_pieces", "less_value")}
    of_some = {"costed": ("costed_pieces", "cost"), "weighed": ("weighed_pieces", "weight_kg")}
    sums |= {name: ExactSums() for pair in of_some.values() for name in pair}
    some = {name: np.zeros(0, np.int64) for name in of_some}
    optional = [name for name in ("price", "unit_cost", "line_weight_kg") if name in lines.columns]

    def amounts(one: dict[str, Any]) -> tuple[Any, Any, list[_Amounts]]:
        """Keys, days, and what is added up."""
        pieces, left = one["pieces"], one["left"]
        price = one.get("price", np.full(len(pieces), np.nan))
        reduced, unpriced = left < pieces, np.isnan(price)
        key = groups.keys(one["step"], one["spelling"], one["wording"], reduced, unpriced)
        paid, less = np.where(unpriced, 0.0, price), np.flatnonzero(reduced)
        found = [
            _Amounts(None, {"pieces": pieces, "value": pieces * paid}),
            _Amounts(less, {"less_pieces": left[less], "less_value": left[less] * paid[less]}),
        ]
        for name, chosen, pair in _of_optional(one):
            at = np.flatnonzero(chosen)
            of_both = {both: amount[at] for both, amount in zip(of_some[name], pair, strict=True)}
            found.append(_Amounts(at, of_both, name))
        return key, days_from(first_day, one["ordered_at"]), found

    for key, day, found in lines.arrays(["spelling", "wording", "ordered_at", "pieces", *optional], amounts):
        number = groups.of_keys(key)
        days.add(number, day, groups.count)
        for part in found:
            chosen = number if part.at is None else number[part.at]
            if part.counted is not None:
                some[part.counted] = _counted(some[part.counted], chosen, groups.count)
            for name, amount in part.amounts.items():
                sums[name].add(chosen, amount, groups.count)
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

    def keys(one: dict[str, Any]) -> Any:
        chosen = one["step"] == kept
        return groups.keys(one["customer"][chosen], one["place"][chosen])

    for key in lines.arrays(["customer", "place"], keys):
        groups.of_keys(key)
    customer, place = groups.columns()
    columns = {"customer": customer, "place": pa.array(place, mask=place < 0), "lines": groups.rows}
    return as_table(columns, "buyer", desk)

"""The master model with a named slack on everything that a repair may change.

Of each thing a binary `changed`, and how it changes: of a promise one binary a rung, of a limit a share of
the most that could be needed, of a rule nothing more. Each enters the rows that carry the thing, those of the
`demands` that conflicts name, so that no coefficient of the model is written twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from servicepolicy_models.changes import ChangeKind
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.conflicts.demands import Demand, demands
from servicepolicy_optimizer.explain.loosened import Loose
from servicepolicy_optimizer.explain.moves import MOST_PROMISES, Moves, Thing
from servicepolicy_optimizer.solve.arrays import Arrays, Name
from servicepolicy_optimizer.solve.widened import Widening

RULE_ROWS: Mapping[str, tuple[str, ...]] = {
    "better_customer_never_served_worse": (
        "better_customer_fill", "better_customer_response", "better_customer_promise",
    ),
    "better_item_never_served_worse": ("better_item_fill", "better_item_response", "better_item_promise"),
    "one_channel_per_customer_class": ("path_by_chosen_channel",),
}  # fmt: skip
"""Rule -> the families that carry it."""

COUNTED = ("one_promise", "promise_within_plan", "promise_after_path", "better_customer_promise",
           "better_item_promise")  # fmt: skip
"""Rows of promises that are counted: a segment whose promise changes leaves the count."""


@dataclass(frozen=True)
class Elastic:
    """The arrays, and where in them the changes stand."""

    problem: Arrays
    changed: Mapping[Thing, int]
    """Thing -> column of its binary."""
    rungs: Mapping[tuple[Thing, float], int]
    """(promise, rung) -> column of its binary."""
    amounts: Mapping[Thing, tuple[int, float]]
    """Limit -> column of its share, and the most that could be needed more."""


@dataclass
class _Making:
    loose: Loose
    problem: Arrays
    wide: Widening
    changed: dict[Thing, int] = field(default_factory=dict)
    rungs: dict[tuple[Thing, float], int] = field(default_factory=dict)
    amounts: dict[Thing, tuple[int, float]] = field(default_factory=dict)

    def upper(self, row: int) -> bool:
        return bool(np.isfinite(self.problem.row_upper[row]))

    def giving(self, row: int, amount: float) -> float:
        """The entry by which a column lets the row give way by an amount."""
        return -amount if self.upper(row) else amount


def elastic(loose: Loose, problem: Arrays, allowed: tuple[Moves, ...]) -> Elastic:
    """Widen the problem of the loosened choices. What may not change is as firm as in the scenario."""
    making = _Making(loose, problem, Widening(problem))
    rows_of = demands(problem.rows)
    for move in allowed:
        making.changed[move.thing] = making.wide.column(("changed", move.thing), {})
        _MAKE[move.thing.kind](making, rows_of, move)
    _slower_paths(making)
    _rules_broken(making)
    _uncounted(making)
    problem = making.wide.widened() if making.wide.grown else problem
    return Elastic(problem, making.changed, making.rungs, making.amounts)


def _rungs(making: _Making, move: Moves, entries: Mapping[float, Mapping[int, float]]) -> None:
    """A binary a rung, of which one is taken when the promise changes."""
    columns = {
        rung: making.wide.column(("rung", (move.thing, rung)), entries.get(rung, {})) for rung in move.rungs
    }
    making.rungs |= {(move.thing, rung): column for rung, column in columns.items()}
    one = dict.fromkeys(columns.values(), 1.0) | {making.changed[move.thing]: -1.0}
    making.wide.row(("one_rung", move.thing), one, lower=0.0, upper=0.0)


def _fill(making: _Making, rows_of: Mapping[Demand, tuple[int, ...]], move: Moves) -> None:
    """short[s] ≤ (1 − f) · pieces + Σ_rung (f − rung) · pieces · taken; of items alike, without pieces."""
    segment = _segment(move.thing)
    target = making.loose.choices.targets[segment]
    entries: dict[float, dict[int, float]] = {rung: {} for rung in move.rungs}
    for row in rows_of.get(Demand("fill_rate_floor", segment), ()):
        family = making.problem.rows[row][0]
        if family == "promise_within_plan":
            continue  # see COUNTED
        pieces = target.pieces_per_year if family == "fill_rate_floor" else 1.0
        for rung in move.rungs:
            entries[rung][row] = making.giving(row, (target.fill_rate - rung) * pieces)
    _rungs(making, move, entries)


def _response(making: _Making, rows_of: Mapping[Demand, tuple[int, ...]], move: Moves) -> None:
    _rungs(making, move, {})


def _slower_paths(making: _Making) -> None:
    """Σ paths promised in t hours or more ≤ Σ rungs of t or more taken   ∀ t slower than the target."""
    at: dict[Segment, dict[float, list[int]]] = {}
    number = {name: n for n, name in enumerate(making.problem.columns)}
    for key, hours in making.loose.late.items():
        if ("path", key) in number:
            at.setdefault((key[0], key[1], key[2]), {}).setdefault(hours, []).append(number["path", key])
    for segment, by_hours in at.items():
        taken = {rung: column for (thing, rung), column in making.rungs.items()
                 if thing == Thing(ChangeKind.RESPONSE, segment)}  # fmt: skip
        for hours in by_hours:
            slower = [column for t, columns in by_hours.items() if t >= hours for column in columns]
            allowing = [column for rung, column in taken.items() if rung >= hours * (1 - 1e-9)]
            entries = dict.fromkeys(slower, 1.0) | dict.fromkeys(allowing, -1.0)
            making.wide.row(("slower_path", (segment, hours)), entries, upper=0.0)


def _otif(making: _Making, rows_of: Mapping[Demand, tuple[int, ...]], move: Moves) -> None:
    """Each lower rung has its own row, which holds unless a rung still lower is taken.

    fill[s] ≥ Σ (rung / on_time) · path − most · Σ_{still lower} taken.
    """
    segment, problem = _segment(move.thing), making.problem
    target = making.loose.choices.targets[segment]
    rows = rows_of.get(Demand("otif_floor", segment), ())
    by_row = {row: _entries(problem, row) for row in rows}
    most = {
        row: 1.0 + max((abs(v) for c, v in found.items() if problem.columns[c][0] == "path"), default=0.0)
        for row, found in by_row.items()
    }
    entries = {rung: {row: making.giving(row, most[row]) for row in rows} for rung in move.rungs}
    _rungs(making, move, entries)
    for row, found in by_row.items():
        for place, rung in enumerate(move.rungs):
            scaled = {
                column: value * rung / (target.otif or 1.0) if problem.columns[column][0] == "path" else value
                for column, value in found.items()
            }
            gives = making.giving(row, most[row])
            lower_still = {making.rungs[move.thing, one]: gives for one in move.rungs[place + 1 :]}
            making.wide.row(
                ("otif_rung", (problem.rows[row], rung)),
                scaled | lower_still,
                lower=problem.row_lower[row],
                upper=problem.row_upper[row],
            )


def _limit(making: _Making, rows_of: Mapping[Demand, tuple[int, ...]], move: Moves) -> None:
    """use ≤ limit + most · share,   share ≤ changed."""
    for row in rows_of.get(move.thing.demand, ()):
        most = _most(making, row) - float(making.problem.row_upper[row])
        if most <= 0:
            continue
        share = making.wide.column(("share", move.thing), {row: -most}, integral=False)
        making.wide.row(("share_of", move.thing), {share: 1.0, making.changed[move.thing]: -1.0}, upper=0.0)
        making.amounts[move.thing] = (share, most)


def _rule(making: _Making, rows_of: Mapping[Demand, tuple[int, ...]], move: Moves) -> None:
    """Every row of the rule may be missed by as much as it can be."""
    (name,) = move.thing.where
    if name == MOST_PROMISES:
        _more_promises(making, rows_of, move.thing)
        return
    for row, (family, _) in enumerate(making.problem.rows):
        if family in RULE_ROWS.get(name, ()):
            making.wide.entry(row, making.changed[move.thing], making.giving(row, _furthest(making, row)))


def _more_promises(making: _Making, rows_of: Mapping[Demand, tuple[int, ...]], thing: Thing) -> None:
    """Σ used ≤ most + more,   more ≤ all · changed,   more whole."""
    for row in rows_of.get(Demand("distinct_promises", ("promises",)), ()):
        most = _most(making, row) - float(making.problem.row_upper[row])
        if most > 0:
            more = making.wide.column(("more", thing), {row: -1.0}, upper=most)
            making.wide.row(("more_of", thing), {more: 1.0, making.changed[thing]: -most}, upper=0.0)
            making.amounts[thing] = (more, 1.0)


def _rules_broken(making: _Making) -> None:
    """Σ of a segment's paths, or an item class's options, that a choice rules out ≤ the choice given up."""
    groups: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    number = {name: n for n, name in enumerate(making.problem.columns)}
    for key, names in making.loose.breaks.items():
        component: str = "stock" if len(key) == 2 else "path"
        group: tuple[str, ...] = key[:1] if len(key) == 2 else (key[0], key[1], key[2])
        if (component, key) in number:
            for name in names:
                groups.setdefault((name, group), []).append(number[component, key])
    for (name, group), columns in groups.items():
        given_up = making.changed.get(Thing(ChangeKind.RULE, (name,)))
        entries = dict.fromkeys(columns, 1.0) | ({} if given_up is None else {given_up: -1.0})
        making.wide.row(("choice_kept", (name, group)), entries, upper=0.0)


def _uncounted(making: _Making) -> None:
    """Where different promises are counted: a segment with a changed promise leaves the count.

    That is a little less than the changed scenario asks; its own solution has the last word.
    """
    by_segment: dict[Segment, list[int]] = {}
    for thing, column in making.changed.items():
        if thing.kind in (ChangeKind.FILL_RATE, ChangeKind.CYCLE_SERVICE_LEVEL, ChangeKind.RESPONSE):
            by_segment.setdefault(_segment(thing), []).append(column)
    left: dict[Segment, int] = {}
    for row, (family, index) in enumerate(making.problem.rows):
        if family not in COUNTED:
            continue
        for segment in {index[:3], index[3:6] if family.startswith("better") else index[:3]}:
            if segment not in by_segment:
                continue
            if segment not in left:
                left[segment] = making.wide.column(("uncounted", segment), {})
                of = {left[segment]: 1.0} | dict.fromkeys(by_segment[segment], -1.0)
                making.wide.row(("uncounted_if", segment), of, upper=0.0)
            gives = 1.0 if family == "one_promise" else making.giving(row, _furthest(making, row))
            making.wide.entry(row, left[segment], gives)


def _segment(thing: Thing) -> Segment:
    return thing.where[0], thing.where[1], thing.where[2]


def _entries(problem: Arrays, row: int) -> dict[int, float]:
    found = problem.matrix[[row], :].tocoo()
    return dict(zip(found.coords[1].tolist(), found.data.tolist(), strict=True))


def _furthest(making: _Making, row: int) -> float:
    """By how much a row can be missed: all that stands on its wrong side, at its most."""
    wrong = 1.0 if making.upper(row) else -1.0
    side = making.problem.row_upper[row] if making.upper(row) else making.problem.row_lower[row]
    most = _most_of(making.problem, {c: wrong * v for c, v in _entries(making.problem, row).items()})
    return max(most - wrong * float(side), 0.0)


def _most(making: _Making, row: int) -> float:
    return _most_of(making.problem, _entries(making.problem, row))


def _most_of(problem: Arrays, entries: Mapping[int, float]) -> float:
    """The most that Σ entry · column can be: one path a segment, one option an item class, one column a
    shelf.
    """
    best: dict[Name, float] = {}
    for column, value in entries.items():
        component, index = problem.columns[column]
        group = _group(component, index)
        if component in ("path", "weight", "promise"):
            best[group] = max(best.get(group, 0.0), value)
        elif value > 0:
            best[group] = best.get(group, 0.0) + value * min(float(problem.upper[column]), 1.0)
    by_option: dict[Name, float] = {}
    for (component, index), value in best.items():
        key = ("option", index[:2]) if component == "weight" else (component, index)
        by_option[key] = by_option.get(key, 0.0) + value
    total: dict[Name, float] = {}
    for (component, index), value in by_option.items():
        key = ("item_class", index[:1]) if component == "option" else (component, index)
        total[key] = max(total.get(key, 0.0), value) if component == "option" else value
    return sum(total.values())


def _group(component: str, index: object) -> Name:
    whole = index if isinstance(index, tuple) else (index,)
    return component, whole[:3] if component in ("path", "weight", "promise") else whole


_MAKE = {
    ChangeKind.FILL_RATE: _fill,
    ChangeKind.CYCLE_SERVICE_LEVEL: _fill,
    ChangeKind.RESPONSE: _response,
    ChangeKind.OTIF: _otif,
    ChangeKind.CAPACITY: _limit,
    ChangeKind.BUDGET: _limit,
    ChangeKind.RULE: _rule,
}
"""Kind of change -> how its slack is made."""

"""A set of changes becomes a child scenario, its policy of whole items, and a repair in words."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from servicepolicy_models.changes import Change, ChangeKind, Level
from servicepolicy_models.proof import Held
from servicepolicy_models.repairs import Amounts
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices, Segment
from servicepolicy_optimizer.explain.asking import ask
from servicepolicy_optimizer.explain.changed import (
    limit_change,
    promise_change,
    promises_change,
    rule_change,
    with_promise,
    with_promises_at_most,
    without_rule,
)
from servicepolicy_optimizer.explain.correction_sets import Correction
from servicepolicy_optimizer.explain.limits import USE_OF, limits_of, with_limit
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.moves import MOST_PROMISES, PROMISES, Thing
from servicepolicy_optimizer.facts import Facts

ROOM = (0.0, 0.02, 0.1, 0.3)
"""Whole items may need a little more of a limit than their mix: what is tried, as shares of the way from the
least amounts to the cheapest."""
RUNGS_FURTHER = 3
"""The same for promises: so many rungs of the ladder further are tried."""
DIGITS = 4
"""A figure that a planner can read has so many digits, or is whole."""


@dataclass(frozen=True)
class Parent:
    """The scenario that is repaired, and what its children share."""

    scenario: Scenario
    choices: Choices
    """The loosened ones."""
    facts: Facts
    memory: Memory


@dataclass(frozen=True)
class Child:
    """A changed scenario and what it costs."""

    scenario: Scenario
    changes: tuple[Change, ...]
    amounts: Amounts
    cost_per_year: float
    held: Held
    level: Level


def children_of(parent: Parent, correction: Correction) -> Iterator[Child]:
    """The scenario with the changes and its policy: with the least amounts, and with the cheapest.

    None of the two where no policy of whole items was found.
    """
    if not correction.amounts:
        for at in (correction, *_further(parent.scenario, correction)):
            found = list(_child(parent, at, "least"))
            yield from found
            if found:
                return
        return
    ample = _ample(parent, correction)
    for room in ROOM:
        at = correction if ample is None else _towards(correction, ample, room)
        found = list(_child(parent, at, "least"))
        yield from found
        if found or ample is None:
            break
    if ample is not None:
        yield from _child(parent, ample, "cheapest")


def _further(scenario: Scenario, correction: Correction) -> Iterator[Correction]:
    """The same promises further down the ladder: each alone a rung, then all together, rung by rung.

    Whole items may need more than their mix.
    """
    rungs = dict(correction.rungs)
    if len(rungs) > 1:
        for thing in rungs:
            yield replace(correction, rungs={**rungs, thing: _next_rung(scenario, thing, rungs[thing])})
    for _ in range(RUNGS_FURTHER):
        rungs = {thing: _next_rung(scenario, thing, rung) for thing, rung in rungs.items()}
        yield replace(correction, rungs=rungs)


def _next_rung(scenario: Scenario, thing: Thing, rung: float) -> float:
    """The rung after this one, in the direction in which the promise gives way; the last one stays."""
    ladder = scenario.promise_ladder
    if thing.kind is ChangeKind.RESPONSE:
        return next((one for one in ladder.response_hours if one > rung * (1 + 1e-9)), rung)
    return next((one for one in reversed(ladder.fill_rates) if one < rung * (1 - 1e-9)), rung)


def _child(parent: Parent, correction: Correction, amounts: Amounts) -> Iterator[Child]:
    changed, changes = changed_by(parent.scenario, parent.choices, correction)
    reply = ask(changed, parent.facts, parent.memory)
    if reply.settled is not None and reply.objective is not None:
        held = reply.settled.solution.held
        yield Child(changed, changes, amounts, reply.objective, held, reply.level)


def _ample(parent: Parent, correction: Correction) -> Correction | None:
    """The same changes with so much of every limit as the cheapest policy takes when there is none."""
    changed, _ = changed_by(parent.scenario, parent.choices, correction)
    figures = limits_of(parent.scenario, parent.choices)
    limits = {
        thing: figures[thing.demand] for thing in correction.amounts if thing.kind is not ChangeKind.RULE
    }
    for thing in limits:
        changed = with_limit(changed, thing.demand, None)
    policy = ask(changed, parent.facts, parent.memory).policy
    if policy is None:
        return None
    uses = {use.name: use.used for use in policy.uses}
    more = {
        thing: max(uses[USE_OF[thing.demand.family].format(*thing.demand.where)] - limit, 0.0)
        for thing, limit in limits.items()
    }
    return replace(correction, amounts={**correction.amounts, **more})


def _towards(least: Correction, ample: Correction, share: float) -> Correction:
    """Amounts between the least and the cheapest."""
    amounts = {
        thing: amount + share * max(ample.amounts[thing] - amount, 0.0)
        for thing, amount in least.amounts.items()
    }
    return replace(least, amounts=amounts)


def changed_by(
    scenario: Scenario, choices: Choices, correction: Correction
) -> tuple[Scenario, tuple[Change, ...]]:
    """The scenario with all changes, and the changes in words, promises first."""
    changed, changes = scenario, []
    for thing in sorted(correction.things, key=lambda one: (list(ChangeKind).index(one.kind), one.where)):
        if thing.kind in PROMISES:
            segment, rung = _segment(thing), correction.rungs[thing]
            changed = with_promise(changed, segment, thing.kind, rung)
            changes.append(promise_change(thing.kind, segment, _asked(choices, thing), rung))
        elif thing.kind is not ChangeKind.RULE:
            limit = limits_of(scenario, choices)[thing.demand]
            figure = readable(limit + correction.amounts[thing])
            changed = with_limit(changed, thing.demand, figure)
            changes.append(limit_change(scenario, thing.demand, limit, figure))
        elif thing.where[0] != MOST_PROMISES:
            changes.append(rule_change(scenario, thing.where[0]))
        else:
            before = scenario.rules.distinct_promises_at_most or 0
            after = before + round(correction.amounts[thing])
            changed = with_promises_at_most(changed, after)
            changes.append(promises_change(before, after))
    return _without_rules(changed, correction), tuple(changes)


def _without_rules(scenario: Scenario, correction: Correction) -> Scenario:
    """The last of several fixed choices goes first, so that the numbers of the others stay."""
    names = [thing.where[0] for thing in correction.given_up]
    for name in sorted(names, key=lambda name: -int(name.split()[1]) if " " in name else 0):
        scenario = without_rule(scenario, name)
    return scenario


def readable(figure: float) -> float:
    """The least figure not below this one that a planner can read aloud.

    >>> readable(1129.2), readable(3.14159), readable(1_234_567.3), readable(0.0)
    (1130.0, 3.142, 1234568.0, 0.0)
    """
    if figure <= 0:
        return 0.0
    decimals = max(DIGITS - 1 - math.floor(math.log10(figure)), 0)
    least = math.ceil(figure * 10**decimals * (1 - 1e-12)) / 10**decimals
    return float(round(least, decimals))


def _segment(thing: Thing) -> Segment:
    return thing.where[0], thing.where[1], thing.where[2]


def _asked(choices: Choices, thing: Thing) -> float | None:
    target = choices.targets[_segment(thing)]
    if thing.kind is ChangeKind.RESPONSE:
        return target.response_hours
    return target.otif if thing.kind is ChangeKind.OTIF else target.fill_rate


def with_lineage(child: Scenario, parent: Scenario, sentences: Iterable[str]) -> Scenario:
    """The child under a name of its own, with a note that says what it comes from."""
    note = f"A repair of {parent.name!r}: {'; '.join(sentences)}."
    return child.model_copy(
        update={"name": f"{parent.name[:100]} (repaired)", "notes": (*parent.notes, note)}
    )

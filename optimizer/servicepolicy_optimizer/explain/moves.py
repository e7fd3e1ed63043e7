"""What a repair may change: every promise, capacity, budget and rule, and how far."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from servicepolicy_models.changes import Aim, ChangeKind, RepairWishes
from servicepolicy_models.errors import QuestionRejected, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices, SegmentTarget
from servicepolicy_optimizer.conflicts.demands import Demand
from servicepolicy_optimizer.explain.changed import RULES
from servicepolicy_optimizer.explain.limits import BUDGET_OF, limits_of, name_of

PROMISES = (ChangeKind.FILL_RATE, ChangeKind.CYCLE_SERVICE_LEVEL, ChangeKind.RESPONSE, ChangeKind.OTIF)
MOST_PROMISES = "distinct_promises_at_most"


class Thing(NamedTuple):
    """What a repair may change once."""

    kind: ChangeKind
    where: tuple[str, ...]
    """Of a promise its segment, of a limit its family and place, of a rule its name."""

    @property
    def demand(self) -> Demand:
        """The limit behind a capacity or budget."""
        return Demand(self.where[0], self.where[1:])


class Moves(NamedTuple):
    """A thing and to what it may be changed."""

    thing: Thing
    rungs: tuple[float, ...]
    """Of a promise: rungs of the ladder in the order in which they give way. Else empty."""
    weight: float


def moves(scenario: Scenario, choices: Choices, wishes: RepairWishes) -> tuple[Moves, ...]:
    """Everything that may be changed. Raises QuestionRejected for wishes about what is not there."""
    things = dict(_things(scenario, choices))
    _check(scenario, things, wishes)
    return tuple(
        Moves(thing, rungs, _weight(thing, wishes))
        for thing, rungs in things.items()
        if not any(_fits(aim, thing) for aim in wishes.untouchable)
    )


def _things(scenario: Scenario, choices: Choices) -> Iterator[tuple[Thing, tuple[float, ...]]]:
    for segment, target in choices.targets.items():
        if target.pieces_per_year > 0 or target.lines_per_year > 0:
            for kind, rungs in _promises(scenario, target):
                yield Thing(kind, segment), rungs
    for demand in limits_of(scenario, choices):
        kind = ChangeKind.BUDGET if demand.family in BUDGET_OF else ChangeKind.CAPACITY
        yield Thing(kind, (demand.family, *demand.where)), ()
    for name in rules_of(scenario):
        yield Thing(ChangeKind.RULE, (name,)), ()


def _promises(scenario: Scenario, target: SegmentTarget) -> Iterator[tuple[ChangeKind, tuple[float, ...]]]:
    shares, hours = scenario.promise_ladder.fill_rates, scenario.promise_ladder.response_hours
    if target.fill_rate > 0 and target.pieces_per_year > 0:
        cycle = target.cycle_service_level is not None
        kind = ChangeKind.CYCLE_SERVICE_LEVEL if cycle else ChangeKind.FILL_RATE
        yield kind, _lower(shares, target.fill_rate) if cycle else (*_lower(shares, target.fill_rate), 0.0)
    if target.response_hours is not None:
        longer = tuple(one for one in hours if one > target.response_hours * (1 + 1e-9))
        if longer:
            yield ChangeKind.RESPONSE, longer
    if target.otif and target.pieces_per_year > 0:
        yield ChangeKind.OTIF, (*_lower(shares, target.otif), 0.0)


def _lower(rungs: tuple[float, ...], figure: float) -> tuple[float, ...]:
    return tuple(rung for rung in reversed(rungs) if rung < figure * (1 - 1e-9))


def rules_of(scenario: Scenario) -> Iterator[str]:
    """Names of the rules that the scenario has."""
    rules = scenario.rules
    yield from (name for name in RULES if getattr(rules, name))
    if rules.distinct_promises_at_most is not None:
        yield MOST_PROMISES
    yield from (f"fixed {n}" for n in range(len(rules.fixed)))
    yield from (f"forbidden {n}" for n in range(len(rules.forbidden)))


def _weight(thing: Thing, wishes: RepairWishes) -> float:
    said = [one.weight for one in wishes.weights if _fits(one, thing)]
    return said[-1] if said else 1.0


def _fits(aim: Aim, thing: Thing) -> bool:
    if aim.kind is not None and aim.kind is not thing.kind:
        return False
    classes = (aim.customer_class, aim.item_class, aim.region)
    if thing.kind in PROMISES:
        return aim.name == "*" and all(a in ("*", b) for a, b in zip(classes, thing.where, strict=True))
    return classes == ("*", "*", "*") and aim.name in ("*", *_names(thing))


def _names(thing: Thing) -> tuple[str, ...]:
    if thing.kind is ChangeKind.RULE:
        return thing.where
    budget = BUDGET_OF.get(thing.where[0])
    return (name_of(thing.demand), *thing.where[1:], *([budget] if budget else []))


def _check(scenario: Scenario, things: Mapping[Thing, object], wishes: RepairWishes) -> None:
    customers, items = scenario.segmentation.customers.classes, scenario.segmentation.items.classes
    regions = tuple(region.name for region in scenario.segmentation.regions)
    named = tuple(
        dict.fromkeys(name for thing in things if thing.kind not in PROMISES for name in _names(thing))
    )
    findings: list[Finding] = []
    for field in ("untouchable", "weights"):
        for number, aim in enumerate(getattr(wishes, field)):
            for part, known in (
                ("customer_class", customers), ("item_class", items), ("region", regions), ("name", named)
            ):  # fmt: skip
                said = getattr(aim, part)
                if said not in ("*", *known):
                    findings.append(
                        error(f"/{field}/{number}/{part}", f"{said!r} is not in the scenario.",
                              "question.unknown_name", f"Known are: {', '.join(known) or 'none'}.")
                    )  # fmt: skip
    if findings:
        raise QuestionRejected(findings)

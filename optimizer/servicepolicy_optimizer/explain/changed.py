"""Changes to promises, capacities, budgets and rules: the changed scenario, and the change in words."""

from collections.abc import Mapping

from servicepolicy_models.changes import Change, ChangeKind
from servicepolicy_models.rules import Choice, PolicyRules
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.targets import Target
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.conflicts.demands import Demand
from servicepolicy_optimizer.conflicts.words import amount, percent, segment_name
from servicepolicy_optimizer.explain.limits import BUDGET_OF, name_of, unit_of

FIELD_OF = {
    ChangeKind.FILL_RATE: "fill_rate",
    ChangeKind.CYCLE_SERVICE_LEVEL: "cycle_service_level",
    ChangeKind.RESPONSE: "response_hours",
    ChangeKind.OTIF: "otif",
}
"""Kind of promise -> field of a target."""

RULES: Mapping[str, str] = {
    "better_customer_never_served_worse": "better customers are never served worse",
    "better_item_never_served_worse": "better items are never served worse",
    "one_channel_per_customer_class": "every customer class has one order channel",
}
"""Rules that hold or do not, as the planner says them."""


def with_promise(scenario: Scenario, segment: Segment, kind: ChangeKind, figure: float) -> Scenario:
    """The scenario with another promise for a segment: one more target, which refines all earlier ones."""
    customer_class, item_class, region = segment
    said = {"customer_class": customer_class, "item_class": item_class, "region": region}
    target = Target.model_validate({**said, FIELD_OF[kind]: figure})
    return scenario.model_copy(update={"targets": (*scenario.targets, target)})


def promise_change(kind: ChangeKind, segment: Segment, before: float | None, after: float) -> Change:
    """A changed promise in words.

    >>> promise_change(ChangeKind.RESPONSE, ("C", "C", "*"), 48, 72).sentence
    'Promise C/C within 72 h instead of 48 h'
    >>> promise_change(ChangeKind.FILL_RATE, ("A", "B", "North"), 0.95, 0.96).sentence
    'Promise A/B (North) 96 % from stock instead of 95 %'
    """
    name = segment_name(segment)
    unit = "h" if kind is ChangeKind.RESPONSE else "share"
    instead = "" if before is None else f" instead of {_figure(kind, before)}"
    return Change(
        kind=kind,
        where=name,
        before=before,
        after=after,
        unit=unit,
        sentence=f"Promise {name} {_promise(kind, after)}{instead}",
    )


def _figure(kind: ChangeKind, figure: float) -> str:
    return f"{figure:g} h" if kind is ChangeKind.RESPONSE else percent(figure)


def _promise(kind: ChangeKind, figure: float) -> str:
    if kind is ChangeKind.RESPONSE:
        return f"within {figure:g} h"
    what = {ChangeKind.OTIF: "on time in full", ChangeKind.CYCLE_SERVICE_LEVEL: "of cycles without stockout"}
    words = what.get(kind, "from stock")
    return f"nothing {words}" if figure == 0 else f"{percent(figure)} {words}"


def limit_change(scenario: Scenario, demand: Demand, before: float, after: float | None) -> Change:
    """A changed capacity or budget in words: `Location Leeds: 1,130 lines a day instead of 1,100`."""
    name, unit = name_of(demand), unit_of(scenario, demand)
    kind = ChangeKind.BUDGET if demand.family in BUDGET_OF else ChangeKind.CAPACITY
    now = f"no limit instead of {amount(before)} {unit}"
    if after is not None:
        now = f"{amount(after)} {unit} instead of {amount(before)}"
    return Change(
        kind=kind,
        where=name,
        before=before,
        after=after,
        unit=unit,
        sentence=f"{name[:1].upper()}{name[1:]}: {now}",
    )


def without_rule(scenario: Scenario, name: str) -> Scenario:
    """The scenario without a rule that holds or does not, `fixed 0` being the first of the fixed choices."""
    if name in RULES:
        return _with_rules(scenario, {name: False})
    field, number = name.split()
    choices: tuple[Choice, ...] = getattr(scenario.rules, field)
    return _with_rules(scenario, {field: tuple(c for n, c in enumerate(choices) if n != int(number))})


def with_promises_at_most(scenario: Scenario, most: int) -> Scenario:
    """The scenario with another number of different promises."""
    return _with_rules(scenario, {"distinct_promises_at_most": most})


def _with_rules(scenario: Scenario, changed: Mapping[str, object]) -> Scenario:
    rules: PolicyRules = scenario.rules.model_copy(update=dict(changed))
    return scenario.model_copy(update={"rules": rules})


def rule_change(scenario: Scenario, name: str) -> Change:
    """A rule given up, in words."""
    if name in RULES:
        words = f"Drop the rule that {RULES[name]}"
    else:
        field, number = name.split()
        choice = getattr(scenario.rules, field)[int(number)]
        said = choice.model_dump(mode="json", exclude_defaults=True)
        told = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in said.items())
        words = f"Drop the {field} choice {told}"
    return Change(kind=ChangeKind.RULE, where=name, sentence=words)


def promises_change(before: int, after: int) -> Change:
    """More different promises, in words."""
    return Change(
        kind=ChangeKind.RULE,
        where="distinct_promises_at_most",
        before=before,
        after=after,
        unit="promises",
        sentence=f"Allow {after} different promises instead of {before}",
    )


def money(value: float, currency: str) -> str:
    """Money with its sign: `+41,000 EUR a year`.

    >>> money(41000.4, "EUR"), money(-12000, "EUR"), money(0.2, "EUR")
    ('+41,000 EUR a year', '-12,000 EUR a year', 'nothing')
    """
    return "nothing" if round(value) == 0 else f"{value:+,.0f} {currency} a year"

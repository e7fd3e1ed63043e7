"""Fixed and forbidden means that do not contradict each other or the means themselves."""

from collections.abc import Iterator
from itertools import combinations

from servicepolicy_models.consistency.names import ANY, overlap, takes
from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_models.means import Channel, Deployment, Mode, Process, SupplyOption
from servicepolicy_models.rules import Choice
from servicepolicy_models.scenario import Scenario

SCOPE = ("customer_class", "item_class", "region")
MEANS = ("channel", "process", "mode", "frequency", "supply", "deployment", "stock_policy")


def choices_name_means(scenario: Scenario) -> Iterator[Finding]:
    """A fixed or forbidden choice says what it fixes or forbids."""
    for name, choices in (("fixed", scenario.rules.fixed), ("forbidden", scenario.rules.forbidden)):
        for position, choice in enumerate(choices):
            if not _named(choice):
                what = f"The choice names no means, so nothing is {name}."
                mend = f"Add one of {', '.join(MEANS)}, or drop the choice."
                yield error(f"/rules/{name}/{position}", what, "choice.empty", mend)


def fixed_and_forbidden_agree(scenario: Scenario) -> Iterator[Finding]:
    """No segment has two different means of one kind fixed, or its fixed means forbidden."""
    fixed = list(enumerate(scenario.rules.fixed))
    for (first, one), (second, other) in combinations(fixed, 2):
        for means in sorted(_named(one).keys() & _named(other).keys()):
            if _meet(one, other) and getattr(one, means) != getattr(other, means):
                here, there = getattr(other, means), getattr(one, means)
                what = f'The {means} is fixed as "{here}" here and as "{there}" at /rules/fixed/{first}.'
                mend = "Some segments fall under both: narrow one by customer_class, item_class or region."
                yield error(f"/rules/fixed/{second}/{means}", what, "choice.contradiction", mend)
    for position, forbidden in enumerate(scenario.rules.forbidden):
        for first, one in fixed:
            # Only a choice all of whose means are fixed leaves nothing: the others forbid a combination.
            not_these = _named(forbidden).items()
            if not_these and not_these <= _named(one).items() and _meet(one, forbidden):
                what = f"What is forbidden here is fixed at /rules/fixed/{first}."
                mend = "Drop one of them, or narrow it by customer_class, item_class or region."
                yield error(f"/rules/forbidden/{position}", what, "choice.contradiction", mend)


def fixed_means_are_available(scenario: Scenario) -> Iterator[Finding]:
    """A means that is fixed for a class is offered to that class."""
    offered: dict[str, dict[str, Channel | Process | Mode | SupplyOption | Deployment]] = {
        "channel": {one.name: one for one in scenario.channels},
        "process": {one.name: one for one in scenario.processes},
        "mode": {one.name: one for one in scenario.modes},
        "supply": {one.name: one for one in scenario.supply},
        "deployment": {one.name: one for one in scenario.deployments},
    }
    for position, choice in enumerate(scenario.rules.fixed):
        for means, by_name in offered.items():
            chosen = by_name.get(getattr(choice, means) or "")
            for side, listed in (("customer_class", "customer_classes"), ("item_class", "item_classes")):
                name = getattr(choice, side)
                if name != ANY and chosen is not None and not takes(getattr(chosen, listed, None), name):
                    what = f'The {means} "{chosen.name}" is not offered to {side.replace("_", " ")} {name}.'
                    mend = f"Add the class to its {listed}, or fix another {means}."
                    yield error(f"/rules/fixed/{position}/{means}", what, "choice.not_offered", mend)
        if choice.stock_policy is not None and choice.stock_policy not in scenario.stock_policies:
            what = f'The stock policy "{choice.stock_policy.value}" is not listed under /stock_policies.'
            where = f"/rules/fixed/{position}/stock_policy"
            yield error(where, what, "choice.not_offered", "List it there, or fix another.")


def one_channel_is_possible(scenario: Scenario) -> Iterator[Finding]:
    """Where a customer class gets one channel, its segments have no two different channels fixed."""
    if not scenario.rules.one_channel_per_customer_class:
        return
    fixed = [(place, one) for place, one in enumerate(scenario.rules.fixed) if one.channel is not None]
    for (first, one), (second, other) in combinations(fixed, 2):
        share_a_class = overlap(one.customer_class, other.customer_class)
        # Choices that meet in a segment are a contradiction with or without this rule.
        if one.channel != other.channel and share_a_class and not _meet(one, other):
            what = f'The class gets "{other.channel}" here and "{one.channel}" at /rules/fixed/{first}.'
            mend = "Fix the same channel, or drop one_channel_per_customer_class."
            yield error(f"/rules/fixed/{second}/channel", what, "choice.contradiction", mend)


def _named(choice: Choice) -> dict[str, str]:
    """Means -> the name that the choice gives it."""
    return {means: name for means in MEANS if (name := getattr(choice, means)) is not None}


def _meet(one: Choice, other: Choice) -> bool:
    """Tell whether some segment falls under both choices."""
    return all(overlap(getattr(one, side), getattr(other, side)) for side in SCOPE)

"""Policy rules of the scenario that a policy breaks, in words with amounts."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from servicepolicy_models.policy import Policy, SegmentPolicy
from servicepolicy_models.rules import Choice
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.broken_promises import KEPT, name_of
from servicepolicy_optimizer.audit.judged_again import Accounts
from servicepolicy_optimizer.audit.matrix import ANY
from servicepolicy_optimizer.audit.promised_fill import promisable_fill_rate, whole_line

MEANS = ("channel", "process", "mode", "frequency", "supply", "deployment", "stock_policy")
"""What a choice can fix or forbid."""


def broken_rules(scenario: Scenario, found: Accounts, again: Policy) -> Iterator[str]:
    """Every rule on segments with demand; what orders nothing breaks nothing."""
    rows = {
        account.segment: row
        for account, row in zip(found.segments, again.segments, strict=True)
        if account.orders_something
    }
    regions = {one.segment: {ANY, *(leg.activity.region for leg in one.legs)} for one in found.segments}
    rules = scenario.rules
    if rules.better_customer_never_served_worse:
        yield from _worse_than_better(scenario, found, list(rows.values()), 0, "customers")
    if rules.better_item_never_served_worse:
        yield from _worse_than_better(scenario, found, list(rows.values()), 1, "items")
    if rules.one_channel_per_customer_class:
        yield from _many_channels(list(rows.values()))
    if rules.distinct_promises_at_most is not None:
        yield from _many_promises(list(rows.values()), rules.distinct_promises_at_most)
    for segment, row in rows.items():
        yield from _not_as_fixed(rules.fixed, row, regions[segment])
        yield from _forbidden(rules.forbidden, row, regions[segment])


def _worse_than_better(
    scenario: Scenario, found: Accounts, rows: list[SegmentPolicy], side: int, of_what: str
) -> Iterator[str]:
    """Along one side of the matrix: fill rate never higher, promised response never faster than a better
    class's.
    """
    classes = (scenario.segmentation.customers.classes, scenario.segmentation.items.classes)[side]
    rank = {name: at for at, name in enumerate(classes)}
    key = ("customer_class", "item_class")[side]
    lines: dict[tuple[str, str, str], list[SegmentPolicy]] = {}
    for row in rows:
        lines.setdefault(whole_line(_segment(row), side), []).append(row)
    for line in lines.values():
        line.sort(key=lambda row: rank[getattr(row, key)])
        for better, worse in pairwise(line):
            yield from _served_worse(scenario, found, better, worse, of_what)


def _served_worse(
    scenario: Scenario, found: Accounts, better: SegmentPolicy, worse: SegmentPolicy, of_what: str
) -> Iterator[str]:
    fill_rates = [promisable_fill_rate(scenario, found.stock[_segment(row)]) for row in (better, worse)]
    hours = [row.promised_response_hours for row in (better, worse)]
    both_order = better.pieces_per_year > 0 and worse.pieces_per_year > 0
    if both_order and fill_rates[1] > fill_rates[0] + KEPT:
        yield _worse(of_what, better, worse, [f"fill rate {fill_rate:.6g}" for fill_rate in fill_rates])
    if hours[1] < hours[0] * (1.0 - KEPT):
        yield _worse(of_what, better, worse, [f"{within:g} h" for within in hours])


def _worse(of_what: str, better: SegmentPolicy, worse: SegmentPolicy, get: list[str]) -> str:
    return (
        f"better {of_what} are served worse: {name_of(better)} gets {get[0]}, {name_of(worse)} gets {get[1]}."
    )


def _many_channels(rows: list[SegmentPolicy]) -> Iterator[str]:
    channels: dict[str, set[str]] = {}
    for row in rows:
        channels.setdefault(row.customer_class, set()).add(row.channel)
    for customer_class, used in channels.items():
        if len(used) > 1:
            names = ", ".join(sorted(used))
            yield f"customer class {customer_class} has {len(used)} channels, one is allowed: {names}."


def _many_promises(rows: list[SegmentPolicy], at_most: int) -> Iterator[str]:
    different = {(row.promised_fill_rate, row.promised_response_hours) for row in rows}
    if len(different) > at_most:
        yield f"{len(different)} different promises are made; {at_most} are allowed."


def _not_as_fixed(fixed: tuple[Choice, ...], row: SegmentPolicy, regions: set[str]) -> Iterator[str]:
    """Every means that a choice fixes for the segment must be the one that is used."""
    for choice in fixed:
        if _speaks_of(choice, row, regions):
            for means, name in _named(choice).items():
                if getattr(row, means) != name:
                    yield f"{name_of(row)}: {means} {name} is fixed, {getattr(row, means)} is used."


def _forbidden(forbidden: tuple[Choice, ...], row: SegmentPolicy, regions: set[str]) -> Iterator[str]:
    """No combination of means that a choice forbids may be used."""
    for choice in forbidden:
        named = _named(choice)
        used = all(getattr(row, means) == name for means, name in named.items())
        if named and used and _speaks_of(choice, row, regions):
            what = ", ".join(f"{means} {name}" for means, name in named.items())
            yield f"{name_of(row)}: {what} is forbidden."


def _speaks_of(choice: Choice, row: SegmentPolicy, regions: set[str]) -> bool:
    """Whether a choice is for the segment; one region of several that it covers is enough."""
    of_customer = choice.customer_class in (ANY, row.customer_class)
    return of_customer and choice.item_class in (ANY, row.item_class) and choice.region in regions


def _named(choice: Choice) -> Mapping[str, str]:
    return {means: name for means in MEANS if (name := getattr(choice, means)) is not None}


def _segment(row: SegmentPolicy) -> tuple[str, str, str]:
    return row.customer_class, row.item_class, row.region

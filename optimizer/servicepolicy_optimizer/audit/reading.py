"""Whether a policy can be read against its scenario at all: names, rows, shelves. All findings at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_models.means import StockPolicy
from servicepolicy_models.policy import ItemClassPolicy, Policy, SegmentPolicy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.matrix import ANY, Segment, activities, atoms_of
from servicepolicy_optimizer.audit.means_in_use import Named, called, lane_between, serving_location
from servicepolicy_optimizer.facts import Facts

Row = TypeVar("Row", str, Segment)

RULE = "audit.unreadable"
MEND = (
    "Hand in the policy as it was answered, with its item table, and the scenario and demand that it answers."
)


def unreadable(scenario: Scenario, facts: Facts, policy: Policy) -> tuple[Finding, ...]:
    """Everything that keeps the policy's figures from being recomputed; empty: they can be."""
    names = (*_names_of_classes(scenario, facts, policy), *_names_of_segments(scenario, facts, policy))
    if names:
        return names
    return (
        *_ways(scenario, facts, policy),
        *_items(scenario, facts, policy),
        *_critical_levels(facts, policy),
        *_order_quantities(policy),
    )


def _finding(where: str, what: str) -> Finding:
    return error(where, what, RULE, MEND)


def _names_of_classes(scenario: Scenario, facts: Facts, policy: Policy) -> Iterator[Finding]:
    """Every item class has one stocking option, of known means."""
    rows = [one.item_class for one in policy.item_classes]
    yield from _once(facts.item_classes, rows, "/item_classes", "item class")
    for at, option in enumerate(policy.item_classes):
        where = f"/item_classes/{at}"
        yield from _known(option.supply, scenario.supply, f"{where}/supply")
        yield from _known(option.deployment, scenario.deployments, f"{where}/deployment")


def _names_of_segments(scenario: Scenario, facts: Facts, policy: Policy) -> Iterator[Finding]:
    """Every segment of the matrix has one policy, of known means."""
    regions = facts.regions if scenario.segmentation.promise_by_region else (ANY,)
    matrix = [(i, j, r) for i in facts.customer_classes for j in facts.item_classes for r in regions]
    rows = [(one.customer_class, one.item_class, one.region) for one in policy.segments]
    yield from _once(matrix, rows, "/segments", "segment")
    for at, one in enumerate(policy.segments):
        where = f"/segments/{at}"
        yield from _known(one.channel, scenario.channels, f"{where}/channel")
        yield from _known(one.process, scenario.processes, f"{where}/process")
        yield from _known(one.mode, scenario.modes, f"{where}/mode")
        yield from _known(one.frequency, scenario.frequencies, f"{where}/frequency")
        yield from _known(one.deployment, scenario.deployments, f"{where}/deployment")


def _once(expected: Sequence[Row], found: Sequence[Row], where: str, kind: str) -> Iterator[Finding]:
    """Every row that must be there is there once, and no other."""
    counts = Counter(found)
    for name in expected:
        if counts[name] != 1:
            yield _finding(where, f"{kind} {name!r} has {counts[name]} rows; it must have one.")
    for name in sorted(set(counts) - set(expected)):
        yield _finding(where, f"{kind} {name!r} is not in the demand facts.")


def _known(name: str, things: Iterable[Named], where: str) -> Iterator[Finding]:
    known = [thing.name for thing in things]
    if name not in known:
        yield _finding(where, f"{name!r} is not in the scenario; known are {known}.")


def _ways(scenario: Scenario, facts: Facts, policy: Policy) -> Iterator[Finding]:
    """Every region with demand is served from a known location, by a lane of the segment's mode."""
    for at, one in enumerate(policy.segments):
        deployment = called(one.deployment, scenario.deployments)
        mode = called(one.mode, scenario.modes)
        for region in _regions_with_demand(facts, one):
            location = serving_location(deployment, region)
            if location is None:
                what = f"{deployment.name!r} serves {region!r} from nowhere."
                yield _finding(f"/segments/{at}/deployment", what)
                continue
            if lane_between(mode, location, region) is None:
                what = f"{mode.name!r} has no lane from {location!r} to {region!r}."
                yield _finding(f"/segments/{at}/mode", what)


def _regions_with_demand(facts: Facts, row: SegmentPolicy) -> tuple[str, ...]:
    segment = (row.customer_class, row.item_class, row.region)
    return tuple(one.region for one in activities(facts, segment) if one.orders_something)


def _items(scenario: Scenario, facts: Facts, policy: Policy) -> Iterator[Finding]:
    """Every item stands once on every shelf that is asked for it, and on no other."""
    asked = {
        (facts.items.items[item], option.item_class, location, shelf)
        for option in policy.item_classes
        for location, shelf, wanted in _shelves(scenario, facts, option)
        for item in np.flatnonzero(wanted)
    }
    found = Counter((one.item, one.item_class, one.location, one.shelf) for one in policy.items)
    if asked and not found:
        yield _finding(
            "/items", "the item table was left out; every cost and fill rate of stock follows from it."
        )
        return
    twice = {row for row, count in found.items() if count > 1}
    yield from _listed(asked - set(found), "{} of class {} has no row for its shelf {}/{}.")
    yield from _listed(set(found) - asked, "{} of class {}: nobody asks for it on shelf {}/{}.")
    yield from _listed(twice, "{} of class {} is there twice on shelf {}/{}.")


def _listed(rows: set[tuple[str, str, str, str]], sentence: str, at_most: int = 5) -> Iterator[Finding]:
    """The first few rows, each with its sentence, and how many more there are."""
    for row in sorted(rows)[:at_most]:
        yield _finding("/items", "item " + sentence.format(*map(repr, row)))
    if len(rows) > at_most:
        yield _finding("/items", f"{len(rows) - at_most} more: item " + sentence.format(*["..."] * 4))


def _shelves(
    scenario: Scenario, facts: Facts, option: ItemClassPolicy
) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Location, customer class (`*`: shared) and the items asked for, of every shelf of a stocking option."""
    deployment = called(option.deployment, scenario.deployments)
    of_class = facts.items.item_class == facts.item_classes.index(option.item_class)
    separate = option.stock_policy is StockPolicy.SEPARATE
    regions_at: dict[str, list[str]] = {}
    for region in facts.regions:
        if (location := serving_location(deployment, region)) is not None:
            regions_at.setdefault(location, []).append(region)
    for location, regions in regions_at.items():
        for shelf in facts.customer_classes if separate else (ANY,):
            demand = facts.items.pieces_per_day[:, atoms_of(facts, shelf, tuple(regions))].sum(axis=1)
            yield location, shelf, of_class & (demand > 0)


def _critical_levels(facts: Facts, policy: Policy) -> Iterator[Finding]:
    """Levels start at 0 for the best class and never fall; only rationed shelves have them."""
    rationed = {one.item_class for one in policy.item_classes if one.stock_policy is StockPolicy.RATIONED}
    for at, row in enumerate(policy.items):
        if not row.critical_level_pieces:
            continue
        levels = [row.critical_level_pieces.get(name, 0.0) for name in facts.customer_classes]
        where = f"/items/{at}/critical_level_pieces"
        if set(row.critical_level_pieces) - set(facts.customer_classes):
            yield _finding(where, f"names classes that do not exist: {sorted(row.critical_level_pieces)}.")
        elif row.item_class not in rationed and any(levels):
            yield _finding(where, f"item {row.item!r} has critical levels on a shelf that is not rationed.")
        elif levels != sorted(levels) or levels[0] != 0:
            yield _finding(where, f"levels {levels} of item {row.item!r} must start at 0 and never fall.")


def _order_quantities(policy: Policy) -> Iterator[Finding]:
    """No order takes goods away."""
    for at, row in enumerate(policy.items):
        if row.order_quantity_pieces < 0:
            what = f"{row.order_quantity_pieces:g} is negative."
            yield _finding(f"/items/{at}/order_quantity_pieces", what)

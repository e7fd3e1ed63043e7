"""Means that a policy uses although the scenario does not offer them so, in words with amounts."""

from collections.abc import Iterator

from servicepolicy_models.policy import ItemClassPolicy, Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.broken_promises import KEPT, name_of
from servicepolicy_optimizer.audit.judged_again import Accounts
from servicepolicy_optimizer.audit.means_in_use import called, runs_at
from servicepolicy_optimizer.audit.segment_account import SegmentAccount
from servicepolicy_optimizer.audit.shelf import Shelf
from servicepolicy_optimizer.facts import Facts


def broken_means(scenario: Scenario, facts: Facts, found: Accounts, again: Policy) -> Iterator[str]:
    """Class lists, processes at locations, agreed consolidation, stocking options, order quantities."""
    for account, row in zip(found.segments, again.segments, strict=True):
        if account.orders_something:
            for sentence in _not_for(account):
                yield f"{name_of(row)}: {sentence}"
    for option in again.item_classes:
        yield from _not_offered(scenario, option)
    for classes in found.classes.values():
        for one in classes.shelves:
            yield from _order_quantities(facts, one.shelf)


def _not_for(account: SegmentAccount) -> Iterator[str]:
    """Why a segment may not use what it uses."""
    customer_class, item_class, _ = account.segment
    means = account.means
    listed = (
        ("channel", means.channel.name, means.channel.customer_classes, customer_class),
        ("process", means.process.name, means.process.customer_classes, customer_class),
        ("process", means.process.name, means.process.item_classes, item_class),
        ("mode", means.mode.name, means.mode.customer_classes, customer_class),
        ("mode", means.mode.name, means.mode.item_classes, item_class),
    )
    for kind, name, classes, own in listed:
        if classes is not None and own not in classes:
            yield f"{kind} {name} is for classes {', '.join(classes)} only."
    for location in account.locations:
        if not runs_at(means.process, location):
            yield f"process {means.process.name} does not exist at {location}."
    if account.terms.consolidation is False and means.frequency.shipments_per_week is not None:
        yield f"orders must not be collected, yet they leave by frequency {means.frequency.name}."


def _not_offered(scenario: Scenario, option: ItemClassPolicy) -> Iterator[str]:
    """Why an item class may not be stocked as it is."""
    supply = called(option.supply, scenario.supply)
    deployment = called(option.deployment, scenario.deployments)
    for kind, name, classes in (
        ("supply option", supply.name, supply.item_classes),
        ("deployment", deployment.name, deployment.item_classes),
    ):
        if classes is not None and option.item_class not in classes:
            yield f"item class {option.item_class}: {kind} {name} is for classes {', '.join(classes)} only."
    if option.stock_policy not in scenario.stock_policies:
        yield f"item class {option.item_class}: stock policy {option.stock_policy.value} is not offered."


def _order_quantities(facts: Facts, shelf: Shelf) -> Iterator[str]:
    """Order quantities below the minimum order or off the multiple; Q = 0 orders what was demanded.

    Pieces are ordered whole, so a multiple of less than a piece asks for nothing.
    """
    supply = shelf.supply
    least, multiple = supply.minimum_order_pieces, supply.order_multiple_pieces
    for item, quantity in zip(shelf.items, shelf.order_quantity_pieces, strict=True):
        orders = f"item {facts.items.items[int(item)]} at {shelf.location.name}: orders {quantity:g} pieces"
        if 0 < quantity < least * (1.0 - KEPT):
            yield f"{orders}, {supply.name} takes {least:g} or more."
        parts = quantity / multiple if multiple >= 1 else 0.0
        if abs(parts - round(parts)) > KEPT * max(parts, 1.0):
            yield f"{orders}, not a multiple of {multiple:g}."

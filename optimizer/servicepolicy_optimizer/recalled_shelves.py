"""What the audit says of a shelf, kept by its decisions: most shelves of a what-if stay as they were.

A key holds the demand and all that was decided about the shelf, and shares nothing with the keys of what a
policy is made of: a wrong one of those still shows in the audit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from servicepolicy_optimizer.audit.shelf import Delivery, Shelf, delivery
from servicepolicy_optimizer.audit.waiting import ShelfWaits, shelf_waits
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.recall import Part, Recall, recalled

WAITS = ("days", "served_within", "mean_wait_days", "pieces_per_day")


def recalled_waits(recall: Recall, facts: Facts, shelf: Shelf, promised_hours: Iterable[float]) -> ShelfWaits:
    """What `shelf_waits` says of the shelf; asked where it is not known."""
    hours = sorted(promised_hours)

    def arrays() -> Mapping[str, Any]:
        made = shelf_waits(facts, shelf, hours, recalled_delivery(recall, facts, shelf).stocked)
        return {name: getattr(made, name) for name in WAITS}

    found = recalled(recall, "waits", lambda: (hours, *_decisions(facts, shelf)), arrays)
    return ShelfWaits(shelf, *(found[name] for name in WAITS))


def recalled_delivery(recall: Recall, facts: Facts, shelf: Shelf) -> Delivery:
    """What `delivery` says of the shelf; asked where it is not known."""

    def arrays() -> Mapping[str, Any]:
        made = delivery(facts, shelf)
        return {one.name: getattr(made, one.name) for one in fields(made)}

    def parts() -> tuple[Part, ...]:
        return (shelf.asks_cycle_service, *_decisions(facts, shelf))

    return Delivery(**recalled(recall, "delivery", parts, arrays))


def _decisions(facts: Facts, shelf: Shelf) -> tuple[Part, ...]:
    """The demand, who and what the shelf serves, its lead time and its decisions; no cost."""
    return (
        *(facts.sha256, shelf.item_class, shelf.customer_class, shelf.stock_policy.value, shelf.regions),
        *(shelf.lead_time_days, shelf.supply.lead_time_sd_days, shelf.supply.review_days),
        *(shelf.lost, shelf.asked_law),
        *(shelf.items, shelf.reorder_point_pieces, shelf.order_quantity_pieces, shelf.critical_level_pieces),
    )

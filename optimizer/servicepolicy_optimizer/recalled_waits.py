"""How the customers of a shelf wait, kept by its decisions: most of a what-if's shelves stay as they were."""

from collections.abc import Iterable, Mapping
from typing import Any

from servicepolicy_optimizer.audit.shelf import Shelf
from servicepolicy_optimizer.audit.waiting import ShelfWaits, shelf_waits
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.recall import Part, Recall, recalled

ARRAYS = ("days", "served_within", "mean_wait_days", "pieces_per_day")


def recalled_waits(recall: Recall, facts: Facts, shelf: Shelf, promised_hours: Iterable[float]) -> ShelfWaits:
    """What `shelf_waits` says of the shelf; asked where it is not known."""
    hours = sorted(promised_hours)

    def arrays() -> Mapping[str, Any]:
        made = shelf_waits(facts, shelf, hours)
        return {name: getattr(made, name) for name in ARRAYS}

    found = recalled(recall, "waits", lambda: (facts.sha256, hours, *_of_shelf(shelf)), arrays)
    return ShelfWaits(shelf, *(found[name] for name in ARRAYS))


def _of_shelf(shelf: Shelf) -> tuple[Part, ...]:
    """All but its rows in the policy's table."""
    return (
        *(shelf.item_class, shelf.customer_class, shelf.stock_policy.value, shelf.regions),
        *(shelf.supply.model_dump_json(), shelf.location.model_dump_json(), shelf.lost, shelf.asked_law),
        *(shelf.items, shelf.reorder_point_pieces, shelf.order_quantity_pieces, shelf.critical_level_pieces),
    )

"""The stock: by item class, and item by item as an ERP system takes it."""

from servicepolicy_api.export.sheet import Holds, Sheet
from servicepolicy_models.cost import COST_PARTS
from servicepolicy_models.policy import ItemClassPolicy, ItemPolicy, Policy

STOCK_VALUES = ("cycle", "safety", "reserve", "pipeline", "total")
ITEM_TEXTS = ("item", "item_class", "location", "shelf", "supply", "distribution")
ITEM_AMOUNTS = (
    ("review_days", Holds.AMOUNT),
    ("reorder_point_pieces", Holds.AMOUNT),
    ("order_quantity_pieces", Holds.AMOUNT),
    ("safety_stock_pieces", Holds.AMOUNT),
    ("on_hand_pieces", Holds.AMOUNT),
    ("demand_pieces_per_year", Holds.AMOUNT),
)


def item_classes_sheet(policy: Policy) -> Sheet:
    """One row an item class."""
    columns = (
        *((name, Holds.TEXT) for name in ("item_class", "supply", "deployment", "stock_policy")),
        ("items", Holds.COUNT),
        *((f"stock_value_{name}", Holds.MONEY) for name in STOCK_VALUES),
        ("storage_m3", Holds.AMOUNT),
        ("replenishment_orders_per_year", Holds.COUNT),
        *((f"cost_{part}", Holds.MONEY) for part in COST_PARTS),
    )
    return Sheet("Item classes", columns, [_item_class_row(one) for one in policy.item_classes])


def _item_class_row(one: ItemClassPolicy) -> tuple[str | float, ...]:
    return (
        *(one.item_class, one.supply, one.deployment, one.stock_policy.value),
        one.items,
        *(getattr(one.stock_value, name) for name in STOCK_VALUES),
        one.storage_m3,
        one.replenishment_orders_per_year,
        *(getattr(one.cost, part) for part in COST_PARTS),
    )


def items_sheet(policy: Policy) -> Sheet:
    """One row an item on a shelf, with every customer class's fill rate and, if rationed, critical level."""
    classes = tuple(dict.fromkeys(name for one in policy.items for name in one.unit_fill_rate))
    columns = (
        *((name, Holds.TEXT) for name in ITEM_TEXTS),
        *ITEM_AMOUNTS,
        *((f"unit_fill_rate_{name}", Holds.SHARE) for name in classes),
        *((f"critical_level_pieces_{name}", Holds.AMOUNT) for name in classes),
    )
    return Sheet("Items", columns, [_item_row(one, classes) for one in policy.items])


def _item_row(one: ItemPolicy, classes: tuple[str, ...]) -> tuple[str | float | None, ...]:
    return (
        *(getattr(one, name) for name in ITEM_TEXTS),
        *(getattr(one, name) for name, _ in ITEM_AMOUNTS),
        *(one.unit_fill_rate.get(name) for name in classes),
        *(one.critical_level_pieces.get(name) for name in classes),
    )

"""The stock: by item class, and item by item as an ERP system takes it."""

from servicepolicy_api.export.sheet import Cell, Holds, Sheet, held_by
from servicepolicy_models.cost import COST_PARTS
from servicepolicy_models.policy import ItemClassPolicy, ItemPolicy, Policy, StockValue

STOCK_VALUES = (*StockValue.model_fields, "total")
CLASS_FIELDS = tuple(name for name in ItemClassPolicy.model_fields if name not in ("stock_value", "cost"))
BY_CUSTOMER_CLASS = ("unit_fill_rate", "mean_wait_days", "critical_level_pieces")
ITEM_FIELDS = tuple(name for name in ItemPolicy.model_fields if name not in BY_CUSTOMER_CLASS)


def item_classes_sheet(policy: Policy) -> Sheet:
    """One row an item class; stock value and cost spread out."""
    columns = (
        *((name, held_by(ItemClassPolicy, name)) for name in CLASS_FIELDS),
        *((f"stock_value_{name}", Holds.MONEY) for name in STOCK_VALUES),
        *((f"cost_{part}", Holds.MONEY) for part in COST_PARTS),
    )
    return Sheet("Item classes", columns, [_item_class_row(one) for one in policy.item_classes])


def _item_class_row(one: ItemClassPolicy) -> tuple[Cell, ...]:
    return (
        *(getattr(one, name) for name in CLASS_FIELDS),
        *(getattr(one.stock_value, name) for name in STOCK_VALUES),
        *(getattr(one.cost, part) for part in COST_PARTS),
    )


def items_sheet(policy: Policy) -> Sheet:
    """One row an item on a shelf, with every customer class's fill rate and, if rationed, critical level."""
    classes = tuple(dict.fromkeys(name for one in policy.items for name in one.unit_fill_rate))
    columns = (
        *((name, held_by(ItemPolicy, name)) for name in ITEM_FIELDS),
        *((f"unit_fill_rate_{name}", Holds.SHARE) for name in classes),
        *((f"mean_wait_days_{name}", Holds.AMOUNT) for name in classes),
        *((f"critical_level_pieces_{name}", Holds.AMOUNT) for name in classes),
    )
    return Sheet("Items", columns, [_item_row(one, classes) for one in policy.items])


def _item_row(one: ItemPolicy, classes: tuple[str, ...]) -> tuple[Cell, ...]:
    return (
        *(getattr(one, name) for name in ITEM_FIELDS),
        *(one.unit_fill_rate.get(name) for name in classes),
        *(one.mean_wait_days.get(name) for name in classes),
        *(one.critical_level_pieces.get(name) for name in classes),
    )

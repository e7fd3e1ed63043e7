"""Item parameters as ERP systems import them: Odoo's reordering rules and ERPNext's reorder levels."""

import hashlib
from collections.abc import Callable, Mapping
from enum import StrEnum
from math import floor

from servicepolicy_api.export.sheet import Cell, Holds, Sheet
from servicepolicy_api.export.stock_sheets import items_sheet
from servicepolicy_models.policy import ItemPolicy, Policy

SHARED = "*"


class ErpForm(StrEnum):
    """For which system item parameters are written."""

    PLAIN = "plain"
    """Every column of the item table."""
    ODOO = "odoo"
    """`stock.warehouse.orderpoint`, Odoo 14 to 18: Inventory, Reordering Rules, Import records."""
    ERPNEXT = "erpnext"
    """Doctype `Item`, child table `Item Reorder`: Data Import, Update Existing Records."""


def odoo_orderpoints(policy: Policy) -> Sheet:
    """One rule an item and shelf; what the reorder point r and the order quantity Q say, Odoo does.

    Odoo orders when the forecast lies below the minimum, up to the larger of minimum and maximum, rounded up
    to the multiple (`_compute_qty_to_order`; Odoo 18 rounds down where there is a maximum). With minimum =
    r + 1, no maximum and the multiple Q that is: at r or below, as many Q as lift the position above r.
    Reserves have no place in Odoo, and Odoo 19 knows no multiple.
    """
    columns = (
        ("id", Holds.TEXT),
        ("product_id", Holds.TEXT),
        ("location_id", Holds.TEXT),
        ("product_min_qty", Holds.AMOUNT),
        ("product_max_qty", Holds.AMOUNT),
        ("qty_multiple", Holds.AMOUNT),
        ("trigger", Holds.TEXT),
    )
    return Sheet("stock.warehouse.orderpoint", columns, [_orderpoint(one) for one in policy.items])


def erpnext_items(policy: Policy) -> Sheet:
    """One row an item and shelf, its item named in the first row only, as Data Import reads a child table.

    ERPNext orders at the level or below it (`reorder_item`): the quantity, or what is missing if more.
    """
    columns = (
        ("ID", Holds.TEXT),
        ("reorder_levels.warehouse", Holds.TEXT),
        ("reorder_levels.warehouse_reorder_level", Holds.AMOUNT),
        ("reorder_levels.warehouse_reorder_qty", Holds.AMOUNT),
        ("reorder_levels.material_request_type", Holds.TEXT),
    )
    rows: list[tuple[Cell, ...]] = []
    before = None
    for one in sorted(policy.items, key=lambda row: (row.item, row.location, row.shelf)):
        name = one.item if one.item != before else None
        rows.append((name, _place(one), one.reorder_point_pieces, one.order_quantity_pieces, "Purchase"))
        before = one.item
    return Sheet("Item", columns, rows)


SHEET_OF: Mapping[ErpForm, Callable[[Policy], Sheet]] = {
    ErpForm.PLAIN: items_sheet,
    ErpForm.ODOO: odoo_orderpoints,
    ErpForm.ERPNEXT: erpnext_items,
}


def _orderpoint(one: ItemPolicy) -> tuple[Cell, ...]:
    """The external id makes a second import change the first one's rules instead of adding to them."""
    known_as = hashlib.sha256(f"{one.item}\n{one.location}\n{one.shelf}".encode()).hexdigest()[:16]
    least = floor(one.reorder_point_pieces) + 1
    place = f"{one.location}/Stock" if one.shelf == SHARED else f"{one.location}/Stock/{one.shelf}"
    return (
        f"servicepolicy.orderpoint_{known_as}",
        one.item,
        place,
        least,
        0,
        one.order_quantity_pieces,
        "auto",
    )


def _place(one: ItemPolicy) -> str:
    return one.location if one.shelf == SHARED else f"{one.location} - {one.shelf}"

"""The items of a segment: what the ERP system needs, and from when on this class waits."""

from typing import Any

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.item_pages import ItemPage, ItemsAsked
from servicepolicy_api.page import addresses
from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.doing import lead_to
from servicepolicy_api.page.parts.fields import TextField
from servicepolicy_api.page.parts.prose import prose
from servicepolicy_api.page.parts.table import Cell, Column, table
from servicepolicy_api.show.amounts import NONE, share

STEP = Markup('<a class="sp-button" href="{}">{}</a> ')
PLENTY = 100
"""From so many pieces on nobody reads a decimal."""
TURNING = Markup('<nav class="sp-turning" aria-label="{0}"><span>{0}</span> {1}</nav>')


def draw_items(here: Here, run_id: str, region: str, asked: ItemsAsked, found: ItemPage) -> None:
    """Draw a page of items, the field to find one, and the ways to other pages."""
    words = here.words.segment

    def at(**more: object) -> str:
        return addresses.segment(run_id, asked.customer_class, asked.item_class, region, **more)

    with ui.element("div").classes("sp-form"):
        TextField(
            words.find,
            asked.find,
            lambda text: lead_to(at(find=text.strip() or None)),
            words.find_hint,
        )
    if not found.rows:
        prose(words.no_items, is_soft=True)
        return
    columns = (
        Column(words.item), Column(words.location), Column(words.demand, True), Column(words.reorder, True),
        Column(words.quantity, True), Column(words.reserve, True), Column(words.safety, True),
        Column(words.on_hand, True), Column(words.fill, True),
    )  # fmt: skip
    rows = [_row(row, asked.customer_class) for row in found.rows]
    table(words.items.format(n=f"{found.count:,}"), columns, rows, is_wide=True, is_caption_shown=False)
    last = found.first + len(found.rows) - 1
    steps = Markup("")
    if found.first > 1:
        steps += STEP.format(at(find=asked.find or None, page=asked.page - 1), words.before)
    if last < found.count:
        steps += STEP.format(at(find=asked.find or None, page=asked.page + 1), words.after)
    told = words.page.format(first=f"{found.first:,}", last=f"{last:,}", n=f"{found.count:,}")
    ui.html(TURNING.format(told, steps), sanitize=False)


def _row(row: dict[str, Any], customer_class: str) -> list[Cell]:
    reserve = row["critical_level_pieces"].get(customer_class)
    fill = row["unit_fill_rate"].get(customer_class)
    return [
        row["item"],
        row["location"],
        f"{row['demand_pieces_per_year']:,.0f}",
        *(_pieces(row[name]) for name in ("reorder_point_pieces", "order_quantity_pieces")),
        NONE if reserve is None else _pieces(reserve),
        *(_pieces(row[name], 1) for name in ("safety_stock_pieces", "on_hand_pieces")),
        share(fill),
    ]


def _pieces(amount: float, digits: int = 0) -> str:
    return f"{amount:,.0f}" if amount >= PLENTY or not digits else f"{amount:,.{digits}f}"

"""Order lines whose reading is told completely: columns, tables, days, patterns, worth."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.segmentation import Measure


def order_lines_can_be_read(scenario: Scenario) -> Iterator[Finding]:
    """Whatever the segmentation and the costs need of the order lines has a column, a table or a default."""
    demand = scenario.demand
    if scenario.segmentation.customers.measure is Measure.DEMAND_PER_HOLDING_COST:
        what = "Customers are not held in stock; this measure ranks items."
        mend = "Rank customers by revenue, margin, pieces or lines."
        yield error("/segmentation/customers/measure", what, "measure.items_only", mend)
    if isinstance(demand, OrderLines):
        yield from _columns(demand)
        yield from _tables(demand)
        yield from _days(demand)
        yield from _patterns(demand)
        yield from _given_classes(scenario, demand)
        yield from _regions(scenario, demand)
        yield from _worth(scenario, demand)


def _columns(demand: OrderLines) -> Iterator[Finding]:
    """One column of the file answers to one field."""
    fields: dict[str, list[str]] = defaultdict(list)
    for field, column in demand.columns:
        if column is not None:
            fields[column].append(field)
    for column, named in fields.items():
        for field in named[1:]:
            what = f'The column "{column}" is already read as {named[0]}.'
            where = f"/demand/columns/{field}"
            yield error(where, what, "columns.repeated", "Name the column that holds it.")


def _tables(demand: OrderLines) -> Iterator[Finding]:
    """A table that is named comes with its columns."""
    for table, columns in (("item_table", "item_columns"), ("customer_table", "customer_columns")):
        if getattr(demand, table) is not None and getattr(demand, columns) is None:
            what = f"The {table} is named, but not which column holds what."
            yield error(f"/demand/{table}", what, "table.no_columns", f"Add /demand/{columns}.")


def _days(demand: OrderLines) -> Iterator[Finding]:
    """The first and the last day used are dates, in this order."""
    days = {}
    for field in ("history_from", "history_to"):
        text = getattr(demand, field)
        try:
            days[field] = date.fromisoformat(text) if text is not None else None
        except ValueError:
            what = f'"{text}" is not a day.'
            yield error(f"/demand/{field}", what, "history.not_a_day", "Write it like 2011-11-30.")
    first, last = days.get("history_from"), days.get("history_to")
    if first and last and first > last:
        what = f"The history ends on {last}, before it begins on {first}."
        yield error("/demand/history_to", what, "history.backwards", "Swap them, or leave one out.")


def _patterns(demand: OrderLines) -> Iterator[Finding]:
    """The patterns of the cleaning rules are regular expressions."""
    for field in ("cancellation_order_pattern", "non_product_pattern"):
        try:
            re.compile(getattr(demand.cleaning, field) or "")
        except (re.error, OverflowError, RecursionError) as wrong:
            where = f"/demand/cleaning/{field}"
            what = f"The pattern is not a regular expression: {wrong}."
            yield error(where, what, "pattern.unreadable", "Escape its special characters with a backslash.")


def _given_classes(scenario: Scenario, demand: OrderLines) -> Iterator[Finding]:
    """Classes that are given are given somewhere."""
    segmentation = scenario.segmentation
    item_class = demand.item_columns.item_class if demand.item_columns else None
    customer_class = demand.customer_columns.customer_class if demand.customer_columns else None
    for side, column, classification, field in (
        ("items", item_class, segmentation.items, "item_columns/item_class"),
        ("customers", customer_class, segmentation.customers, "customer_columns/customer_class"),
    ):
        if classification.measure is Measure.GIVEN and column is None:
            what = f"The classes of the {side} are given, but no column of a table holds them."
            mend = f"Add /demand/{field}, or choose another measure."
            yield error(f"/segmentation/{side}/measure", what, "classes.not_given", mend)


def _regions(scenario: Scenario, demand: OrderLines) -> Iterator[Finding]:
    """Every region can be told from a column."""
    regions = scenario.segmentation.regions
    by_customer = demand.customer_columns is not None and demand.customer_columns.region is not None
    if demand.columns.region is None and not by_customer and len(regions) > 1:
        what = f"{len(regions)} regions are told apart by no column."
        mend = "Name the region column under /demand/columns/region or /demand/customer_columns/region."
        yield error("/segmentation/regions", what, "regions.no_column", mend)
    for position, region in enumerate(regions):
        if not region.values:
            where = f"/segmentation/regions/{position}/values"
            what = f'No value of the region column belongs to "{region.name}".'
            mend = 'List its values, or "*" for those that no other region names.'
            yield error(where, what, "regions.no_values", mend)


def _worth(scenario: Scenario, demand: OrderLines) -> Iterator[Finding]:
    """What a piece costs is known from a column, a table, or a default."""
    defaults, table = scenario.items, demand.item_columns
    priced = demand.columns.price or (table and table.unit_price) or defaults.unit_price
    if defaults.unit_cost_share_of_price is not None and not priced:
        what = "The unit cost is a share of a price that no column, table or default gives."
        mend = "Name /demand/columns/price, or give /items/unit_price."
        yield error("/items/unit_cost_share_of_price", what, "items.no_price", mend)
    in_data = demand.columns.unit_cost or (table and table.unit_cost)
    if not in_data and defaults.unit_cost is None and defaults.unit_cost_share_of_price is None:
        what = "What a piece costs is told by no column, no item table and no default."
        mend = "Name a unit_cost column, or give /items/unit_cost_share_of_price or /items/unit_cost."
        yield error("/items", what, "items.no_unit_cost", mend)

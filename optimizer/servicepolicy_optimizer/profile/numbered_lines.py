"""All lines of a file as a table of numbers: written once, and read by whatever is counted or added up."""

from datetime import date

from servicepolicy_optimizer.intake.order_lines import OrderTable
from servicepolicy_optimizer.profile.codes import Codes

OPTIONAL = ("price", "unit_cost", "line_weight_kg")
"""Amounts that a file need not have."""


def numbered_lines(netted: str, known: Codes, first_day: date, table: OrderTable) -> str:
    """A view (row, order_number, step, spelling, item, customer, place, wording, day, pieces, left_pieces,
    price, unit_cost, line_weight_kg) of all lines, with NULL for what the file does not have.

    `netted` are the judged lines with the `step` that takes them.
    """
    desk = table.desk
    customer, joins = _customer(known, table)
    columns = {"place": "NULL::INTEGER", "wording": "NULL::INTEGER"}
    if known.regions is not None:
        columns["place"] = "places.place"
        joins.append(f"LEFT JOIN {known.regions} AS places ON places.region = sale.region")
    if known.descriptions is not None:
        columns["wording"] = "wordings.wording"
        joins.append(f"LEFT JOIN {known.descriptions} AS wordings ON wordings.description = sale.description")
    had = [f"{value} AS {name}" for name, value in columns.items() if "NULL" not in value]
    had += [f"sale.{name}" for name in OPTIONAL if table.has(name)]
    absent = [f"CAST(NULL AS INTEGER) AS {name}" for name, value in columns.items() if "NULL" in value]
    absent += [f"CAST(NULL AS DOUBLE) AS {name}" for name in OPTIONAL if not table.has(name)]
    stored, lines = desk.fresh("stored_line"), desk.fresh("numbered")
    desk.connection.execute(
        f"""
        CREATE TABLE {stored} AS
        SELECT sale.row, sale.order_number, sale.step, spelt.spelling, spelt.item, {customer} AS customer,
            date_diff('day', DATE '{first_day}', CAST(sale.ordered_at AS DATE)) AS day,
            sale.pieces, sale.left_pieces{"".join(f", {one}" for one in had)}
        FROM {netted} AS sale
        JOIN {known.spellings} AS spelt ON spelt.recorded_item = sale.recorded_item
        {" ".join(joins)}
        """
    )
    desk.connection.execute(
        f"CREATE VIEW {lines} AS SELECT *{''.join(f', {one}' for one in absent)} FROM {stored}"
    )
    return lines


def _customer(known: Codes, table: OrderTable) -> tuple[str, list[str]]:
    """The SQL of a sale's customer, and the joins that it needs: by the customer's code, and where some sales
    have none, by the order that stands for one.
    """
    joins, found = [], []
    if table.has("customer"):
        joins.append(f"LEFT JOIN {known.customers} AS named ON named.code = sale.customer")
        found.append("named.customer")
    if known.some_without_code:
        order = "CASE WHEN sale.customer IS NULL THEN sale.order_number END"
        joins.append(
            f"LEFT JOIN (SELECT customer, order_number FROM {known.customers} WHERE code IS NULL) AS single "
            f"ON single.order_number = {order if table.has('customer') else 'sale.order_number'}"
        )
        found.append("single.customer")
    return (f"coalesce({', '.join(found)})" if len(found) > 1 else found[0]), joins

"""The profile customer by customer and item by item, as tables with a declared schema, for export.

This module alone imports pandas and pandera, which take seconds to load: import it where tables are wanted.
"""

from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.profile.history import history
from servicepolicy_optimizer.profile.item_demand import period_sums
from servicepolicy_optimizer.profile.patterns import (
    PATTERNS,
    VARIABILITIES,
    ItemPeriods,
    item_periods,
    pattern_of,
    variability_of,
)
from servicepolicy_optimizer.profile.placement import Placement
from servicepolicy_optimizer.profile.sums import exact_sum


def _count() -> pa.Column:
    return pa.Column("int64", pa.Check.ge(0))


def _amount(least: float | None = 0.0, nullable: bool = False) -> pa.Column:
    return pa.Column("float64", None if least is None else pa.Check.ge(least), nullable=nullable)


_ACTIVITY = {
    "lines": _count(),
    "pieces": _amount(),
    "revenue": _amount(least=None),
    "margin": _amount(least=None),
    "first_day": pa.Column("datetime64[us]"),
    "last_day": pa.Column("datetime64[us]"),
}

CUSTOMER_ROWS = pa.DataFrameSchema(
    {
        "customer": pa.Column("str", nullable=True),
        "order_number": pa.Column("str", nullable=True),
        "customer_class": pa.Column("str"),
        "orders": _count(),
        "items": _count(),
        **_ACTIVITY,
    },
    strict=True,
    ordered=True,
)
"""One row for each customer, the highest revenue first; one without a number has that of its order
instead.
"""

ITEM_ROWS = pa.DataFrameSchema(
    {
        "item": pa.Column("str", unique=True),
        "description": pa.Column("str", nullable=True),
        "item_class": pa.Column("str"),
        "unit_cost": _amount(),
        "unit_price": _amount(least=None),
        "customers": _count(),
        **_ACTIVITY,
        "filled_periods": _count(),
        "interval_periods": _amount(nullable=True),
        "size_variation": _amount(nullable=True),
        "period_variation": _amount(nullable=True),
        "pattern": pa.Column("str", pa.Check.isin([one.value for one in PATTERNS]), nullable=True),
        "variability": pa.Column("str", pa.Check.isin([one.value for one in VARIABILITIES]), nullable=True),
    },
    strict=True,
    ordered=True,
)
"""One row for each item with demand, the highest revenue first. `interval_periods` is the mean number of
periods from one with demand to the next [ADI], `size_variation` the squared variation of their demand [CV²],
`period_variation` the coefficient of variation of all periods' demand; all missing with fewer than two whole
periods.
"""


def customer_rows(scenario: Scenario, placement: Placement) -> pd.DataFrame:
    """The customer sales activity profile, customer by customer, in the schema CUSTOMER_ROWS."""
    first_day = placement.cleaned.first_day
    names = list(scenario.segmentation.customers.classes)
    frame = placement.cleaned.desk.connection.execute(
        f"""
        SELECT customers.code AS customer, customers.order_number, list_extract($names, class + 1) AS
            customer_class,
            count(DISTINCT placed.order_number) AS orders, count(DISTINCT placed.item) AS items,
                {_activity(first_day)}
        FROM {placement.placed} AS placed
        JOIN {placement.cleaned.customers} AS customers USING (customer)
        JOIN {placement.customer_class} AS of_customer ON of_customer.number = placed.customer
        GROUP BY ALL ORDER BY revenue DESC, customer, customers.order_number
        """,
        {"names": names},
    ).df()
    return _checked(frame, CUSTOMER_ROWS)


def item_rows(scenario: Scenario, placement: Placement, source: OrderLines) -> pd.DataFrame:
    """The item sales activity profile, item by item, in the schema ITEM_ROWS."""
    first_day = placement.cleaned.first_day
    frame = placement.cleaned.desk.connection.execute(
        f"""
        SELECT placed.item AS number, items.code AS item, items.description, list_extract($names, class + 1)
            AS item_class,
            worth.unit_cost, worth.unit_price, count(DISTINCT placed.customer) AS customers,
                {_activity(first_day)}
        FROM {placement.placed} AS placed
        JOIN {placement.cleaned.items} AS items USING (item)
        JOIN {placement.worth} AS worth USING (item)
        JOIN {placement.item_class} AS of_item ON of_item.number = placed.item
        GROUP BY ALL ORDER BY revenue DESC, items.code
        """,
        {"names": list(scenario.segmentation.items.classes)},
    ).df()
    span = history(placement.cleaned, source)
    periods = item_periods(period_sums(placement.cleaned, span), placement, span, len(frame))
    number = frame.pop("number").to_numpy()
    return _checked(frame.assign(**_pattern_columns(periods, number)), ITEM_ROWS)


def _activity(first_day: Any) -> str:
    return (
        f"count(*) AS lines, {exact_sum('placed.pieces')} AS pieces, "
        f"{exact_sum('placed.revenue')} AS revenue, "
        f"{exact_sum('placed.revenue - placed.cost')} AS margin, "
        f"CAST(DATE '{first_day}' + min(CAST(day AS INTEGER)) AS TIMESTAMP) AS first_day, "
        f"CAST(DATE '{first_day}' + max(CAST(day AS INTEGER)) AS TIMESTAMP) AS last_day"
    )


def _pattern_columns(found: ItemPeriods, number: Any) -> dict[str, Any]:
    """Pattern figures of the items in the order of `number`."""
    if found.periods < 2:
        nothing = np.full(len(number), np.nan)
        names = ("interval_periods", "size_variation", "period_variation")
        blank = {name: nothing for name in names} | {
            name: [None] * len(number) for name in ("pattern", "variability")
        }
        return {"filled_periods": found.filled_periods[number], **blank}
    interval = np.where(np.isfinite(found.interval_periods), found.interval_periods, np.nan)
    return {
        "filled_periods": found.filled_periods[number],
        "interval_periods": interval[number],
        "size_variation": found.size_variation[number],
        "period_variation": found.period_variation[number],
        "pattern": [PATTERNS[code].value for code in pattern_of(found)[number]],
        "variability": [VARIABILITIES[code].value for code in variability_of(found)[number]],
    }


def _checked(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """The frame in the schema's types and order; an error here is the program's fault, not the data's."""
    texts = {name: "str" for name, column in schema.columns.items() if str(column.dtype) == "str"}
    return schema.validate(frame.astype(texts)[list(schema.columns)])

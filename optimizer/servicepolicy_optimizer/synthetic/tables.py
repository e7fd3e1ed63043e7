"""The two tables of the synthetic wholesaler, as scenarios/synthetic-wholesaler/scenario.json reads them."""

import pandera.pandas as pa

ORDER_LINES = pa.DataFrameSchema(
    {
        "order_no": pa.Column(str),
        "customer_no": pa.Column(str, nullable=True),
        "region": pa.Column(str, pa.Check.isin(["North", "South"])),
        "order_date": pa.Column("datetime64[us]"),
        "item_no": pa.Column(str),
        "description": pa.Column(str, pa.Check.str_contains("ynthetic")),
        "quantity_pieces": pa.Column(int),
        "unit_price_eur": pa.Column(float, pa.Check.ge(0)),
    },
    strict=True,
    ordered=True,
)
"""One row an order line. Quantities below 0 are returns; a missing customer is a cash sale."""

ITEMS = pa.DataFrameSchema(
    {
        "item_no": pa.Column(str, unique=True),
        "description": pa.Column(str, pa.Check.str_contains("ynthetic")),
        "unit_cost_eur": pa.Column(float, pa.Check.gt(0)),
        "list_price_eur": pa.Column(float, pa.Check.gt(0)),
        "unit_weight_kg": pa.Column(float, pa.Check.gt(0)),
        "unit_volume_m3": pa.Column(float, pa.Check.gt(0)),
    },
    strict=True,
    ordered=True,
)
"""One row an item."""

"""The stock of every item class."""

from rich.table import Table

from servicepolicy_api.show.amounts import money
from servicepolicy_api.show.screen import titled
from servicepolicy_models.policy import Policy


def stock(policy: Policy) -> Table:
    """How each item class is supplied, where it is held, how classes share it, and what lies there."""
    numbers = ("items", "cycle", "safety", "reserve", "pipeline", "orders a year")
    table = titled(
        f"Stock by item class, value in {policy.currency}",
        *("items of class", "supply", "deployment", "shelf"), *numbers,
        numbers=numbers,
    )  # fmt: skip
    for one in policy.item_classes:
        value = one.stock_value
        table.add_row(
            one.item_class,
            one.supply,
            one.deployment,
            one.stock_policy.value,
            f"{one.items:,}",
            money(value.cycle),
            money(value.safety),
            money(value.reserve),
            money(value.pipeline),
            money(one.replenishment_orders_per_year),
        )
    return table

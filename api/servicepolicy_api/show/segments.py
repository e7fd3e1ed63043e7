"""The segments in numbers."""

from rich.table import Table

from servicepolicy_api.show.amounts import hours, money, promise, share
from servicepolicy_api.show.screen import titled
from servicepolicy_models.policy import Policy


def segments(policy: Policy) -> Table:
    """What each segment orders, gets, and costs a year."""
    by_region = any(segment.region != "*" for segment in policy.segments)
    numbers = ("asked", "promised", "planned", "within", "on time", "OTIF", "lines", "cost", "one point more")
    table = titled("Segments", "segment", "stock", *numbers, numbers=numbers)
    for one in policy.segments:
        name = f"{one.customer_class}-{one.item_class}" + (f" {one.region}" if by_region else "")
        table.add_row(
            name,
            one.stock_policy.value,
            promise(one.target_fill_rate),
            promise(one.promised_fill_rate),
            share(one.planned_fill_rate, 2),
            hours(one.promised_response_hours),
            share(one.on_time_probability),
            share(one.otif),
            money(one.lines_per_year),
            money(one.cost.objective),
            money(one.marginal_cost_of_one_point),
        )
    return table

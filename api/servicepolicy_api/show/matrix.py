"""The customer-item matrix: what each segment is promised, and the way it is served."""

from rich import box
from rich.table import Table

from servicepolicy_api.show.amounts import hours, promise
from servicepolicy_api.show.screen import titled
from servicepolicy_models.policy import Policy, SegmentPolicy

MOST_COLUMNS = 5
"""Item classes side by side."""


def matrices(policy: Policy) -> list[Table]:
    """One table for every region with promises of its own."""
    regions = dict.fromkeys(segment.region for segment in policy.segments)
    return [_matrix(policy, region) for region in regions]


def _matrix(policy: Policy, region: str) -> Table:
    segments = (one for one in policy.segments if one.region == region)
    here = {(one.customer_class, one.item_class): one for one in segments}
    customer_classes = list(dict.fromkeys(customer_class for customer_class, _ in here))
    item_classes = list(dict.fromkeys(item_class for _, item_class in here))
    where = "" if region == "*" else f", {region}"
    title = f"Promises: fill rate and response time{where}"
    if len(item_classes) > MOST_COLUMNS:
        # More item classes than fit side by side: turned, they run down the page.
        table = titled(title, "items", *(f"customers {one}" for one in customer_classes))
        rows = [(j, [(i, j) for i in customer_classes]) for j in item_classes]
    else:
        table = titled(title, "customers", *(f"items {one}" for one in item_classes))
        rows = [(i, [(i, j) for j in item_classes]) for i in customer_classes]
    table.box, table.show_lines = box.SQUARE, True
    for name, cells in rows:
        table.add_row(name, *(_cell(here.get(cell)) for cell in cells))
    return table


def _cell(segment: SegmentPolicy | None) -> str:
    if segment is None:
        return ""
    way = f"{segment.channel} / {segment.process} / {segment.mode}, {segment.frequency}"
    return f"{promise(segment.promised_fill_rate)} within {hours(segment.promised_response_hours)}\n{way}"

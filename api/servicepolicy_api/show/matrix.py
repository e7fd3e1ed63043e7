"""The customer-item matrix: what each segment is promised, and the way it is served."""

from rich import box
from rich.table import Table

from servicepolicy_api.show.amounts import hours, promise
from servicepolicy_api.show.screen import titled
from servicepolicy_models.policy import Policy, SegmentPolicy


def matrices(policy: Policy) -> list[Table]:
    """One table for every region with promises of its own."""
    regions = dict.fromkeys(segment.region for segment in policy.segments)
    return [_matrix(policy, region) for region in regions]


def _matrix(policy: Policy, region: str) -> Table:
    segments = (one for one in policy.segments if one.region == region)
    here = {(one.customer_class, one.item_class): one for one in segments}
    customer_classes = dict.fromkeys(customer_class for customer_class, _ in here)
    item_classes = dict.fromkeys(item_class for _, item_class in here)
    where = "" if region == "*" else f", {region}"
    heads = (f"items {one}" for one in item_classes)
    table = titled(f"Promises: fill rate and response time{where}", "customers", *heads)
    table.box, table.show_lines = box.SQUARE, True
    for customer_class in customer_classes:
        cells = (here.get((customer_class, item_class)) for item_class in item_classes)
        table.add_row(customer_class, *(_cell(cell) for cell in cells))
    return table


def _cell(segment: SegmentPolicy | None) -> str:
    if segment is None:
        return ""
    way = f"{segment.channel} / {segment.process} / {segment.mode}, {segment.frequency}"
    return f"{promise(segment.promised_fill_rate)} within {hours(segment.promised_response_hours)}\n{way}"

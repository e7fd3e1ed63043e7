"""The segments: as a table, and as the matrix of customers and items."""

from servicepolicy_api.export.sheet import Holds, Sheet
from servicepolicy_models.cost import COST_PARTS
from servicepolicy_models.policy import Policy, SegmentPolicy, SegmentTerms

TEXTS = ("customer_class", "item_class", "region")
MEANS = ("channel", "process", "mode", "frequency", "supply", "deployment")
AMOUNTS = (
    ("target_fill_rate", Holds.SHARE),
    ("promised_fill_rate", Holds.SHARE),
    ("planned_fill_rate", Holds.SHARE),
    ("target_response_hours", Holds.AMOUNT),
    ("promised_response_hours", Holds.AMOUNT),
    ("mean_response_hours", Holds.AMOUNT),
    ("on_time_probability", Holds.SHARE),
    ("otif", Holds.SHARE),
)
YEARLY = (
    ("orders_per_year", Holds.COUNT),
    ("lines_per_year", Holds.COUNT),
    ("pieces_per_year", Holds.COUNT),
    ("revenue_per_year", Holds.MONEY),
    ("pieces_short_per_year", Holds.COUNT),
    ("marginal_cost_of_one_point", Holds.MONEY),
)
TERMS = tuple(
    (name, Holds.SHARE if "share" in name else Holds.TEXT if name == "consolidation" else Holds.EXACT_MONEY)
    for name in SegmentTerms.model_fields
)


def segments_sheet(policy: Policy) -> Sheet:
    """One row a segment, every field."""
    columns = (
        *((name, Holds.TEXT) for name in TEXTS),
        *AMOUNTS,
        *((name, Holds.TEXT) for name in MEANS),
        ("stock_policy", Holds.TEXT),
        *YEARLY,
        *((f"cost_{part}", Holds.MONEY) for part in COST_PARTS),
        ("cost_all_six", Holds.MONEY),
        *TERMS,
    )
    return Sheet("Segments", columns, [_row(segment) for segment in policy.segments], frozen_columns=3)


def _row(segment: SegmentPolicy) -> tuple[str | float | None, ...]:
    return (
        *(getattr(segment, name) for name in TEXTS),
        *(getattr(segment, name) for name, _ in AMOUNTS),
        *(getattr(segment, name) for name in MEANS),
        segment.stock_policy.value,
        *(getattr(segment, name) for name, _ in YEARLY),
        *(getattr(segment.cost, part) for part in COST_PARTS),
        segment.cost.objective,
        *(getattr(segment.terms, name) for name, _ in TERMS),
    )


def matrix_sheet(policy: Policy) -> Sheet:
    """Customer classes down, item classes across: fill rate, hours and means of each cell."""
    item_classes = tuple(dict.fromkeys(one.item_class for one in policy.segments))
    here = {(one.region, one.customer_class, one.item_class): one for one in policy.segments}
    lines = dict.fromkeys((one.region, one.customer_class) for one in policy.segments)
    parts = (("fill rate", Holds.SHARE), ("hours", Holds.AMOUNT), ("means", Holds.TEXT))
    across = ((f"{item_class}: {name}", holds) for item_class in item_classes for name, holds in parts)
    rows = []
    for region, customer in lines:
        segments = (here.get((region, customer, item_class)) for item_class in item_classes)
        rows.append((region, customer, *(cell for segment in segments for cell in _cells(segment))))
    columns = (("region", Holds.TEXT), ("customers", Holds.TEXT), *across)
    return Sheet("Matrix", columns, rows, frozen_columns=2)


def _cells(segment: SegmentPolicy | None) -> tuple[str | float | None, ...]:
    if segment is None:
        return None, None, None
    means = f"{segment.channel}, {segment.process}, {segment.mode}, {segment.frequency}"
    return segment.promised_fill_rate, segment.promised_response_hours, means

"""The segments: as a table, and as the matrix of customers and items."""

from servicepolicy_api.export.sheet import Cell, Holds, Sheet, held_by
from servicepolicy_models.cost import COST_PARTS
from servicepolicy_models.evidence import SegmentSureness
from servicepolicy_models.policy import Policy, SegmentPolicy, SegmentTerms

PLAIN = tuple(name for name in SegmentPolicy.model_fields if name not in ("cost", "terms"))
TERMS = tuple(SegmentTerms.model_fields)


def segments_sheet(policy: Policy) -> Sheet:
    """One row a segment, every field; cost and terms spread out."""
    columns = (
        *((name, held_by(SegmentPolicy, name)) for name in PLAIN),
        *((f"cost_{part}", Holds.MONEY) for part in COST_PARTS),
        ("cost_all_six", Holds.MONEY),
        *((name, held_by(SegmentTerms, name)) for name in TERMS),
    )
    return Sheet("Segments", columns, [_row(segment) for segment in policy.segments], frozen_columns=3)


def _row(segment: SegmentPolicy) -> tuple[Cell, ...]:
    return (
        *(getattr(segment, name) for name in PLAIN),
        *(getattr(segment.cost, part) for part in COST_PARTS),
        segment.cost.objective,
        *(getattr(segment.terms, name) for name in TERMS),
    )


def evidence_sheet(policy: Policy) -> Sheet:
    """How sure each segment's promise is; empty where that was not asked or could not be judged."""
    columns = tuple((name, held_by(SegmentSureness, name)) for name in SegmentSureness.model_fields)
    judged = policy.evidence.segments if policy.evidence else ()
    rows = [tuple(getattr(one, name) for name, _ in columns) for one in judged]
    return Sheet("Evidence", columns, rows, frozen_columns=3)


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


def _cells(segment: SegmentPolicy | None) -> tuple[Cell, ...]:
    if segment is None:
        return None, None, None
    means = f"{segment.channel}, {segment.process}, {segment.mode}, {segment.frequency}"
    return segment.promised_fill_rate, segment.promised_response_hours, means

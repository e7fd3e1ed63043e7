"""What a segment gets from the stock of its item class."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.answer.stock import Stock
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.segments import cell, regions_of


@dataclass(frozen=True)
class SegmentService:
    """By pieces, and of the worst item."""

    fill_rate: float
    least_item_fill_rate: float
    least_cycle_service_level: float
    pieces_short: float
    """A year."""
    lost_sales_cost: float
    """Of the pieces short, a year."""


def segment_service(facts: Facts, stock: Stock, segment: Segment) -> SegmentService:
    """Add up the segment's customer class and regions over the shelves of its item class."""
    i, _ = cell(facts, segment)
    regions = regions_of(facts, segment)
    pieces = short = lost = 0.0
    least_fill, least_cycle = 1.0, 1.0
    for _, result in stock.shelves[segment[1]]:
        wanted = result.shelf.items.pieces[:, i][:, regions].sum(axis=1)
        pieces += float(wanted.sum())
        short += float(result.pieces_short[:, i][:, regions].sum())
        lost += float(result.lost_sales_cost()[i, regions].sum())
        ordered = wanted > 0
        if ordered.any():
            least_fill = min(least_fill, float(result.fill_rate[ordered, i].min()))
            n = np.arange(ordered.size)
            least_cycle = min(least_cycle, float(result.shelf.service[n, result.chosen, i][ordered].min()))
    return SegmentService(1.0 - short / pieces if pieces > 0 else 1.0, least_fill, least_cycle, short, lost)

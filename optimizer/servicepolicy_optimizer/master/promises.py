"""What segments are promised at least: fill rate, and on time in full."""

from typing import Any

import pyomo.environ as pyo

from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.master.sums import Relation, weighted_sum


def planned_fill_rate(model: pyo.ConcreteModel, segment: Segment, region: str) -> Any:
    """The fill rate that the chosen stock gives a segment in a region, as a sum over columns.

    Basis `segment`: 1 − pieces short / pieces, over all shelves and regions of the segment. Basis
    `every_item`: of the worst item on the shelf that serves the region.
    """
    fill = model.stocking.fill_in[segment][region]
    return fill.constant + weighted_sum(model.weight, fill.by_column)


def fill_rate_floor(m: pyo.ConcreteModel, customer_class: str, item_class: str, region: str) -> Relation:
    """Σ_{(j,g,h,k) ∈ COLUMN} short[s,g,h,k] · weight[j,g,h,k] ≤ (1 − fill_target[s]) · pieces[s]
    ∀ s ∈ SEGMENT_WITH_FILL_TARGET (basis `segment`)

    The pieces of the segment that are not delivered from stock, on all shelves together, are no more than
    its promise allows. Its price is money a piece short.
    """
    s = (customer_class, item_class, region)
    allowed = (1 - m.asked.fill_rate[s]) * m.asked.pieces_per_year[s]
    return weighted_sum(m.weight, m.stocking.pieces_short[s]) <= allowed


def fill_rate_of_items_floor(
    m: pyo.ConcreteModel, customer_class: str, item_class: str, region: str, option: str, shelf: str
) -> Relation:
    """Σ_k fill[s,g,h,k] · weight[j,g,h,k] ≥ fill_target[s] · stock[j,g]
    ∀ (s,g,h) : s ∈ SEGMENT_WITH_FILL_TARGET, shelf h serves s (basis `every_item`)

    On every shelf that serves the segment, the worst item keeps the promise.
    """
    s = (customer_class, item_class, region)
    fill = weighted_sum(m.weight, m.stocking.fill_of_shelf[s, (item_class, option, shelf)])
    return fill >= m.asked.fill_rate[s] * m.stock[item_class, option]


def otif_floor(
    m: pyo.ConcreteModel, customer_class: str, item_class: str, region: str, within: str
) -> Relation:
    """fill[s,r] ≥ Σ_{d,q} (otif_target[s] / on_time[s,d,q]) · path[s,d,q]
    ∀ (s,r) : s ∈ SEGMENT_WITH_OTIF_TARGET, r a region in which the fill rate is promised

    On time in full is fill rate times on-time probability, so a path that is late more often needs a fuller
    shelf. A lower bound: what waits for stock counts as late.
    """
    s = (customer_class, item_class, region)
    return planned_fill_rate(m, s, within) >= weighted_sum(m.path, m.serving.fill_for_otif.get(s, {}))

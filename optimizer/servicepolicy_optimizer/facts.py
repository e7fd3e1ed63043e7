"""What the mathematics needs to know of the demand: arrays by item and by segment, whatever road they came
by.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from servicepolicy_models.findings import Finding

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Rungs = NDArray[np.integer[Any]]
"""Numbers of rungs: small ones, which need not take eight bytes."""

WEIGHT_BINS = 10
"""Equal-probability bins that describe how heavy a shipment is."""


@dataclass(frozen=True)
class SizeFacts:
    """Order lines by item, atom and size: M entries in any order; none for items whose sizes nobody knows."""

    item: Ints = field(default_factory=lambda: np.zeros(0, np.intp))
    """(M,) row of the item."""
    atom: Ints = field(default_factory=lambda: np.zeros(0, np.intp))
    """(M,)"""
    pieces: Floats = field(default_factory=lambda: np.zeros(0))
    """(M,) pieces in a line."""
    lines_per_day: Floats = field(default_factory=lambda: np.zeros(0))
    """(M,) such lines."""


@dataclass(frozen=True)
class ItemFacts:
    """N items and A atoms of demand; atom a = region x customer classes + customer class (C order).

    An atom is the demand of one customer class in one region: shelves are unions of atoms.
    """

    items: tuple[str, ...]
    """(N,) item codes."""
    item_class: Ints
    """(N,) index into `scenario.segmentation.items.classes`."""
    unit_cost: Floats
    """(N,) currency per piece."""
    unit_price: Floats
    """(N,) currency per piece, average paid."""
    unit_weight_kg: Floats
    """(N,)"""
    unit_volume_m3: Floats
    """(N,)"""
    pieces_per_day: Floats
    """(N, A) mean demand."""
    lines_per_day: Floats
    """(N, A) order lines."""
    order_size_second_moment_pieces2: Floats
    """(N, A) E[x^2] over the atom's order lines; 0 where there are none."""
    covariance_pieces2_per_day: Floats
    """(N, A, A) covariance of daily demand between atoms; its diagonal is the variance."""
    order_sizes: SizeFacts = field(default_factory=SizeFacts)


@dataclass(frozen=True)
class SegmentFacts:
    """Yearly activity by customer class, item class and region: every array is (I, J, R)."""

    orders_per_year: Floats
    """Each order counts once, shared among its segments by lines."""
    order_visits_per_year: Floats
    """Distinct orders with at least one line in the segment."""
    lines_per_year: Floats
    pieces_per_year: Floats
    weight_kg_per_year: Floats
    revenue_per_year: Floats
    customers: Floats
    """Distinct customers with at least one line in the segment."""
    visit_weight_kg: Floats
    """(I, J, R, WEIGHT_BINS) mean weight of an order visit in equal-probability bins, rising."""
    order_value_quantiles: Floats
    """(I, J, R, 101) percentiles 0..100 of the value of the orders that visit the segment (whole order
    value).
    """


@dataclass(frozen=True)
class Facts:
    """The demand side of a scenario, ready for the mathematics."""

    customer_classes: tuple[str, ...]
    """I names, the best first."""
    item_classes: tuple[str, ...]
    """J names."""
    regions: tuple[str, ...]
    """R names."""
    items: ItemFacts
    segments: SegmentFacts
    findings: tuple[Finding, ...]
    """What was found in the input and how it was handled."""
    sha256: str
    """Hash of the arrays: the same demand gives the same hash."""

"""The segments of a scenario: cells of the customer-item matrix, by region where promises are by region."""

import numpy as np

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.facts import Facts, Floats, Ints
from servicepolicy_optimizer.wildcards import ANY


def segments(scenario: Scenario, facts: Facts) -> tuple[Segment, ...]:
    """Every segment, by customer class, item class, region (`*`: one promise for all regions)."""
    regions = facts.regions if scenario.segmentation.promise_by_region else (ANY,)
    return tuple((c, i, r) for c in facts.customer_classes for i in facts.item_classes for r in regions)


def cell(facts: Facts, segment: Segment) -> tuple[int, int]:
    """(i, j): indices of the segment's customer class and item class."""
    return facts.customer_classes.index(segment[0]), facts.item_classes.index(segment[1])


def regions_of(facts: Facts, segment: Segment) -> Ints:
    """(n,) indices of the regions that the segment covers."""
    if segment[2] == ANY:
        return np.arange(len(facts.regions))
    return np.array([facts.regions.index(segment[2])])


def regions_with_demand(facts: Facts, segment: Segment, or_all: bool = False) -> Ints:
    """(n,) indices of the segment's regions that order anything; if `or_all`, all where none orders."""
    covered = regions_of(facts, segment)
    ordered = facts.segments.lines_per_year + facts.segments.pieces_per_year
    demanding = covered[ordered[cell(facts, segment)][covered] > 0]
    return covered if or_all and not demanding.size else demanding


def total(yearly: Floats, facts: Facts, segment: Segment) -> float:
    """Sum of an (I, J, R) array over the regions of the segment."""
    return float(yearly[cell(facts, segment)][regions_of(facts, segment)].sum())

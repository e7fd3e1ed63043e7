"""Ways that exist for a segment under a deployment: class lists, processes, lanes, agreed consolidation."""

from collections.abc import Sequence

import numpy as np

from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.paths.facilities import works_at
from servicepolicy_optimizer.paths.network import Legs
from servicepolicy_optimizer.paths.tariffs import LaneUse
from servicepolicy_optimizer.paths.ways import Mask, Ways
from servicepolicy_optimizer.targets import SegmentTerms


def available_ways(
    ways: Ways, segment: Segment, terms: SegmentTerms, legs: Legs, used: Sequence[LaneUse]
) -> Mask:
    """Ways whose means take the segment's classes and reach every one of its legs.  (C, P, M, F)"""
    customer_class, item_class, _ = segment
    channel = [_takes(one.customer_classes, customer_class) for one in ways.channels]
    process = [
        _takes(one.customer_classes, customer_class)
        and _takes(one.item_classes, item_class)
        and all(works_at(one, location) for location in legs.locations)
        for one in ways.processes
    ]
    mode = [
        _takes(one.customer_classes, customer_class)
        and _takes(one.item_classes, item_class)
        and all(use.lanes[m] is not None for use in used)
        for m, one in enumerate(ways.modes)
    ]
    frequency = [terms.consolidation or one.shipments_per_week is None for one in ways.frequencies]
    by_axis = (np.array(taken, dtype=np.bool_) for taken in (channel, process, mode, frequency))
    c, p, m, f = np.meshgrid(*by_axis, indexing="ij")
    return np.asarray(c & p & m & f)


def _takes(listed: tuple[str, ...] | None, name: str) -> bool:
    return listed is None or name in listed

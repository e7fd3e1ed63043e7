"""In which measure a segment's stock promise is made: unit fill rate, or cycle service where the scenario
says so.
"""

import numpy as np

from servicepolicy_optimizer.curves.ladder import Ladder
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Floats


def service_measure(items: ShelfItems, rungs: Ladder, cycle_service: np.ndarray) -> Floats:
    """(n, M, I) what each rung lets every class be promised.

    cycle_service: (I,) True where the class is promised a cycle service level, type 1: P(demand over the
    protection interval <= r - c).
    """
    classes = items.pieces.shape[1]
    fill = np.broadcast_to(rungs.fill_rate, (*rungs.reorder_point_pieces.shape, classes))
    if not cycle_service.any():
        return fill
    measure = fill.copy()
    for lot in items.demand.parts():
        part = items.demand.of(lot).tabulated()
        protected = part.exposed if part.periodic else part.lead
        for i in np.flatnonzero(cycle_service):
            reserved = 0.0 if rungs.critical_level_pieces is None else rungs.critical_level_pieces[lot, :, i]
            measure[lot, :, i] = 1.0 - protected.survival(rungs.reorder_point_pieces[lot] - reserved)
    return measure

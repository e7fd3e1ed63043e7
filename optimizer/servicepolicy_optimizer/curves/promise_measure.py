"""In which measure a segment's stock promise is made: unit fill rate, or cycle service where the scenario
says so.
"""

import numpy as np

from servicepolicy_optimizer.curves.in_a_file import beside, let_go, put
from servicepolicy_optimizer.curves.ladder import Ladder
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.inventory.cycle_stockout import cycle_service_level


def service_measure(items: ShelfItems, rungs: Ladder, cycle_service: np.ndarray) -> Floats:
    """(n, M, I) what each rung lets every class be promised.

    cycle_service: (I,) True where the class is promised a cycle service level, type 1: the share of cycles in
    which stock on hand never falls to its critical level.
    """
    classes = items.pieces.shape[1]
    fill = np.broadcast_to(rungs.fill_rate, (*rungs.reorder_point_pieces.shape, classes))
    if not cycle_service.any():
        return fill
    measure = beside(rungs.fill_rate, fill.shape)
    for lot in items.demand.parts():
        demand, quantity = items.demand.of(lot), items.order_quantity_pieces[lot]
        of_lot = fill[lot]
        for i in np.flatnonzero(cycle_service):
            critical = rungs.critical_level_pieces
            reserved = 0.0 if critical is None else critical[lot, :, i]
            level = rungs.reorder_point_pieces[lot] - reserved
            of_lot[:, :, i] = cycle_service_level(demand, level, quantity)
        put(measure, lot, of_lot)
    let_go([measure, *vars(rungs).values()])
    return measure

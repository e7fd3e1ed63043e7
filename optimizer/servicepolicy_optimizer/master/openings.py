"""What has a fixed cost is paid for before it is used: locations, suppliers, channels, processes, modes."""

import pyomo.environ as pyo

from servicepolicy_optimizer.master.sums import Relation, weighted_sum


def path_needs_open(
    m: pyo.ConcreteModel, customer_class: str, item_class: str, region: str, facility: str
) -> Relation:
    """Σ_{d,q : q needs f} path[s,d,q] ≤ open[f]   ∀ (s,f) ∈ SEGMENT_NEED

    A segment uses a facility only when it is open. One row for all paths of the segment, of which one is
    chosen: tighter than a row for each.
    """
    return (
        weighted_sum(m.path, m.serving.needing[(customer_class, item_class, region), facility])
        <= m.open[facility]
    )


def stock_needs_open(m: pyo.ConcreteModel, item_class: str, facility: str) -> Relation:
    """Σ_{g : g needs f} stock[j,g] ≤ open[f]   ∀ (j,f) ∈ ITEM_CLASS_NEED

    An item class is stocked at a location, or bought from a supplier, only when it is open.
    """
    return weighted_sum(m.stock, m.stocking.needing[item_class, facility]) <= m.open[facility]

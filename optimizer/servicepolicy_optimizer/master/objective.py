"""What the policy costs a year."""

from typing import Any

import pyomo.environ as pyo

from servicepolicy_optimizer.master.sums import weighted_sum


def total_cost(m: pyo.ConcreteModel) -> Any:
    """min Σ_COLUMN cost[j,g,h,k] · weight[j,g,h,k] + Σ_PATH cost[s,d,q] · path[s,d,q] +
    Σ_f fixed_cost[f] · open[f] + Σ_PROMISE lost[s,t] · promise[s,f,t]

    TRC + TIC + TSC + TTC + TWC, and LSC where the scenario counts lost sales. A column brings carrying,
    supply, storage and what its pieces short cost; a path brings response, transport, handling and what its
    slowness costs. Where different promises are counted, the promise brings that, as it may be slower than
    the path.
    """
    service, fixed = (m.path, m.serving.cost), (m.open, m.asked.facility_cost)
    promised = (m.promise, m.promising.lost_sales_cost)
    return weighted_sum(m.weight, m.stocking.cost, service, fixed, promised)

"""How segments are served: one path each, over the deployment that their item class has."""

import pyomo.environ as pyo

from servicepolicy_optimizer.master.sums import Relation, plain_sum


def one_path(
    m: pyo.ConcreteModel, customer_class: str, item_class: str, region: str, deployment: str
) -> Relation:
    """Σ_{q ∈ PATH_OF[s,d]} path[s,d,q] = Σ_{g ∈ OPTION_OF[j(s)] : d(g) = d} stock[j(s),g]   ∀ (s,d) ∈ SERVING

    Every segment has exactly one service path, and it starts where its item class is stocked. Only paths
    that keep the segment's response promise exist, so a deployment from which no path keeps it cannot be
    chosen.
    """
    served = plain_sum(m.path, m.serving.paths_of[customer_class, item_class, region, deployment])
    return served == plain_sum(m.stock, m.stocking.options_under[item_class, deployment])

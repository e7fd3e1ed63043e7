"""One order channel for each customer class, where the scenario asks for it."""

import pyomo.environ as pyo

from servicepolicy_optimizer.master.sums import Relation, plain_sum, weighted_sum


def one_channel(m: pyo.ConcreteModel, customer_class: str) -> Relation:
    """Σ_channel choose_channel[i,channel] = 1   ∀ i ∈ CUSTOMER_CLASS_OF_ONE_CHANNEL

    Every customer class has one order channel.
    """
    channels = [key for key in m.CHANNEL_OF_CLASS if key[0] == customer_class]
    return plain_sum(m.choose_channel, channels) == 1


def path_by_chosen_channel(
    m: pyo.ConcreteModel, customer_class: str, item_class: str, region: str, channel: str
) -> Relation:
    """Σ_{d,q : channel of q} path[s,d,q] ≤ choose_channel[i(s),channel]
    ∀ s ∈ SEGMENT_WITH_DEMAND, channel of some path of s, i(s) ∈ CUSTOMER_CLASS_OF_ONE_CHANNEL

    All orders of a customer class, whatever the items, come in over its channel.
    """
    over_channel = weighted_sum(m.path, m.serving.by_channel[(customer_class, item_class, region), channel])
    return over_channel <= m.choose_channel[customer_class, channel]

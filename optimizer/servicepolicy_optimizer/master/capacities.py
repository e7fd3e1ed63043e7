"""What means can take: order desks, warehouse processes, locations, carriers."""

import pyomo.environ as pyo

from servicepolicy_optimizer.master.sums import Relation, weighted_sum


def channel_labour(m: pyo.ConcreteModel, channel: str) -> Relation:
    """Σ_{s,d,q : channel of q} labour_hours[s,d,q] · path[s,d,q] ≤ labour_capacity_hours[channel]
    ∀ channel ∈ CHANNEL_WITH_CAPACITY

    An order channel takes no more orders than its people have hours in a year.
    """
    return weighted_sum(m.path, m.serving.labour_hours[channel]) <= m.asked.labour_hours[channel]


def process_lines(m: pyo.ConcreteModel, process: str, location: str) -> Relation:
    """Σ_{s,d,q : process of q} lines_per_day[s,d,q,location] · path[s,d,q] ≤
    process_capacity[process,location]
    ∀ (process, location) ∈ PROCESS_WITH_CAPACITY

    A warehouse process handles no more lines a day at a location than it can there.
    """
    return (
        weighted_sum(m.path, m.serving.process_lines[process, location])
        <= m.asked.process_lines[process, location]
    )


def location_lines(m: pyo.ConcreteModel, location: str) -> Relation:
    """Σ_{s,d,q} lines_per_day[s,d,q,location] · path[s,d,q] ≤ line_capacity[location]
    ∀ location ∈ LOCATION_WITH_LINE_CAPACITY

    A location ships no more lines a day than it can, whatever the process.
    """
    return weighted_sum(m.path, m.serving.location_lines[location]) <= m.asked.location_lines[location]


def storage(m: pyo.ConcreteModel, location: str) -> Relation:
    """Σ_{(j,g,h,k) : location of h} storage_m3[j,g,h,k] · weight[j,g,h,k] ≤ storage_capacity_m3[location]
    ∀ location ∈ LOCATION_WITH_STORAGE_CAPACITY

    What lies at a location on average finds room there.
    """
    return weighted_sum(m.weight, m.stocking.storage_m3[location]) <= m.asked.storage_m3[location]


def mode_weight(m: pyo.ConcreteModel, mode: str) -> Relation:
    """Σ_{s,d,q : mode of q} weight_kg[s,d,q] · path[s,d,q] ≤ mode_capacity_kg[mode]
    ∀ mode ∈ MODE_WITH_CAPACITY

    A transport mode carries no more in a year than was contracted.
    """
    return weighted_sum(m.path, m.serving.weight_kg[mode]) <= m.asked.weight_kg[mode]

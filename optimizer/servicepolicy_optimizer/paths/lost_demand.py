"""Demand lost to a slow promise."""

import numpy as np

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.facts import Facts, Floats
from servicepolicy_optimizer.reactions import reaction_of
from servicepolicy_optimizer.segments import total


def lost_margin_by_rung(scenario: Scenario, facts: Facts, cost_of_goods: Floats, segment: Segment) -> Floats:
    """What promising each rung of the ladder loses of the segment's margin a year.  (T,)

        LSC(t) = min(1, lost share per day × (t − t_fastest) / 24) × max(0, revenue − cost of goods)

    with t the promised hours, t_fastest the first rung of the ladder, and cost of goods = Σ unit cost ×
    pieces over the items of the segment, (I, J, R) from `cost_of_goods_per_year`. Zero unless the scenario
    counts lost sales and the customer class has a reaction.
    """
    ladder = np.array(scenario.promise_ladder.response_hours, dtype=np.float64)
    reaction = reaction_of(scenario, segment[0])
    if not scenario.count_lost_sales or reaction is None:
        return np.zeros_like(ladder)
    lost_share = np.minimum(reaction.demand_lost_share_per_day * (ladder - ladder[0]) / 24.0, 1.0)
    revenue = total(facts.segments.revenue_per_year, facts, segment)
    return np.asarray(lost_share * max(0.0, revenue - total(cost_of_goods, facts, segment)))


def cost_of_goods_per_year(scenario: Scenario, facts: Facts) -> Floats:
    """Σ unit cost × pieces over the items of each cell, a year.  (I, J, R)"""
    items, customers = facts.items, len(facts.customer_classes)
    per_day = np.zeros((len(facts.item_classes), len(facts.regions), customers))
    for j in range(len(facts.item_classes)):
        of_class = items.item_class == j
        per_day[j] = (items.unit_cost[of_class] @ items.pieces_per_day[of_class]).reshape(-1, customers)
    return np.asarray(per_day.transpose(2, 0, 1) * scenario.days_per_year)

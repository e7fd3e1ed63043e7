"""What may be spent: stock value, logistics cost, CO2e.

A budget that the scenario does not name makes no row.
"""

import pyomo.environ as pyo

from servicepolicy_optimizer.master.sums import Relation, weighted_sum


def inventory_budget(m: pyo.ConcreteModel, currency: str) -> Relation:
    """Σ_{(j,g,h,k) ∈ COLUMN} stock_value[j,g,h,k] · weight[j,g,h,k] ≤ inventory_budget

    The average stock, cycle, safety, reserve and owned pipeline, is worth no more than the budget.
    """
    return weighted_sum(m.weight, m.stocking.stock_value) <= m.asked.inventory_value[currency]


def total_cost_budget(m: pyo.ConcreteModel, currency: str) -> Relation:
    """Σ_COLUMN tlc[j,g,h,k] · weight[j,g,h,k] + Σ_PATH tlc[s,d,q] · path[s,d,q] +
    Σ_f fixed_cost[f] · open[f] ≤ cost_budget

    The total logistics cost of a year, fixed costs included and lost sales left out, is within the budget.
    """
    service, fixed = (m.path, m.serving.logistics_cost), (m.open, m.asked.facility_cost)
    return weighted_sum(m.weight, m.stocking.logistics_cost, service, fixed) <= m.asked.total_cost[currency]


def co2e_budget(m: pyo.ConcreteModel, unit: str) -> Relation:
    """Σ_COLUMN co2e_kg[j,g,h,k] · weight[j,g,h,k] + Σ_PATH co2e_kg[s,d,q] · path[s,d,q] ≤ co2e_budget

    Inbound and outbound transport emit no more than the budget.
    """
    outbound = (m.path, m.serving.co2e_kg)
    return weighted_sum(m.weight, m.stocking.co2e_kg, outbound) <= m.asked.co2e_kg[unit]

"""Oracles of order quantities, newsvendors and modes."""

import re
from typing import Any

import numpy as np

from servicepolicy_optimizer.inventory.base_stock import (
    base_stock_cost,
    base_stock_fill_rate,
    base_stock_for_costs,
)
from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.empirical import EmpiricalDemand
from servicepolicy_optimizer.inventory.loss import lognormal_loss
from servicepolicy_optimizer.inventory.mode_cost import mode_cost_per_year
from servicepolicy_optimizer.inventory.newsvendor import (
    newsvendor,
    newsvendor_cost,
    newsvendor_empirical,
    newsvendor_lognormal,
)
from servicepolicy_optimizer.inventory.order_quantity import (
    economic_order_quantity,
    economic_order_quantity_with_backorders,
    economic_production_quantity,
)
from servicepolicy_optimizer.inventory.price_breaks import order_quantity_pieces

Inputs = dict[str, Any]
Outputs = dict[str, Any]


def eoq(given: Inputs) -> Outputs:
    demand, holding = given["demand_rate"], given["holding_cost"]
    best = economic_order_quantity(given["fixed_cost"], holding, demand)
    return {
        "Q": best.order_quantity_pieces,
        "cost": best.cost_per_year,
        "total_cost_with_purchase": best.cost_per_year + given.get("unit_cost", 0.0) * demand,
        "turnover": demand / (best.order_quantity_pieces / 2),
        "reorder_point": demand * given.get("lead_time", 0.0),
    }


def eoq_backorders(given: Inputs) -> Outputs:
    best = economic_order_quantity_with_backorders(
        given["fixed_cost"],
        given["holding_cost"],
        given["backorder_cost_per_unit_time"],
        given["demand_rate"],
    )
    return {
        "Q": best.order_quantity_pieces,
        "backordered_fraction": best.backordered_share,
        "cost": best.cost_per_year,
    }


def epq(given: Inputs) -> Outputs:
    best = economic_production_quantity(
        given["fixed_cost"], given["holding_cost"], given["demand_rate"], given["production_rate"]
    )
    return {"Q": best.order_quantity_pieces, "cost": best.cost_per_year}


def _discount(given: Inputs, *, incremental: bool) -> Outputs:
    best = order_quantity_pieces(
        given["demand_rate"],
        given["fixed_cost"],
        given["holding_rate"],
        given["breakpoints"],
        given["unit_costs"],
        incremental=incremental,
    )
    return {"Q": best.order_quantity_pieces, "region": best.tier, "cost": best.cost_per_year}


def _normal(given: Inputs) -> Demand:
    periods = given.get("lead_time", -given.get("review", 0)) + given.get("review", 0)
    periods = periods if "lead_time" in given else 1
    return Demand(Family.NORMAL, given["mean"] * periods, given["sd"] * np.sqrt(periods))


def newsvendor_normal(given: Inputs) -> Outputs:
    demand = _normal(given)
    best = newsvendor(demand, given["h"], given["p"])
    out = {"S": best.stock_pieces, "cost": best.cost}
    for level in (10, 12, 15, 20):
        out[f"cost_at_{level}"] = newsvendor_cost(
            level, demand.mean_pieces, demand.loss(level), given["h"], given["p"]
        )
    return out


def cost_of_level(given: Inputs) -> Outputs:
    return {"S": given["S"], "cost": base_stock_cost(_normal(given), given["S"], given["h"], given["p"])}


def base_stock_periodic(given: Inputs) -> Outputs:
    best = base_stock_for_costs(_normal(given), given["h"], given["p"])
    return {"S": best.base_stock_pieces, "cost": best.cost_per_period}


def newsvendor_poisson(given: Inputs) -> Outputs:
    periods = given["lead_time"] + 1
    best = newsvendor(Demand(Family.POISSON, given["mean"] * periods, 0.0), given["h"], given["p"])
    return {"S": best.stock_pieces, "cost": best.cost}


def base_stock_poisson(given: Inputs) -> Outputs:
    periods = given["lead_time"] + given.get("review", 1)
    demand = Demand(Family.POISSON, given["mean"] * periods, 0.0)
    best = base_stock_for_costs(demand, given["h"], given["p"])
    return {"S": best.base_stock_pieces, "cost": best.cost_per_period}


def of_lognormal(given: Inputs) -> Outputs:
    best = newsvendor_lognormal(given["mu"], given["sigma"], given["h"], given["p"])
    return {"S": best.stock_pieces, "cost": best.cost, "loss": lognormal_loss(1, 0, 1)}


def newsvendor_discrete(given: Inputs) -> Outputs:
    support = np.array([float(x) for x in given["pmf"]])
    demand = EmpiricalDemand(support, np.array(list(given["pmf"].values()), float))
    best = newsvendor_empirical(demand, given["h"], given["p"])
    out = {"S": best.stock_pieces, "cost": best.cost}
    for level in support:
        out[f"cost_at_{level:g}"] = newsvendor_cost(
            level, demand.mean_pieces, demand.loss(level), given["h"], given["p"]
        )
    return out


def base_stock_continuous(given: Inputs) -> Outputs:
    demand = Demand(Family.POISSON, given["theta"], 0.0)
    return {
        "critical_ratio": given["b"] / (given["b"] + given["h"]),
        "R": base_stock_for_costs(demand, given["h"], given["b"]).base_stock_pieces,
    }


def fill_rate_of_base_stock(given: Inputs) -> Outputs:
    demand = Demand(Family.POISSON, given["theta"], 0.0)
    out = {"fill_rate": base_stock_fill_rate(demand, given["R"])}
    for level in range(60):
        out[f"fill_rate_at_{level}"] = base_stock_fill_rate(demand, level)
    return out


def mode_choice(given: Inputs) -> Outputs:
    options, demand = given["options"], given["annual_demand"]
    transit = np.array([option["transit_days"] for option in options], float)
    extra_days = float(re.search(r"transit \+ (\d+)", given["lead_time"]).group(1))
    share = {"half of lead-time demand": 0.5}[given["safety"]]
    total = mode_cost_per_year(
        demand,
        given["weight_cwt"] * np.array([option["rate_per_cwt"] for option in options]),
        given["carry_rate"] * given["unit_cost"],
        np.array([option["Q"] for option in options], float),
        share * demand / 365 * (transit + extra_days),
        transit,
    )
    return {"total": total, "best_index": int(np.argmin(total))}


KINDS = {
    "eoq": eoq,
    "eoq_backorders": eoq_backorders,
    "epq": epq,
    "eoq_all_units_discount": lambda given: _discount(given, incremental=False),
    "eoq_incremental_discount": lambda given: _discount(given, incremental=True),
    "newsvendor_normal": newsvendor_normal,
    "newsvendor_normal_cost": cost_of_level,
    "base_stock_periodic": base_stock_periodic,
    "base_stock_periodic_cost": cost_of_level,
    "newsvendor_poisson": newsvendor_poisson,
    "base_stock_poisson": base_stock_poisson,
    "newsvendor_lognormal": of_lognormal,
    "newsvendor_discrete": newsvendor_discrete,
    "base_stock_continuous": base_stock_continuous,
    "base_stock_fill_rate": fill_rate_of_base_stock,
    "transport_mode_choice_total_cost": mode_choice,
}

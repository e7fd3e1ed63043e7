"""Oracles of (r, Q) and (s, S) policies of one item."""

from typing import Any

import numpy as np

from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.hadley_whitin import hadley_whitin
from servicepolicy_optimizer.inventory.loss import uniform_loss
from servicepolicy_optimizer.inventory.quantile import quantile
from servicepolicy_optimizer.inventory.reorder_optimum import (
    ReorderCosts,
    best_reorder_point,
    cheapest_policy,
    cheapest_whole_policy,
    policy_from_eoq_and_fractile,
    policy_from_eoq_with_backorders,
    reorder_cost,
)
from servicepolicy_optimizer.inventory.safety_stock import (
    safety_stock_for_cycle_service,
    safety_stock_for_fill_rate,
)
from servicepolicy_optimizer.inventory.shelf import position_average, position_stockout
from servicepolicy_optimizer.inventory.two_level_order import (
    TwoLevelCosts,
    cheapest_two_level_policy,
    power_approximation,
    two_level_cost,
)

Inputs = dict[str, Any]
Outputs = dict[str, Any]


def _normal(given: Inputs) -> Demand:
    return Demand(
        Family.NORMAL,
        given["demand_rate"] * given["lead_time"],
        given["sd_per_unit_time"] * np.sqrt(given["lead_time"]),
    )


def _poisson(given: Inputs) -> Demand:
    return Demand(Family.POISSON, given["demand_rate"] * given["lead_time"], 0.0)


def _costs(given: Inputs) -> ReorderCosts:
    holding = given["h"] if "h" in given else given["unit_cost"] * given["carry_rate"]
    waiting = given.get("p", given.get("backorder_cost_per_unit_time", 0.0))
    return ReorderCosts(given["K"], holding, waiting, given.get("stockout_cost_per_unit", 0.0))


def _answer(policy) -> Outputs:
    return {
        "r": policy.reorder_point_pieces,
        "R": policy.reorder_point_pieces,
        "Q": policy.order_quantity_pieces,
        "cost": policy.cost_per_year,
    }


def cost_normal(given: Inputs) -> Outputs:
    parts = reorder_cost(_normal(given), given["demand_rate"], _costs(given), given["r"], given["Q"])
    return {"cost": parts.total_per_year}


def cost_poisson(given: Inputs) -> Outputs:
    parts = reorder_cost(_poisson(given), given["demand_rate"], _costs(given), given["r"], given["Q"])
    return {
        "cost": parts.total_per_year,
        "holding": parts.holding_per_year,
        "backorder": parts.backorder_per_year,
        "stockout": parts.shortage_per_year,
        "ordering": parts.ordering_per_year,
        "total": parts.total_per_year,
    }


def reorder_point_given_quantity(given: Inputs) -> Outputs:
    points = [
        best_reorder_point(_normal(given), given["demand_rate"], _costs(given), q)
        for q in np.ravel(given["Q"])
    ]
    return {"r": np.reshape(points, np.shape(given["Q"]))}


def _hadley_whitin_normal(mean: float, sd: float, demand_rate: float, costs: ReorderCosts) -> Outputs:
    demand = Demand(Family.NORMAL, mean, sd)
    policy = hadley_whitin(
        lambda chance: float(quantile(demand, 1 - chance)),
        lambda r: float(demand.loss(r)),
        mean,
        demand_rate,
        costs,
    )
    return _answer(policy)


def eil(given: Inputs) -> Outputs:
    demand = _normal(given)
    costs = ReorderCosts(given["K"], given["h"], shortage_cost_per_piece=given["p"])
    return _hadley_whitin_normal(
        float(demand.mean_pieces), float(demand.sd_pieces), given["demand_rate"], costs
    )


def hadley_whitin_normal(given: Inputs) -> Outputs:
    costs = ReorderCosts(given["K"], given["h"], shortage_cost_per_piece=given["p_per_unit"])
    return _hadley_whitin_normal(given["ltd_mean"], given["ltd_sd"], given["demand_rate"], costs)


def hadley_whitin_uniform(given: Inputs) -> Outputs:
    low, high = (float(part) for part in given["lead_time_demand"][2:-1].split(","))
    policy = hadley_whitin(
        lambda chance: high - chance * (high - low),
        lambda r: float(uniform_loss(r, low, high)),
        (low + high) / 2,
        given["D"],
        ReorderCosts(given["K"], given["h"], shortage_cost_per_piece=given["p_per_unit"]),
    )
    return _answer(policy)


def service_type_1_and_2(given: Inputs) -> Outputs:
    mean, sd = given["ltd_mean"], given["ltd_sd"]
    return {
        "R_type1": mean + safety_stock_for_cycle_service(given["type1"], sd),
        "R_type2": mean + safety_stock_for_fill_rate(given["type2"], given["Q"], sd),
    }


def fill_rate_poisson(given: Inputs) -> Outputs:
    demand = Demand(Family.POISSON, given["demand_rate_per_year"] * given["lead_time_days"] / 365, 0.0)
    r, q = np.asarray(given["r"], float), np.asarray(given["Q"], float)
    backorders = float(position_average(demand, r, q, 1)[0])
    return {
        "fill_rate": 1 - position_stockout(demand, r, q),
        "expected_backorders": backorders,
        "expected_inventory": r + (q + 1) / 2 - demand.mean_pieces + backorders,
    }


def two_level_table(given: Inputs) -> Outputs:
    costs = TwoLevelCosts(given["K"], given["h"], given["p"])
    rows = zip(given["mu"], given["s"], given["S"], strict=True)
    return {"cost": [two_level_cost(mu, given["lead_time"], costs, s, up_to) for mu, s, up_to in rows]}


def two_level_optimum(given: Inputs) -> Outputs:
    costs = TwoLevelCosts(given["K"], given["h"], given["p"])
    best = cheapest_two_level_policy(given["mu"], given.get("lead_time", 0), costs)
    return {"s": best.reorder_level_pieces, "S": best.order_up_to_pieces, "cost": best.cost_per_period}


def two_level_power(given: Inputs) -> Outputs:
    costs = TwoLevelCosts(given["K"], given["h"], given["p"])
    quick = power_approximation(given["mean"], given["sd"], given.get("lead_time", 0), costs)
    return {"s": quick.reorder_level_pieces, "S": quick.order_up_to_pieces}


def _of_normal(policy_of):
    return lambda given: _answer(policy_of(_normal(given), given["demand_rate"], _costs(given)))


def whole_optimum(given: Inputs) -> Outputs:
    lead_time = given.get("lead_time")
    return _answer(
        cheapest_whole_policy(
            Demand(Family.POISSON, given["demand_rate"] * lead_time, 0.0), given["demand_rate"], _costs(given)
        )
    )


KINDS = {
    "rq_cost_exact_normal": cost_normal,
    "rq_cost_poisson": cost_poisson,
    "rq_poisson_components": cost_poisson,
    "rq_optimal_r_given_Q": reorder_point_given_quantity,
    "rq_eil_hadley_whitin": eil,
    "rq_hadley_whitin_normal": hadley_whitin_normal,
    "rq_hadley_whitin_uniform": hadley_whitin_uniform,
    "rq_eoqb_approx": _of_normal(policy_from_eoq_with_backorders),
    "rq_eoq_ss_approx": _of_normal(policy_from_eoq_and_fractile),
    "rq_exact_optimum_normal": _of_normal(cheapest_policy),
    "rq_exact_optimum_poisson": whole_optimum,
    "rq_service_type1_type2": service_type_1_and_2,
    "rq_fill_rate_poisson": fill_rate_poisson,
    "sS_cost_poisson_table": two_level_table,
    "sS_optimum_poisson": two_level_optimum,
    "sS_power_approx": two_level_power,
}

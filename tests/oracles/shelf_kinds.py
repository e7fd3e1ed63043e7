"""Oracles of shelves: (R, s, nQ), rationing, lost sales, waiting, networks."""

from itertools import pairwise
from typing import Any

import numpy as np

from servicepolicy_optimizer.inventory.critical_level import (
    critical_level_fill_rates,
    critical_level_lost_sales,
    smallest_rationed_base_stock,
)
from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.guaranteed_service import Network, cheapest_service_times
from servicepolicy_optimizer.inventory.lost_sales import (
    erlang_loss,
    inventory_value_added,
    lost_sales_cost_per_year,
    one_order_fill_rate,
)
from servicepolicy_optimizer.inventory.periodic import mean_order_size, orders_per_review
from servicepolicy_optimizer.inventory.reorder_point import reorder_point_for_fill_rate
from servicepolicy_optimizer.inventory.shelf import (
    ShelfDemand,
    mean_position,
    pooled_performance,
    position_average,
    position_stockout,
)
from servicepolicy_optimizer.inventory.two_echelon import exact_two_echelon, metric
from servicepolicy_optimizer.inventory.waiting import (
    base_stock_wait_within,
    mean_wait_days,
    stockout_duration_probabilities,
)

Inputs = dict[str, Any]
Outputs = dict[str, Any]

FAMILY = {"gamma": Family.GAMMA, "normal": Family.NORMAL, "poisson": Family.POISSON}


def _law(given: Inputs, periods: float) -> Demand:
    spread = given.get("sd", np.sqrt(given["mean"]))
    return Demand(FAMILY[given["dist"]], given["mean"] * periods, spread * np.sqrt(periods))


def _shelf(given: Inputs) -> ShelfDemand:
    lead, review = given["lead_time"], given["review"]
    return ShelfDemand(
        _law(given, lead), _law(given, lead + review), np.asarray(given["mean"] * review, float), True
    )


def review_policy(given: Inputs, shelf: ShelfDemand | None = None) -> Outputs:
    """(R, s, nQ): ordered when the position is strictly below s, so whole demand has r = s - 1."""
    shelf = _shelf(given) if shelf is None else shelf
    counting = bool(np.all(shelf.lead.is_counting))
    r = np.asarray(given["s"], float) - (1.0 if counting else 0.0)
    q = np.asarray(given["Q"], float)
    out: Outputs = {
        "fill": pooled_performance(shelf, r, q).unit_fill_rate,
        "ready": 1 - position_stockout(shelf.exposed, r, q),
    }
    for name, law in (("L", shelf.lead), ("RL", shelf.exposed)):
        short = position_average(law, r, q, 1)[0]
        out[f"EBO_{name}"] = short
        out[f"EIOH_{name}"] = mean_position(law, r, q) - law.mean_pieces + short
    return out


def order_frequency(given: Inputs) -> Outputs:
    review = _law(given, given["review"])
    return {
        "E_order_lines_per_review": orders_per_review(review, given["Q"]),
        "E_order_size": mean_order_size(review, given["Q"]),
    }


def target_reorder_level(given: Inputs) -> Outputs:
    shelf = _shelf(given)
    r = np.arange(-1, 200, dtype=float)
    ready = 1 - position_stockout(shelf.exposed, r, np.asarray(given["Q"], float))
    return {
        "s_fill": reorder_point_for_fill_rate(shelf, given["Q"], given["target"]) + 1,
        "s_ready": r[np.argmax(ready >= given["target"])] + 1,
    }


def stockout_duration(given: Inputs) -> Outputs:
    chance = stockout_duration_probabilities(
        given["s"], given["daily_mean"], given["daily_sd"], given["lead_time"]
    )
    out = {f"P_J{days}": value for days, value in enumerate(chance)}
    return out | {"E_J": chance @ np.arange(chance.size)}


def waiting_time(given: Inputs) -> Outputs:
    rate, lead, stock = given["demand_rate"], given["lead_time"], given["S"]
    days = np.asarray(given.get("t", np.arange(3)), float)
    backorders = Demand(Family.POISSON, rate * lead, 0.0).loss(stock)
    return {
        "P_W_le": base_stock_wait_within(rate, lead, stock, days),
        "E_B": backorders,
        "E_W": mean_wait_days(backorders, rate),
    }


def erlang(given: Inputs) -> Outputs:
    stock, load = np.asarray(given["cases"], float).T
    return {"lost_fraction": erlang_loss(stock, load)}


def complete_lost_sales(given: Inputs) -> Outputs:
    return {
        "fill_backorder": 1 - given["esc"] / given["Q"],
        "fill_lost_sales": one_order_fill_rate(given["esc"], given["Q"]),
    }


def lost_sales_cost(given: Inputs) -> Outputs:
    cost = lost_sales_cost_per_year(
        given["annual_demand"], given["unit_price"], given["unit_fill_rate"], given["shortage_factor"]
    )
    return {"lost_sales_cost": cost}


def value_added(given: Inputs) -> Outputs:
    value = inventory_value_added(
        given["annual_demand"],
        given["unit_price"],
        given["unit_value"],
        given["carry_rate"],
        given["avg_inventory_units"],
    )
    return dict(zip(("AIV", "ICC", "margin", "IVA"), value, strict=True))


def critical_lost_sales(given: Inputs) -> Outputs:
    answer = critical_level_lost_sales(
        given["S"],
        [0, given["critical_level"]],
        [given["rate_high"], given["rate_low"]],
        given["lead_time_mean"],
    )
    high, low = answer.unit_fill_rate
    return {"fill_high": high, "fill_low": low, "on_hand": answer.on_hand_pieces}


def critical_backorder(given: Inputs) -> Outputs:
    rates = [given["rate_high"], given["rate_low"]]
    high, low = critical_level_fill_rates(given["S"] - 1, 1, [0, given["K"]], rates, given["lead_time"])
    return {"fill_high": high, "fill_low": low}


def smallest_stock(given: Inputs) -> Outputs:
    best = smallest_rationed_base_stock(
        [given["rate_high"], given["rate_low"]],
        given["lead_time"],
        [given["target_high"], given["target_low"]],
    )
    return {
        "separate": best.separate_pieces,
        "round_up": best.round_up_pieces,
        "rationing": best.rationing_pieces,
        "K": best.critical_level_pieces[1],
    }


def two_echelon(given: Inputs) -> Outputs:
    facts = (
        given["bases"],
        given["base_rate"],
        given["depot_lead_time"],
        given["base_transport"],
        given["S_depot"],
        given["S_base"],
    )
    quick, exact = metric(*facts), exact_two_echelon(*facts)
    return {
        "depot_EB": quick.depot_backorders_pieces,
        "metric_pipeline": quick.pipeline_mean_pieces,
        "metric_EB": quick.base_backorders_pieces,
        "metric_fill": quick.base_fill_rate,
        "exact_EB": exact.base_backorders_pieces,
        "exact_fill": exact.base_fill_rate,
        "exact_pipeline_var": exact.pipeline_variance_pieces2,
    }


def guaranteed_service_serial(given: Inputs) -> Outputs:
    stages = [part.strip() for part in given["stages"].removesuffix("serial").split("->")]
    names = sorted(stages)
    network = Network(
        dict(zip(names, given["h"], strict=True)),
        dict(zip(names, given["T"], strict=True)),
        list(pairwise(stages)),
        {stages[-1]: given["sd"]},
        {stages[-1]: given["outbound_cst"]},
        {stages[0]: given["inbound_cst"]},
    )
    return _quoted(network, given["z"])


def guaranteed_service_tree(given: Inputs) -> Outputs:
    network = Network(
        given["h"],
        given["T"],
        [(str(a), str(b)) for a, b in given["arcs"]],
        given["demand_sd"],
        given["outbound_cst"],
        {"1": given.get("inbound_cst_1", 0)},
    )
    return _quoted(network, given["z"])


def _quoted(network: Network, safety_factor: float) -> Outputs:
    best = cheapest_service_times(network, safety_factor)
    return {"cost": best.cost_per_period, "cst": best.service_periods}


KINDS = {
    "rsnq_gamma": review_policy,
    "rsnq_normal": review_policy,
    "rsnq_discrete": review_policy,
    "rsnq_order_frequency": order_frequency,
    "rsnq_target_reorder_level": target_reorder_level,
    "stockout_duration": stockout_duration,
    "waiting_time_base_stock": waiting_time,
    "erlang_loss_base_stock": erlang,
    "fill_rate_complete_lost_sales": complete_lost_sales,
    "lost_sales_cost": lost_sales_cost,
    "inventory_value_added": value_added,
    "critical_level_lost_sales": critical_lost_sales,
    "critical_level_backorder": critical_backorder,
    "rationing_min_stock": smallest_stock,
    "two_echelon_base_stock": two_echelon,
    "guaranteed_service_serial": guaranteed_service_serial,
    "guaranteed_service_tree": guaranteed_service_tree,
}

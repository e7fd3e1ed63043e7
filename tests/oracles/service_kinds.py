"""Oracles of service levels, safety stock, lead times and pooling."""

from typing import Any

import numpy as np

from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.empirical import EmpiricalDemand
from servicepolicy_optimizer.inventory.lead_time import lead_time_demand
from servicepolicy_optimizer.inventory.measurement import measured_service, waiting_shares
from servicepolicy_optimizer.inventory.order_quantity import economic_order_quantity
from servicepolicy_optimizer.inventory.periodic import (
    fill_rate_counting_carried_backorders,
    order_quantity_now,
    order_up_to_for_cycle_service,
)
from servicepolicy_optimizer.inventory.pooling import pooled_sd, square_root_law
from servicepolicy_optimizer.inventory.quantile import quantile
from servicepolicy_optimizer.inventory.reorder_point import (
    cycle_service,
    one_term_fill_rate,
    reorder_point_for_cycle_service,
    reorder_point_for_fill_rate,
)
from servicepolicy_optimizer.inventory.safety_stock import (
    fill_rate_from_cycle_service,
    safety_factor_for_fill_rate_two_term,
    safety_stock_for_cycle_service,
    safety_stock_for_fill_rate,
    shortage_per_cycle,
)
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, pooled_performance

Inputs = dict[str, Any]
Outputs = dict[str, Any]


def reorder_policy(given: Inputs) -> Outputs:
    lead = lead_time_demand(given["weekly_mean"], given["weekly_sd"], given["lead_time_weeks"])
    safety = given["ROP"] - lead.mean_pieces
    stock = given["Q"] / 2 + safety
    return {"safety_stock": safety, "avg_inventory": stock, "flow_time_weeks": stock / given["weekly_mean"]}


def cycle_service_of_reorder_point(given: Inputs) -> Outputs:
    return {"csl": cycle_service(Demand(Family.NORMAL, given["ltd_mean"], given["ltd_sd"]), given["ROP"])}


def fill_rate_of_reorder_point(given: Inputs) -> Outputs:
    demand = Demand(Family.NORMAL, given["ltd_mean"], given["ltd_sd"])
    return {
        "esc": demand.loss(given["ROP"]),
        "fill_rate": one_term_fill_rate(demand, given["ROP"], given["Q"]),
    }


def safety_stock_of_cycle_service(given: Inputs) -> Outputs:
    demand = Demand(Family.NORMAL, given["ltd_mean"], given["ltd_sd"])
    return {
        "safety_stock": safety_stock_for_cycle_service(given["csl"], given["ltd_sd"]),
        "ROP": reorder_point_for_cycle_service(demand, given["csl"]),
    }


def safety_stock_of_fill_rate(given: Inputs) -> Outputs:
    return {"safety_stock": safety_stock_for_fill_rate(given["fill_rate"], given["Q"], given["ltd_sd"])}


def fill_rate_of_cycle_service(given: Inputs) -> Outputs:
    lead = lead_time_demand(given["weekly_mean"], given["weekly_sd"], given["lead_time_weeks"])
    safety = safety_stock_for_cycle_service(given["csl"], lead.sd_pieces)
    return {
        "ltd_sd": lead.sd_pieces,
        "ROP": lead.mean_pieces + safety,
        "esc": shortage_per_cycle(safety, lead.sd_pieces),
        "fill_rate": fill_rate_from_cycle_service(given["csl"], given["Q"], lead.sd_pieces),
    }


def discrete_lead_time_demand(given: Inputs) -> Outputs:
    demand = EmpiricalDemand.of_counts(given["daily_pmf"]).over(given["lead_time"])
    return {
        "pmf": demand.probability,
        "stockout_prob": demand.survival(given["s"]),
        "esc": demand.loss(given["s"]),
    }


def two_term_correction(given: Inputs) -> Outputs:
    q, sd, target = given["Q"], given["ltd_sd"], given["fill_rate"]
    return {
        "k_one_term": safety_stock_for_fill_rate(target, q, sd) / sd,
        "k_two_term": safety_factor_for_fill_rate_two_term(target, q, sd),
    }


def periodic_poisson(given: Inputs) -> Outputs:
    rate, review, lead = given["daily_mean"], given["review"], given["lead_time"]
    protected = Demand(Family.POISSON, rate * (lead + review), 0.0)
    levels = np.asarray(given["S"], float)
    out: Outputs = {
        "on_order": rate * lead,
        "fill_1_minus_B_over_mu": fill_rate_counting_carried_backorders(protected, levels, rate * review),
    }
    for level in levels:
        out[f"stockout_prob_S{level:g}"] = protected.survival(level)
        out[f"eb_S{level:g}"] = protected.loss(level)
    return out


def periodic_normal(given: Inputs) -> Outputs:
    mean, sd, lead, review = given["weekly_mean"], given["weekly_sd"], given["lead_time"], given["review"]
    protected = Demand(Family.NORMAL, mean * (lead + review), sd * np.sqrt(lead + review))
    shelf = ShelfDemand(
        Demand(Family.NORMAL, mean * lead, sd * np.sqrt(lead)), protected, np.asarray(mean * review), True
    )
    width = float(protected.sd_pieces)
    out: Outputs = {}
    for percent in (90, 95, 98, 99):
        share = percent / 100
        in_stock = quantile(protected, share)
        safety = safety_stock_for_fill_rate(share, mean * review, width)
        out[f"S_instock{percent}"] = in_stock
        out[f"S_fill{percent}_book"] = protected.mean_pieces + safety
        out[f"S_fill{percent}_exact"] = reorder_point_for_fill_rate(shelf, 0, share, whole=False)
        out[f"fill_at_instock{percent}"] = fill_rate_counting_carried_backorders(protected, in_stock, mean)
    # The source charges 30 a piece and year for capital; the case does not repeat it.
    capital_cost_per_piece_year = given.get("capital_cost_per_unit_year", 30.0)
    for level in range(80, 260, 10):
        left = level - protected.mean_pieces + protected.loss(level)
        out[f"E_inventory_S{level}"] = left
        out[f"annual_capital_cost_S{level}"] = capital_cost_per_piece_year * left
        out[f"fill_S{level}"] = fill_rate_counting_carried_backorders(protected, level, mean * review)
        assert pooled_performance(shelf, level, 0).unit_fill_rate >= out[f"fill_S{level}"]
    return out


def periodic_safety_stock(given: Inputs) -> Outputs:
    z = float(safety_stock_for_cycle_service(given["csl"], 1.0))
    level = order_up_to_for_cycle_service(
        given["weekly_mean"], given["weekly_sd"], given["review"], given["lead_time"], z
    )
    return {"safety_stock": level.safety_stock_pieces, "order_up_to": level.order_up_to_pieces}


def periodic_order_quantity(given: Inputs) -> Outputs:
    level = order_up_to_for_cycle_service(
        given["daily_mean"], given["daily_sd"], given["review"], given["lead_time"], given["z"]
    )
    return {"order_qty": order_quantity_now(level.order_up_to_pieces, given["on_hand"])}


def service_measurement(given: Inputs) -> Outputs:
    periods = len(given["demand"])
    short, backlog, waited = (
        _by_period(given[name], periods)
        for name in ("shortage_by_period", "backlog_end_by_period", "wait_by_period")
    )
    service = measured_service(given["demand"], short, backlog)
    waits = waiting_shares(waited, np.ones(periods), 9)
    out = {
        "alpha_period": service.period_service,
        "beta_units": service.unit_fill_rate,
        "gamma": service.backlog_service,
    }
    return out | {f"P_W{t}_period": waits[t] for t in range(10)}


def _by_period(sparse: dict[str, float], periods: int) -> np.ndarray:
    """A value a period from {period number from 1: value}, zero elsewhere."""
    dense = np.zeros(periods)
    for period, value in sparse.items():
        dense[int(period) - 1] = value
    return dense


def lead_time_variability(given: Inputs) -> Outputs:
    if "weekly_demand" in given:
        lead = lead_time_demand(given["weekly_demand"], 0.0, given["lead_time_weeks"], given["lead_time_sd"])
    else:
        lead = lead_time_demand(
            given["daily_mean"], given["daily_sd"], given["lead_time_days"], given["lead_time_sd"]
        )
    if "z" in given:
        safety = given["z"] * lead.sd_pieces
    else:
        safety = safety_stock_for_cycle_service(given["csl"], lead.sd_pieces)
    return {"sd_ltd": lead.sd_pieces, "safety_stock": safety, "ROP": lead.mean_pieces + safety}


def pooling_acme(given: Inputs) -> Outputs:
    out = {}
    for item in given["weekly_mean"]:
        batch = economic_order_quantity(
            given["order_cost"], given["holding_per_week"], given["weekly_mean"][item]
        )
        lead = lead_time_demand(
            given["weekly_mean"][item], given["weekly_sd"][item], given["lead_time_weeks"]
        )
        out[f"avg_inventory_{item}"] = given["z"] * lead.sd_pieces + batch.order_quantity_pieces / 2
    return out


def pooling_correlation(given: Inputs) -> Outputs:
    sites = np.full(given["k"], given["weekly_sd"], float)
    factor = safety_stock_for_cycle_service(given["csl"], np.sqrt(given["lead_time_weeks"]))
    return {
        "disaggregate_ss": factor * sites.sum(),
        "aggregate_ss": [factor * pooled_sd(sites, rho) for rho in given["rho"]],
    }


def pooling_grainger(given: Inputs) -> Outputs:
    out = {}
    for item, facts in given.items():
        if isinstance(facts, dict):
            store = safety_stock_for_cycle_service(
                given["csl"], facts["sd"] * np.sqrt(given["lead_time_weeks"])
            )
            central = square_root_law(store, given["stores"])
            out[item] = {"ss_store": store, "ss_central": central}
    return out


def square_root(given: Inputs) -> Outputs:
    return {"total_ss": square_root_law(given["ss_single"], given["n"])}


KINDS = {
    "rop_policy_evaluation": reorder_policy,
    "csl_from_rop": cycle_service_of_reorder_point,
    "fill_rate_from_rop": fill_rate_of_reorder_point,
    "ss_from_csl": safety_stock_of_cycle_service,
    "ss_from_fill_rate": safety_stock_of_fill_rate,
    "fill_rate_from_csl": fill_rate_of_cycle_service,
    "discrete_lead_time_demand": discrete_lead_time_demand,
    "fill_rate_two_term_correction": two_term_correction,
    "base_stock_periodic_poisson": periodic_poisson,
    "base_stock_periodic_normal": periodic_normal,
    "periodic_review_ss": periodic_safety_stock,
    "periodic_review_order_qty": periodic_order_quantity,
    "service_measurement_from_history": service_measurement,
    "lead_time_variability": lead_time_variability,
    "risk_pooling_acme": pooling_acme,
    "risk_pooling_correlation": pooling_correlation,
    "risk_pooling_grainger": pooling_grainger,
    "square_root_law": square_root,
}

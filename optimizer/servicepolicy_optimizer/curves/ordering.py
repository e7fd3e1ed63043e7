"""How much is ordered at a time, and at which price."""

import numpy as np
from servicepolicy_models.means import SupplyOption

from servicepolicy_optimizer.facts import Floats


def order_quantities(
    supply: SupplyOption, carrying_rate_per_year: float, days_per_year: float, unit_cost: Floats, pieces_per_day: Floats
) -> tuple[Floats, Floats]:
    """Order quantity (n,) in whole pieces and purchase price (n,) in currency per piece.

    For each price of the all-units discount: EOQ sqrt(2 K d / (h v)) at that price, lifted to the break, the minimum
    order and the multiple, capped by the longest cover; the cheapest in purchase + ordering + carrying wins
    (Silver, Pyke & Thomas 2017, 4.5; Snyder & Shen 2019, 3.4.2).
    """
    yearly = pieces_per_day * days_per_year
    cap = np.maximum(np.floor(pieces_per_day * supply.maximum_cover_days), 1.0)
    tiers = [(0.0, 1.0), *((step.from_pieces, step.unit_cost_factor) for step in supply.quantity_breaks)]
    best_cost = np.full(unit_cost.shape, np.inf)
    quantity, price = np.ones_like(unit_cost), unit_cost * supply.unit_cost_factor
    for from_pieces, factor in tiers:
        tier_price = unit_cost * supply.unit_cost_factor * factor
        holding = np.maximum(carrying_rate_per_year * tier_price, 1e-12)
        economic = np.sqrt(2.0 * supply.fixed_cost_per_order * yearly / holding)
        wanted = _whole(np.minimum(np.maximum(economic, from_pieces), np.maximum(cap, from_pieces)), supply)
        reachable = (from_pieces == 0.0) | (wanted <= np.maximum(cap, supply.minimum_order_pieces))
        cost = yearly * tier_price + supply.fixed_cost_per_order * yearly / wanted + holding * wanted / 2.0
        better = reachable & (cost < best_cost)
        best_cost = np.where(better, cost, best_cost)
        quantity = np.where(better, wanted, quantity)
        price = np.where(better, tier_price, price)
    return quantity, price


def _whole(pieces: Floats, supply: SupplyOption) -> Floats:
    """Whole pieces, at least the minimum order, in full multiples."""
    multiple = max(supply.order_multiple_pieces, 1.0)
    least = np.maximum(pieces, max(supply.minimum_order_pieces, 1.0))
    whole: Floats = multiple * np.maximum(np.ceil(least / multiple - 1e-9), 1.0)
    return whole

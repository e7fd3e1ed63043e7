"""What is short, and what a piece short costs."""

import numpy as np

from servicepolicy_models.means import StockoutReaction
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.asked import reaction_of
from servicepolicy_optimizer.facts import Facts, Floats


def pieces_short_per_year(pieces_per_year: Floats, fill_rate: Floats) -> Floats:
    """pieces x (1 - fill rate), per item, customer class and region.  (n, I, regions) from (n, I, regions),
    (n, I)
    """
    short: Floats = pieces_per_year * (1.0 - fill_rate)[:, :, None]
    return short


def cost_per_piece_short(scenario: Scenario, facts: Facts, unit_price: Floats) -> Floats:
    """pi: what a piece short costs, per item and customer class; 0 unless the scenario counts lost sales.
    (n, I)
    """
    cost = np.zeros((unit_price.size, len(facts.customer_classes)))
    if scenario.count_lost_sales:
        for i, customer_class in enumerate(facts.customer_classes):
            reaction = reaction_of(scenario, customer_class)
            if reaction is not None:
                cost[:, i] = reaction_cost(reaction, unit_price)
    return cost


def reaction_cost(reaction: StockoutReaction, unit_price: Floats) -> Floats:
    """What one short piece costs when customers react so.  [currency a piece]

    wait x cost_per_waiting_piece + substitute x cost_per_substituted_piece
    + (buy_elsewhere_once x lost_share_of_price + leave x leaving_multiple_of_price) x price;
    the simple form: shortage_factor x price.  After Corsten & Gruen (2003).

    >>> half_leave = StockoutReaction(wait=0.5, leave=0.5, leaving_multiple_of_price=2)
    >>> float(reaction_cost(half_leave, np.array(10.0)))
    10.0
    """
    if reaction.shortage_factor is not None:
        return reaction.shortage_factor * unit_price
    of_a_piece = (
        reaction.wait * reaction.cost_per_waiting_piece
        + reaction.substitute * reaction.cost_per_substituted_piece
    )
    of_its_price = (
        reaction.buy_elsewhere_once * reaction.lost_share_of_price
        + reaction.leave * reaction.leaving_multiple_of_price
    )
    return of_a_piece + of_its_price * unit_price

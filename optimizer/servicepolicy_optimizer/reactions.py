"""What a piece short costs: the customers' reaction to a stockout, per customer class."""

import numpy as np

from servicepolicy_models.means import Shortage, StockoutReaction
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Floats


def reaction_of(scenario: Scenario, customer_class: str) -> StockoutReaction | None:
    """The last reaction that names the class or `*`; None: short pieces cost nothing."""
    named = [r for r in scenario.stockout_reactions if r.customer_class in ("*", customer_class)]
    return named[-1] if named else None


def sales_are_lost(scenario: Scenario) -> bool:
    """Whether what is short is lost to the shelf; the scenario was checked to say the same of all classes."""
    reactions = (reaction_of(scenario, name) for name in scenario.segmentation.customers.classes)
    return any(one is not None and one.shortage is Shortage.LOST for one in reactions)


def cost_per_piece_short(scenario: Scenario, unit_price: Floats) -> Floats:
    """pi[n,i], currency per piece short of item n for customer class i.  (N, I)

    pi = wait x c_wait + substitute x c_sub + elsewhere x share x price + leave x multiple x price; with a
    shortage
    factor pi = factor x price. Zero where lost sales are not counted. Reactions after Corsten & Gruen (2003).
    """
    classes = scenario.segmentation.customers.classes
    cost = np.zeros((unit_price.size, len(classes)))
    if not scenario.count_lost_sales:
        return cost
    for i, customer_class in enumerate(classes):
        reaction = reaction_of(scenario, customer_class)
        if reaction is None:
            continue
        if reaction.shortage_factor is not None:
            cost[:, i] = reaction.shortage_factor * unit_price
            continue
        lost_multiple = (
            reaction.buy_elsewhere_once * reaction.lost_share_of_price
            + reaction.leave * reaction.leaving_multiple_of_price
        )
        flat = (
            reaction.wait * reaction.cost_per_waiting_piece
            + reaction.substitute * reaction.cost_per_substituted_piece
        )
        cost[:, i] = flat + lost_multiple * unit_price
    return cost

"""Whether budgets and promises contradict each other for every choice of rungs: Farkas' lemma, item by
item.
"""

from dataclasses import replace

from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.curves.cheapest_rungs import lagrangian
from servicepolicy_optimizer.floor import no_policy_at_all
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.path_table import path_table
from servicepolicy_optimizer.question import Question
from servicepolicy_optimizer.refine import item_prices
from servicepolicy_optimizer.solve import Prices, relax

MARGIN = 1e-7
"""Relative margin by which what is needed must exceed what there is: rounding proves nothing."""


def impossible(asked: Question) -> bool:
    """Whether it is proven that no policy keeps everything, whatever rung each item has. False proves
    nothing.
    """
    if asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM or no_policy_at_all(asked):
        return True
    prices = relax(build(asked.scenario, asked.choices), asked.scenario.limits)
    need, have = needed(asked, prices), available(asked, prices)
    return need > have + MARGIN * max(abs(need), abs(have))


def needed(asked: Question, prices: Prices) -> float:
    """The least that any policy takes of what is scarce, at these prices.

    Σ_j min_g Σ_h min over rungs (σ · stock value + μ_l · m³ + m · logistics cost + Σ_s λ_s · pieces short)
    + m · Σ_s min over paths of their logistics cost.  Fixed costs come on top and are left out.
    """
    by_option: dict[tuple[str, str], float] = {}
    for place, shelf in asked.room.shelves.items():
        at = item_prices(asked.facts, prices, place[0], asked.room.location(place))
        least = lagrangian(shelf, replace(at, objective=0.0))
        by_option[place[:2]] = by_option.get(place[:2], 0.0) + least
    stock = sum(
        min(by_option.get((item_class, option.name), 0.0) for option in offered)
        for item_class, offered in asked.choices.options.items()
    )
    paths: dict[tuple[str, str, str], float] = {}
    for (segment, _), offered_paths in asked.choices.paths.items():
        if len(offered_paths):
            cost = float(path_table(offered_paths).cost_without_lost_sales.min())
            paths[segment] = min(cost, paths.get(segment, cost))
    return stock + prices.money * sum(paths.values())


def available(asked: Question, prices: Prices) -> float:
    """What the promises, budgets and capacities leave of what is scarce, at the same prices.

    Σ_s λ_s (1 − target) pieces + Σ μ_s (1 − least fill rate) + σ · inventory budget + Σ_l μ_l · capacity
    + m · total cost budget, with μ the prices of the rows that bound a fill rate itself: OTIF (at the surest
    path) and counted promises. The rows of the order between classes have nothing on their right-hand side.
    """
    scenario, targets = asked.scenario, asked.choices.targets
    short = sum(
        price * (1.0 - targets[segment].fill_rate) * targets[segment].pieces_per_year
        for segment, price in prices.fill_rate.items()
    )
    missing = sum(
        price * (1.0 - _least_fill(asked, family, index[:3]))
        for (family, index), price in prices.rows.items()
        if family in ("otif_floor", "promise_within_plan")
    )
    rooms = {at.name: at.storage_capacity_m3 or 0.0 for at in scenario.locations}
    return (
        short
        + missing
        + prices.stock_value * (scenario.budgets.inventory_value or 0.0)
        + sum(price * rooms[location] for location, price in prices.storage_m3.items())
        + prices.money * (scenario.budgets.total_cost or 0.0)
    )


def _least_fill(asked: Question, family: str, segment: Segment) -> float:
    """The least fill rate with which any policy keeps a row of the segment."""
    target = asked.choices.targets[segment]
    if family == "promise_within_plan":
        return target.fill_rate
    surest = max(
        (
            path.on_time_probability
            for (served, _), paths in asked.choices.paths.items()
            if served == segment
            for path in paths
        ),
        default=1.0,
    )
    return (target.otif or 0.0) / max(surest, 1e-9)

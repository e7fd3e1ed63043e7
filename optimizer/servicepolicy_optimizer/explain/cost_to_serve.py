"""What a customer costs a year, if it were in this class or that, at the policy of the segments."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_models.policy import Policy, SegmentPolicy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.explain.customer_periods import CustomerPeriods
from servicepolicy_optimizer.facts import Floats, Ints

HOW_PRICED = (
    "Cost to serve at the policy as it stands: by line what response, transport and warehousing of the "
    "segment cost a line; by piece what stock, supply and lost sales of the segment cost a piece; and for "
    "pieces that move to another fill rate, the points between the two, each at what one more point costs in "
    "the better served segment. The policy is not solved again: these are prices for few moves, not for many."
)


@dataclass(frozen=True)
class Rates:
    """By customer class, item class and region, (I, J, R) each; NaN where nobody orders."""

    per_line: Floats
    per_piece: Floats
    fill_rate: Floats
    point_per_piece: Floats
    """What one more point of fill rate costs, by piece of the segment."""


def rates_of(scenario: Scenario, policy: Policy) -> Rates:
    """The segments' costs as rates."""
    cut = scenario.segmentation
    regions = [region.name for region in cut.regions]
    shape = (len(cut.customers.classes), len(cut.items.classes), len(regions))
    per_line, per_piece, fill, point = (np.full(shape, np.nan) for _ in range(4))
    for one in policy.segments:
        i, j = cut.customers.classes.index(one.customer_class), cut.items.classes.index(one.item_class)
        r = slice(None) if one.region == "*" else regions.index(one.region)
        if one.lines_per_year > 0 and one.pieces_per_year > 0:
            per_line[i, j, r] = _of_the_path(one) / one.lines_per_year
            per_piece[i, j, r] = _of_the_stock(one) / one.pieces_per_year
            fill[i, j, r] = one.planned_fill_rate
            point[i, j, r] = (one.marginal_cost_of_one_point or 0.0) / one.pieces_per_year
    return Rates(per_line, per_piece, fill, point)


def cost_to_serve(
    rates: Rates, customers: CustomerPeriods, before: Ints, after: Ints
) -> tuple[Floats, Floats]:
    """(C,) cost a year in the class before and in the class after.

    lines · per_line + pieces · per_piece, and after the move also pieces · (fill after − fill before) in
    points · price of a point in the better served of the two. Where nobody of the new class orders such
    items, they cost what they cost today.
    """
    was, becomes = _of_class(rates, before, before), _of_class(rates, after, before)
    better = np.where(becomes.fill_rate >= was.fill_rate, becomes.point_per_piece, was.point_per_piece)
    points = 100.0 * (becomes.fill_rate - was.fill_rate) * better

    def total(of: Rates, more: Floats | float) -> Floats:
        cost = customers.lines_per_year * of.per_line + customers.pieces_per_year * (of.per_piece + more)
        summed: Floats = cost.sum(axis=(1, 2))
        return summed

    return total(was, 0.0), total(becomes, points)


def _of_class(rates: Rates, own: Ints, otherwise: Ints) -> Rates:
    """(C, J, R) rates of each customer's class; those of another class where it has none, else 0."""

    def taken(table: Floats) -> Floats:
        mine, other = table[own], table[otherwise]
        known: Floats = np.nan_to_num(np.where(np.isnan(mine), other, mine))
        return known

    return Rates(
        taken(rates.per_line), taken(rates.per_piece), taken(rates.fill_rate), taken(rates.point_per_piece)
    )


def _of_the_path(one: SegmentPolicy) -> float:
    return one.cost.response + one.cost.transport + one.cost.warehousing


def _of_the_stock(one: SegmentPolicy) -> float:
    return one.cost.inventory + one.cost.supply + one.cost.lost_sales

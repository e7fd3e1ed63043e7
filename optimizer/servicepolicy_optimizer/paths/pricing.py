"""What a way costs a year, part by part: order entry, warehouse work, transport."""

from collections.abc import Sequence

import numpy as np

from servicepolicy_models.means import Channel, Process
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.facts import Facts, Floats
from servicepolicy_optimizer.paths.facilities import at_location
from servicepolicy_optimizer.paths.network import Legs
from servicepolicy_optimizer.paths.tariffs import LaneUse
from servicepolicy_optimizer.segments import cell, regions_of, total
from servicepolicy_optimizer.targets import SegmentTerms


def labour_hours(channel: Channel, facts: Facts, segment: Segment) -> float:
    """orders × hours per order + lines × hours per line, a year."""
    orders = total(facts.segments.orders_per_year, facts, segment)
    lines = total(facts.segments.lines_per_year, facts, segment)
    return orders * channel.labour_hours_per_order + lines * channel.labour_hours_per_line


def response_cost(channel: Channel, terms: SegmentTerms, facts: Facts, segment: Segment) -> float:
    """orders × order cost + lines × (line cost + error share × error cost) + labour hours × wage
    + returns share × lines × cost of a return − orders below the minimum × surcharge, a year.

    Orders are fractional: one with lines in several segments is shared among them by lines.
    """
    orders = total(facts.segments.orders_per_year, facts, segment)
    lines = total(facts.segments.lines_per_year, facts, segment)
    return (
        orders * channel.cost_per_order
        + lines * (channel.cost_per_line + channel.error_share_of_lines * channel.cost_per_error)
        + labour_hours(channel, facts, segment) * channel.labour_cost_per_hour
        + lines * terms.returns_share_of_lines * terms.cost_per_returned_line
        - small_orders(terms, facts, segment) * terms.small_order_surcharge
    )


def small_orders(terms: SegmentTerms, facts: Facts, segment: Segment) -> float:
    """Orders a year below the minimum order value: the given share, or that of the order values by region."""
    orders = facts.segments.orders_per_year[cell(facts, segment)]
    if terms.small_order_share is not None:
        return terms.small_order_share * total(facts.segments.orders_per_year, facts, segment)
    values = facts.segments.order_value_quantiles[cell(facts, segment)]
    covered = regions_of(facts, segment)
    share = np.array([share_below(values[r], terms.minimum_order_value) for r in covered])
    return float(orders[covered] @ share)


def share_below(percentiles: Floats, value: float) -> float:
    """Share of orders worth less than a value, from percentiles 0..100 of their values, linear in between.

    Values that are not told (all zero or not a number) tell of no small order.

    >>> share_below(np.linspace(0.0, 200.0, 101), 50.0)
    0.25
    """
    if not np.isfinite(percentiles).all() or percentiles[-1] <= 0.0:
        return 0.0
    reached = int(np.searchsorted(percentiles, value, side="left"))
    if reached in (0, percentiles.size):
        return float(reached > 0)
    below, above = percentiles[reached - 1], percentiles[reached]
    return float((reached - 1 + (value - below) / (above - below)) / (percentiles.size - 1))


def warehousing_cost(
    process: Process, terms: SegmentTerms, facts: Facts, segment: Segment, legs: Legs
) -> float:
    """Σ over legs of lines × (line + value-added cost) + pieces × piece cost + orders × order cost, a year.

    A location's own line and piece costs stand for the process's. The handling of a piece whatever the
    process (`Location.cost_per_piece`) belongs to the stock, not here.
    """
    i, j = cell(facts, segment)
    yearly = facts.segments
    cost = 0.0
    for r, location in zip(legs.regions, legs.locations, strict=True):
        own = at_location(process, location)
        per_line = process.cost_per_line if own is None or own.cost_per_line is None else own.cost_per_line
        per_piece = (
            process.cost_per_piece if own is None or own.cost_per_piece is None else own.cost_per_piece
        )
        cost += yearly.lines_per_year[i, j, r] * (per_line + terms.value_added_cost_per_line)
        cost += yearly.pieces_per_year[i, j, r] * per_piece
        cost += yearly.orders_per_year[i, j, r] * process.cost_per_order
    return float(cost)


def transport_cost(used: Sequence[LaneUse], facts: Facts, segment: Segment) -> Floats:
    """Σ over the legs of the yearly charge of the lanes.  (M, F)"""
    i, j = cell(facts, segment)
    return np.asarray(sum(use.transport_cost[:, :, i, j] for use in used))


def transport_co2e_kg(used: Sequence[LaneUse], facts: Facts, segment: Segment) -> Floats:
    """Σ over the legs of the yearly CO2e of the lanes.  (M, F)"""
    i, j = cell(facts, segment)
    return np.asarray(sum(use.co2e_kg[:, :, i, j] for use in used))

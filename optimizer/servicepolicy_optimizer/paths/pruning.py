"""Ways that no optimum needs: another is as good in every respect that the question asks about."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.choices import Segment, SegmentTarget
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.paths.ground import Ground
from servicepolicy_optimizer.paths.offers import Offers
from servicepolicy_optimizer.paths.order import faster_can_be_worse
from servicepolicy_optimizer.paths.ways import Mask

DIGITS = 12
"""Amounts are compared to so many digits of the largest: what differs by rounding alone is equal."""


@dataclass(frozen=True)
class Respects:
    """In what N ways of a segment under a deployment may differ for an optimum."""

    amounts: Floats
    """(N, K) the less the better, all K."""
    same: Floats
    """(N, E) must be equal for one way to stand for another."""
    scarce: Ints
    """(N, 3) channel, process, mode; 0 where it is not scarce. A way stands only for ways that use the
    same scarce means: its own channel, process and mode are each the other's, or not scarce."""


def undominated(respects: Respects, rank: Ints) -> Mask:
    """Ways that no other way makes superfluous; of equals the one of lowest rank stays.  (N,)

    Way a makes b superfluous when no amount of a is larger, what must be the same is the same, and every
    scarce means of a is also b's; and b does not do the same to a, or a ranks first. That is a partial order,
    so whatever is left out has a substitute among what stays.
    """
    no_worse = np.ones((rank.size, rank.size), dtype=np.bool_)
    for amount in respects.amounts.T:
        no_worse &= amount[:, None] <= amount[None, :]
    for value in respects.same.T:
        no_worse &= value[:, None] == value[None, :]
    for code in respects.scarce.T:
        no_worse &= (code[:, None] == 0) | (code[:, None] == code[None, :])
    superfluous = no_worse & (~no_worse.T | (rank[:, None] < rank[None, :]))
    return np.asarray(~superfluous.any(axis=0))


def prune(ground: Ground, segment: Segment, target: SegmentTarget, found: Offers) -> Offers:
    """Leave out the ways that another makes superfluous. What an optimum can tell them apart by is compared:

    - money: the objective, and the total cost without lost sales that a budget limits;
    - the promised hours; equal ones where a better class compares itself with this one, as there a faster
      promise can be worse;
    - the on-time probability, when an OTIF target makes stock depend on it;
    - CO2e, when there is a budget;
    - the channel, process and mode, where they are scarce (`scarcity`).

    Lines at a location and weight do not depend on the way. Of equals the surer one stays, then the first by
    name.
    """
    respects = _respects(ground, segment, target, found)
    order = np.lexsort((ground.ways.by_name[found.way], -_rounded(found.on_time_probability)))
    rank = np.empty(order.size, dtype=np.intp)
    rank[order] = np.arange(order.size)
    return found.take(undominated(respects, rank))


def _respects(ground: Ground, segment: Segment, target: SegmentTarget, found: Offers) -> Respects:
    scenario = ground.scenario
    hours = found.promised_hours
    compared = faster_can_be_worse(ground, segment)
    amounts = [found.cost, found.cost_without_lost_sales, hours]
    if target.otif is not None:
        amounts.append(-found.on_time_probability)
    if scenario.budgets.co2e_kg is not None:
        amounts.append(found.co2e_kg)
    return Respects(
        amounts=np.column_stack([_rounded(amount) for amount in amounts]),
        same=hours[:, None] if compared else np.empty((hours.size, 0)),
        scarce=_scarce(ground, found),
    )


def _scarce(ground: Ground, found: Offers) -> Ints:
    c, p, m, _ = np.unravel_index(found.way, ground.ways.shape)
    scarce = ground.scarcity
    return np.column_stack(
        [_codes(scarce.channel)[c], _codes(scarce.process(found.lines_per_day))[p], _codes(scarce.mode)[m]]
    )


def _codes(scarce: Mask) -> Ints:
    """1, 2, ... for each scarce means, 0 for the others."""
    return np.where(scarce, np.arange(1, scarce.size + 1), 0)


def _rounded(amount: Floats) -> Floats:
    scale = float(np.abs(amount).max(initial=0.0))
    return np.round(amount / scale, DIGITS) if scale > 0 else amount

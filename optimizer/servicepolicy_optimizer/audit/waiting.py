"""What becomes of pieces that are short: how long they wait, and how many still come within the promise.

Mean wait of a piece, served at once or not: backorders / demand (Little), exact where the backorders are. A
piece waits longer than t exactly when it would be short with a lead time shorter by t, since what is ordered
up to L - t before it has come by then; so the share served within t is the fill rate of the same decisions
with the lead time (L - t)+, and a piece that is short without any lead time comes with the order that it
causes. Exact for constant lead times, continuous review and backorders cleared in turn. A random lead time is
gamma, and a gamma with the mean and deviation of (L - t)+ stands for that. With reserve levels a class's
backorders count as cleared in turn. The wait and the response time after it are independent:

    P(wait + response <= T) = F(0) R(T) + sum over t of (F(t) - F(t-)) R(T - t),

F the share served within t, R the response time's law, summed in 24 steps up to T, R taken in the middle of
its two ends. F is a straight line between the days for which it was computed, the lead time among them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.policy import ItemPolicy, Policy, SegmentPolicy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.response_time import probability_of_legs
from servicepolicy_optimizer.audit.segment_account import segment_account
from servicepolicy_optimizer.audit.shelf import (
    Shelf,
    Stocked,
    demand_on,
    performance,
    pieces_per_day,
    shelves_of,
)
from servicepolicy_optimizer.facts import Facts, Floats
from servicepolicy_optimizer.inventory.excess import gamma_excess
from servicepolicy_optimizer.inventory.shelf_laws import LawfulDemand

HOURS_PER_DAY = 24.0
STEPS = 24


@dataclass(frozen=True)
class ShelfWaits:
    """How the customers of a shelf wait; n items, I customer classes."""

    shelf: Shelf
    days: Floats
    """(T,) rising, from 0."""
    served_within: Floats
    """(T, n, I) share of the pieces served within so many days."""
    mean_wait_days: Floats
    """(n, I)"""
    pieces_per_day: Floats
    """(n, I, served regions)"""


JudgeWaits = Callable[[Facts, Shelf, Iterable[float]], ShelfWaits]
"""The demand, a shelf, and the hours that are promised to its customers -> how these wait."""


def with_waits(scenario: Scenario, facts: Facts, policy: Policy, judge: JudgeWaits | None = None) -> Policy:
    """The policy with what its customers wait: in every segment, and in every row of the item table.

    judge: says of a shelf what `shelf_waits` says.
    """
    waits = waits_of(scenario, facts, policy, judge or shelf_waits)
    items = list(policy.items)
    for one in waits:
        for n, row in enumerate(one.shelf.rows):
            items[row] = _item_with(facts, items[row], one, n)
    return policy.model_copy(
        update={
            "items": tuple(items),
            "segments": tuple(_segment_with(scenario, facts, row, waits) for row in policy.segments),
        }
    )


def waits_of(scenario: Scenario, facts: Facts, policy: Policy, judge: JudgeWaits) -> tuple[ShelfWaits, ...]:
    """Every shelf of the policy, for the days that its segments' promises ask about."""
    hours: dict[str, set[float]] = {}
    for row in policy.segments:
        hours.setdefault(row.item_class, set()).add(row.promised_response_hours)
    return tuple(
        judge(facts, shelf, hours[shelf.item_class]) for shelf in shelves_of(scenario, facts, policy)
    )


def shelf_waits(
    facts: Facts, shelf: Shelf, promised_hours: Iterable[float], stocked: Stocked | None = None
) -> ShelfWaits:
    """Judge the shelf with its own lead time, and with shorter ones: by every promise, and by more days where
    that says more (`_days_to_ask`).

    stocked: what `performance` says of it with its own lead time, where that is known.
    """
    days = _days_to_ask(shelf, np.array(sorted(promised_hours)) / HOURS_PER_DAY)
    described, own = demand_on(facts, shelf), pieces_per_day(facts, shelf)
    if stocked is None:
        stocked = performance(facts, shelf, described.demand)
    by_class = own.sum(axis=2)
    wait = np.divide(stocked.backorders_pieces, by_class, out=np.zeros_like(by_class), where=by_class > 0)
    served, at_last = [stocked.fill_rate], _brought_by_own_order(facts, shelf, described)
    for day in days[1:]:
        if shelf.lost:
            served.append(stocked.fill_rate)
            continue
        shorter = described.with_lead_time(*_left_of_lead_time(shelf, float(day))).demand
        within = performance(facts, shelf, shorter).fill_rate + at_last * _own_order_within(shelf, float(day))
        served.append(np.clip(within, served[-1], 1.0))
    return ShelfWaits(shelf, days, np.stack(served), wait, own)


def _days_to_ask(shelf: Shelf, promised: Floats) -> Floats:
    """(T,) rising, from 0 to the longest promise, with a quarter and half of it; where a lead time ends by
    then, also days around it: what comes with its own order comes all at once.
    """
    longest, mean, sd = promised[-1], shelf.lead_time_days, shelf.supply.lead_time_sd_days
    around = mean + np.array([-2.0 * sd, -sd, 0.0, sd, 2.0 * sd, shelf.supply.review_days, -1e-9 * mean])
    around = around[(around > 0) & (around < longest)]
    some = around if mean <= longest else around[:0]
    return np.unique(np.concatenate([[0.0], promised, longest * np.array([0.25, 0.5]), some]))


def _left_of_lead_time(shelf: Shelf, day: float) -> tuple[float, float]:
    """Mean and deviation of (L - day)+."""
    mean, sd = shelf.lead_time_days, shelf.supply.lead_time_sd_days
    if not sd:
        return max(mean - day, 0.0), 0.0
    _, first, second = gamma_excess(np.array(day), np.array(mean), np.array(sd), 2)
    return float(first), float(np.sqrt(np.maximum(2.0 * second - first**2, 0.0)))


def _brought_by_own_order(facts: Facts, shelf: Shelf, described: LawfulDemand) -> Floats:
    """(n, I) share of the pieces that are short whatever is under way: the order that they cause brings them.

    None where the position after ordering, above the reorder point, does not cover the critical level: such a
    piece may wait for others' orders.
    """
    at_once = performance(facts, shelf, described.with_lead_time(0.0, 0.0).demand).fill_rate
    r, q = shelf.reorder_point_pieces, shelf.order_quantity_pieces
    least = r + ((r == np.floor(r)) & (q == np.floor(q)) & (q > 0))
    return np.where(least[:, None] >= shelf.critical_level_pieces, 1.0 - at_once, 0.0)


def _own_order_within(shelf: Shelf, day: float) -> float:
    """P(time to the next review + L <= day): the review is any moment of its interval, L gamma or fixed."""
    mean, sd, review = shelf.lead_time_days, shelf.supply.lead_time_sd_days, shelf.supply.review_days
    if not review:
        return 1.0 - float(gamma_excess(np.array(day), np.array(mean), np.array(sd), 0)[0])

    def waited(days: float) -> float:
        """E[(days - L)+]"""
        beyond = float(gamma_excess(np.array(days), np.array(mean), np.array(sd), 1)[1])
        return max(days - mean + beyond, 0.0) if days > 0 else 0.0

    return (waited(day) - waited(day - review)) / review


def _item_with(facts: Facts, row: ItemPolicy, waits: ShelfWaits, n: int) -> ItemPolicy:
    """The row with the mean wait of every class that orders the item."""
    ordering = waits.pieces_per_day[n].sum(axis=1) > 0
    found = {
        name: float(waits.mean_wait_days[n, i])
        for i, name in enumerate(facts.customer_classes)
        if ordering[i]
    }
    return row.model_copy(update={"mean_wait_days": found})


def _segment_with(
    scenario: Scenario, facts: Facts, row: SegmentPolicy, waits: tuple[ShelfWaits, ...]
) -> SegmentPolicy:
    """The segment with its mean wait, and the share of its pieces that come within the promise."""
    hours = np.linspace(0.0, row.promised_response_hours, STEPS + 1)
    i = facts.customer_classes.index(row.customer_class)
    pieces, wait, served = 0.0, 0.0, np.zeros(hours.size)
    for one in waits:
        if one.shelf.item_class != row.item_class:
            continue
        here = [row.region in ("*", region) for region in one.shelf.regions]
        weight = one.pieces_per_day[:, i][:, here].sum(axis=1)
        within = np.einsum("n,tn->t", weight, one.served_within[:, :, i])
        pieces, wait = pieces + float(weight.sum()), wait + float(weight @ one.mean_wait_days[:, i])
        served += np.interp(hours / HOURS_PER_DAY, one.days, within)
    if pieces <= 0:
        return row.model_copy(update={"mean_wait_days": 0.0, "delivered_on_time": row.on_time_probability})
    account = segment_account(scenario, facts, row)
    legs = [(leg.activity, leg.lane) for leg in account.legs]
    reached = probability_of_legs(account.means, legs, hours[::-1])  # R(T - t) at rising t
    share = served / pieces
    later = float(np.diff(share) @ ((reached[:-1] + reached[1:]) / 2))
    on_time = float(share[0]) * account.on_time_probability + later
    return row.model_copy(update={"mean_wait_days": wait / pieces, "delivered_on_time": min(on_time, 1.0)})

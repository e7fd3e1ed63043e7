"""Whole items that keep everything, made cheaper: group by group of shelves, chosen by the solver.

A group is a set of shelves with the segments that they alone serve. What others do bounds it: an order
between item classes, and what limits leave. So every step keeps what was kept and costs less, and the
decision is never worse than the one it began with.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from servicepolicy_models.rules import Limits
from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.answer.segment_service import segment_service
from servicepolicy_optimizer.answer.stock import Stock, stock_of
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.curves.columns import StockedShelf, StockPrices, rung_costs
from servicepolicy_optimizer.curves.stockroom import Place
from servicepolicy_optimizer.decided import Decided
from servicepolicy_optimizer.facts import Floats, Ints, Rungs
from servicepolicy_optimizer.realise.by_solver import chosen_in_time
from servicepolicy_optimizer.realise.decision import Plan, need, ordered_segments, promised_fill_rate
from servicepolicy_optimizer.realise.group import Effort, Group
from servicepolicy_optimizer.stock_limits import room_left

MOST_ITEMS = 400
"""Of a group. With more, what whole items lose against their mix is a step of one in so many."""
WORTH_IT = 5e-5
"""Share of the cost of everything that whole items of all groups may lose before anything is looked for."""
MOST_NODES, MOST_NODES_IN_ALL = 200, 2_400
"""Of the search tree of a group, and of those of all groups together."""


@dataclass(frozen=True)
class _Served:
    """A segment, as a group sees it."""

    segment: Segment
    customer_class: int
    regions: tuple[int, ...]
    pieces: float
    """A year."""
    short_at_most: float


@dataclass(frozen=True)
class _Standing:
    """What is decided so far, and what a group has to know of all others: most groups leave it as it is."""

    plan: Plan
    decided: Decided

    @cached_property
    def left(self) -> Mapping[str, float]:
        """What limits leave; none where they do not bound what items may use."""
        return room_left(self.plan.asked, self.decided) if self.plan.limited else {}

    @cached_property
    def stock(self) -> Stock:
        """Of every shelf."""
        return stock_of(self.plan.asked.room, self.decided)


_Together = tuple[tuple[Place, ...], tuple[_Served, ...]]
"""The shelves of a group, and the segments that they alone serve."""


def improved(plan: Plan, decided: Decided) -> Decided:
    """The decision, or a cheaper one that keeps all that it keeps."""
    if plan.asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM or promises_cycles(plan):
        return decided
    all_of_it = Effort(WORTH_IT * abs(plan.solution.objective or 0.0), MOST_NODES_IN_ALL, limits_of(plan))
    return improved_in_time(plan, decided, all_of_it)[0]


def improved_in_time(
    plan: Plan, decided: Decided, all_of_it: Effort, short_price: Mapping[Segment, float] | None = None
) -> tuple[Decided, bool]:
    """`improved` with an effort that the groups share, and whether no limit of seconds cut it short.

    short_price: currency a piece short, near to the best prices of every promise; where they are known, and
    nothing else is scarce.
    """
    groups, every_in_time = _groups(plan, decided), True
    of_each = Effort(
        worth=all_of_it.worth / max(len(groups), 1),
        most_nodes=max(min(MOST_NODES, all_of_it.most_nodes // max(len(groups), 1)), 1),
        limits=all_of_it.limits,
    )
    at = _Standing(plan, decided)
    for together in groups:
        better, in_time = _group_improved(at, together, of_each, short_price)
        at = at if better is at.decided else _Standing(plan, better)
        every_in_time &= in_time
    return at.decided, every_in_time


def limits_of(plan: Plan) -> Limits:
    """When the solver may stop."""
    return plan.asked.scenario.limits


def promises_cycles(plan: Plan) -> bool:
    """Whether any segment is promised cycle service."""
    return any(one.cycle_service_level is not None for one in plan.asked.choices.targets.values())


def _groups(plan: Plan, decided: Decided) -> Sequence[_Together]:
    """Shelves that serve a segment together belong together, and so do segments of an item class that stand
    in an order: what one is given too much, the better ones would have to be given too.
    """
    found: list[_Together] = []
    for item_class, option in decided.options.items():
        places = [(item_class, option.name, shelf.name) for shelf in option.shelves]
        served = _served(plan, item_class)
        joined = _joined(plan, places, served)
        for number in np.unique(joined):
            of_it = np.flatnonzero(joined == number)
            shelves = tuple(places[n] for n in of_it if n < len(places))
            segments = tuple(served[n - len(places)] for n in of_it if n >= len(places))
            if shelves and segments:
                found.append((shelves, segments))
    return found


def _served(plan: Plan, item_class: str) -> list[_Served]:
    """The segments of an item class that order anything."""
    found = []
    for segment, target in plan.asked.choices.targets.items():
        if segment[1] == item_class and target.pieces_per_year > 0:
            asks = need(plan.asked, segment, promised_fill_rate(plan, segment))
            found.append(
                _Served(
                    segment, asks.customer_class, asks.regions, target.pieces_per_year, asks.short_at_most
                )
            )
    return found


def _joined(plan: Plan, places: Sequence[Place], served: Sequence[_Served]) -> Ints:
    """(shelves + segments,) number of the group of each."""
    shelves = [plan.asked.room.shelves[place] for place in places]
    own = {one.segment: len(places) + k for k, one in enumerate(served)}
    pairs = [
        (n, own[one.segment])
        for one in served
        for n, shelf in enumerate(shelves)
        if _pieces(shelf, one).any()
    ]
    pairs += [
        (own[one], own[other]) for one, other in ordered_segments(plan.asked) if {one, other} <= own.keys()
    ]
    size = len(places) + len(served)
    ends = np.array(pairs, np.intp).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    _, number = connected_components(graph, directed=False)
    return np.asarray(number, np.intp)


def _pieces(shelf: StockedShelf, served: _Served) -> Floats:
    """(n,) pieces a year."""
    pieces: Floats = shelf.items.pieces[:, served.customer_class][:, list(served.regions)].sum(axis=1)
    return pieces


def _group_improved(
    at: _Standing, together: _Together, effort: Effort, short_price: Mapping[Segment, float] | None
) -> tuple[Decided, bool]:
    places, served = together
    plan, decided = at.plan, at.decided
    shelves = [plan.asked.room.shelves[place] for place in places]
    count = [shelf.items.rows.size for shelf in shelves]
    if not 0 < sum(count) <= MOST_ITEMS or len({shelf.rungs.rungs for shelf in shelves}) > 1:
        return decided, True
    known = np.concatenate([decided.rungs[place] for place in places]).astype(np.intp)
    group = _group(at, (places, known), served)
    chosen, in_time = chosen_in_time(group, known, effort, _price(group, served, short_price))
    if chosen is known:
        return decided, in_time
    parts: Sequence[Rungs] = np.split(chosen, np.cumsum(count)[:-1])
    return replace(decided, rungs={**decided.rungs, **dict(zip(places, parts, strict=True))}), in_time


def _price(
    group: Group, served: tuple[_Served, ...], short_price: Mapping[Segment, float] | None
) -> Floats | None:
    """(R,) of the group's rows, of which the first are the pieces short of the segments."""
    if short_price is None:
        return None
    price = np.zeros(len(group.rows))
    price[: len(served)] = [-short_price[one.segment] for one in served]
    return price


def _group(at: _Standing, known: tuple[tuple[Place, ...], Ints], served: tuple[_Served, ...]) -> Group:
    plan = at.plan
    places, chosen = known
    shelves = [plan.asked.room.shelves[place] for place in places]
    cost = np.concatenate([_cost(shelf) for shelf in shelves])
    short = np.stack([np.concatenate([_short(shelf, one) for shelf in shelves]) for one in served])
    least, most = _sides(at, served)
    ordered = _ordered_within(plan, served, short)
    scarce = list(_scarce(at, places))
    now = [float(use[np.arange(chosen.size), chosen].sum()) for use, _ in scarce]
    rows = [short, *(one[None] for one in ordered), *(use[None] for use, _ in scarce)]
    room = [at + max(left, 0.0) for at, (_, left) in zip(now, scarce, strict=True)]
    none = np.full(len(ordered) + len(scarce), -np.inf)
    return Group(
        cost,
        np.concatenate(rows),
        np.concatenate([least, none]),
        np.concatenate([most, np.zeros(len(ordered)), room]),
    )


def _cost(shelf: StockedShelf) -> Floats:
    """(n, M) currency a year."""
    return rung_costs(shelf, StockPrices(np.zeros(shelf.items.pieces.shape[1:])))


def _short(shelf: StockedShelf, served: _Served) -> Floats:
    """(n, M) pieces short a year."""
    fill = shelf.rungs.fill_rate
    of_class = fill[:, :, 0 if fill.shape[2] == 1 else served.customer_class]
    short: Floats = _pieces(shelf, served)[:, None] * (1.0 - of_class)
    return short


def _sides(at: _Standing, served: tuple[_Served, ...]) -> tuple[Floats, Floats]:
    """Pieces short at least and at most: as promised, and as segments of other groups allow by the order."""
    least = np.full(len(served), -np.inf)
    most = np.array([one.short_at_most for one in served])
    pairs = ordered_segments(at.plan.asked)
    if not pairs:
        return least, most
    own = {one.segment: k for k, one in enumerate(served)}
    for better, worse in pairs:
        if (better in own) == (worse in own):
            continue
        other = worse if better in own else better
        missed = 1.0 - segment_service(at.plan.asked.facts, at.stock, other).fill_rate
        if better in own:
            most[own[better]] = min(most[own[better]], missed * served[own[better]].pieces)
        else:
            least[own[worse]] = max(least[own[worse]], missed * served[own[worse]].pieces)
    return least, most


def _ordered_within(plan: Plan, served: tuple[_Served, ...], short: Floats) -> list[Floats]:
    """(N, M) a pair of segments of the group: share short of the better less that of the worse, at most 0."""
    own = {one.segment: k for k, one in enumerate(served)}
    return [
        short[own[better]] / served[own[better]].pieces - short[own[worse]] / served[own[worse]].pieces
        for better, worse in ordered_segments(plan.asked)
        if better in own and worse in own
    ]


def _scarce(at: _Standing, places: tuple[Place, ...]) -> Iterator[tuple[Floats, float]]:
    """(N, M) what rungs use of what is limited, and how much of it is left."""
    asked, left = at.plan.asked, at.left
    if not left:
        return
    shelves = [asked.room.shelves[place] for place in places]
    on_hand = [shelf.rungs.on_hand_pieces for shelf in shelves]
    if "inventory_value" in left:
        worth = [shelf.items.purchase_price for shelf in shelves]
        yield _times(on_hand, worth), left["inventory_value"]
    if "total_cost" in left:
        yield _times(on_hand, [shelf.holding_cost for shelf in shelves]), left["total_cost"]
    for location in sorted({asked.room.location(place) for place in places}):
        if f"storage:{location}" in left:
            here = [float(asked.room.location(place) == location) for place in places]
            volume = [one * shelf.items.unit_volume_m3 for one, shelf in zip(here, shelves, strict=True)]
            yield _times(on_hand, volume), left[f"storage:{location}"]


def _times(on_hand: Sequence[Floats], per_piece: Sequence[Floats]) -> Floats:
    parts = [held * each[:, None] for held, each in zip(on_hand, per_piece, strict=True)]
    whole: Floats = np.concatenate(parts)
    return whole

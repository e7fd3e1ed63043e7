"""What customers got in one run: every share says what it counts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.simulate.asked import Asked
from servicepolicy_optimizer.simulate.groups import Groups, groups_of
from servicepolicy_optimizer.simulate.lines import LEAST_PIECES
from servicepolicy_optimizer.simulate.plan import Plan
from servicepolicy_optimizer.simulate.play import Played
from servicepolicy_optimizer.simulate.shelf_time import ShelfTime, shelf_time
from servicepolicy_optimizer.simulate.stages import drawn_hours
from servicepolicy_optimizer.simulate.world import World

HOURS_PER_DAY = 24.0
SHARES = (0.5, 0.9, 0.95, 0.99)
"""Shares of the lines whose response time is told."""

Figures = dict[str, Floats]


@dataclass(frozen=True)
class RunFigures:
    """One run. G groups: the segments, the item classes, all; N shelves, K customer classes."""

    service: Figures
    """Field of `Service` -> (G,); NaN where nothing happened."""
    hours: Figures
    """`response_hours`, `response_hours_with_wait` -> (G, shares)."""
    asked_pieces: Floats
    """(N, K) in the measured time."""
    from_stock_pieces: Floats
    """(N, K)"""
    short_cycles: Floats
    """(N,) cycles in which anybody had to wait."""
    short_cycles_of_class: Floats
    """(N, K) cycles in which anybody of the class had to wait."""
    shelf: ShelfTime
    balance: tuple[float, float, float, float]
    """Asked for, delivered, waiting at the end and lost: pieces of the whole run."""


@dataclass(frozen=True)
class _Measured:
    """The M lines asked for in the measured time."""

    groups: Groups
    order: Ints
    pieces: Floats
    from_stock: Floats
    cycle: Ints
    shelf: Ints
    wait_hours: Floats
    """Of a line that still waits at the end: until then."""
    arrived: NDArray[np.bool_]
    """False: it still waits at the end, or pieces of it are lost."""
    stage_hours: Floats
    promised_hours: Floats

    @property
    def whole(self) -> NDArray[np.bool_]:
        """(M,) delivered whole at once."""
        return np.asarray(self.pieces - self.from_stock <= LEAST_PIECES)

    @property
    def hours_with_wait(self) -> Floats:
        """(M,) until the last piece is delivered."""
        return self.stage_hours + self.wait_hours

    @property
    def in_time(self) -> NDArray[np.bool_]:
        """(M,) delivered whole within the promised hours."""
        return np.asarray(self.arrived & (self.hours_with_wait <= self.promised_hours))


def measured(
    world: World, came: Asked, played: Played, plan: Plan, delivering: np.random.Generator
) -> RunFigures:
    """Measure a run; stage times are drawn per shipment: the lines of an order in one segment and region."""
    classes = len(world.facts.customer_classes)
    lines = _measured(world, came, played, plan, delivering)
    shelf = shelf_time(world, played, plan)
    place = lines.shelf * classes + came.lines.customer_class[_within(came, plan)]

    def by_place(pieces: Floats) -> Floats:
        counted = np.bincount(place, pieces, world.item.size * classes)
        return np.asarray(counted, float).reshape(-1, classes)

    return RunFigures(
        service=_pieces_and_lines(lines)
        | _orders(lines)
        | _cycles_and_time(world, lines, shelf, shelf.ready_share.ravel()[place])
        | _response(lines),
        hours={
            "response_hours": lines.groups.quantiles(lines.stage_hours, SHARES),
            "response_hours_with_wait": lines.groups.quantiles(lines.hours_with_wait, SHARES),
        },
        asked_pieces=by_place(lines.pieces),
        from_stock_pieces=by_place(lines.from_stock),
        short_cycles=_short_cycles(lines, shelf),
        short_cycles_of_class=_short_cycles_of_class(lines, shelf, place, classes),
        shelf=shelf,
        balance=_balance(world, came, played),
    )


def _within(came: Asked, plan: Plan) -> Ints:
    time = came.lines.time_days
    return np.flatnonzero((time >= plan.measured_from_days) & (time < plan.measured_to_days))


def _measured(
    world: World, came: Asked, played: Played, plan: Plan, delivering: np.random.Generator
) -> _Measured:
    row = _within(came, plan)
    lines, atom = came.lines.of(row), came.atom[row]
    item_class = world.item_class[lines.shelf]
    segment = world.segment_of[item_class, atom]
    region = atom // len(world.facts.customer_classes)
    shipment = came.order[row] * (len(world.segments) * len(world.facts.regions))
    shipment, first = pd.factorize(shipment + segment * len(world.facts.regions) + region)
    one = np.zeros(len(first), np.intp)
    one[shipment[::-1]] = np.arange(row.size)[::-1]  # its first line
    hours = drawn_hours(world.legs, segment[one], region[one], delivering)
    came_in = np.isfinite(played.wait_days[row])
    arrived = came_in & (played.lost_pieces[row] <= LEAST_PIECES)
    wait_days = np.where(came_in, played.wait_days[row], plan.until_days - lines.time_days)
    return _Measured(
        groups=groups_of(world, segment, item_class),
        order=came.order[row],
        pieces=lines.pieces,
        from_stock=played.from_stock_pieces[row],
        cycle=played.cycle[row],
        shelf=lines.shelf,
        wait_hours=wait_days * HOURS_PER_DAY,
        arrived=arrived,
        stage_hours=hours[shipment],
        promised_hours=world.promised_hours[segment],
    )


def _pieces_and_lines(lines: _Measured) -> Figures:
    total = lines.groups.total
    pieces, count = total(lines.pieces), total(np.ones(lines.pieces.size))
    on_time = lines.stage_hours <= lines.promised_hours
    return {
        "pieces": pieces,
        "lines": count,
        "unit_fill_rate": _share(total(lines.from_stock), pieces),
        "line_fill_rate": _share(total(lines.whole), count),
        "otif": _share(total(lines.from_stock * on_time), pieces),
        "on_time_share": _share(total(on_time), count),
    }


def _orders(lines: _Measured) -> Figures:
    """Orders count once in every group that they have a line in, and fail by any line there."""
    orders, whole, kept = (np.zeros(lines.groups.count) for _ in range(3))
    for group, members in lines.groups.levels():
        number, first = pd.factorize(lines.order * len(group) + members)
        of_group = np.asarray(first % len(group), np.intp)
        orders[group] = np.bincount(of_group, minlength=len(group))
        for filled, counted in ((lines.whole, whole), (lines.in_time, kept)):
            failed = np.bincount(number, ~filled, len(first)) > 0
            counted[group] = np.bincount(of_group, ~failed, len(group))
    return {
        "orders": orders,
        "order_fill_rate": _share(whole, orders),
        "otif_orders": _share(kept, orders),
    }


def _cycles_and_time(world: World, lines: _Measured, shelf: ShelfTime, ready: Floats) -> Figures:
    """Cycles in which somebody of the group had to wait, of all cycles of the shelves that serve it."""
    cycles, short = np.zeros(lines.groups.count), np.zeros(lines.groups.count)
    late = np.flatnonzero(~lines.whole & shelf.ended_cycle[lines.cycle])
    for (group, members), (served, by) in zip(lines.groups.levels(), _serving(world), strict=True):
        cycles[group] = np.bincount(by, shelf.cycles[served], len(group))
        failed = np.unique(lines.cycle[late] * len(group) + members[late]) % len(group)
        short[group] = np.bincount(failed, minlength=len(group))
    return {
        "cycle_service_level": 1.0 - _share(short, cycles),
        "ready_rate": _share(lines.groups.total(ready * lines.pieces), lines.groups.total(lines.pieces)),
    }


def _short_cycles(lines: _Measured, shelf: ShelfTime) -> Floats:
    late = np.flatnonzero(~lines.whole & shelf.ended_cycle[lines.cycle])
    _, one = np.unique(lines.cycle[late], return_index=True)
    return np.bincount(lines.shelf[late[one]], minlength=shelf.cycles.size).astype(float)


def _short_cycles_of_class(lines: _Measured, shelf: ShelfTime, place: Ints, classes: int) -> Floats:
    """place (M,): shelf x classes + class of each line."""
    late = np.flatnonzero(~lines.whole & shelf.ended_cycle[lines.cycle])
    _, one = np.unique(lines.cycle[late] * classes + place[late] % classes, return_index=True)
    counted = np.bincount(place[late[one]], minlength=shelf.cycles.size * classes)
    return counted.astype(float).reshape(-1, classes)


def _serving(world: World) -> tuple[tuple[Ints, Ints], ...]:
    """By level: the shelves and the group of that level that each serves, every pair once."""
    item, atom = np.nonzero(world.facts.items.pieces_per_day > 0)
    shelf = world.shelf_of[item, atom]
    segment = world.segment_of[world.facts.items.item_class[item], atom]
    pair = np.unique(shelf * len(world.segments) + segment)
    every = np.arange(world.item.size)
    by_segment = (pair // len(world.segments), pair % len(world.segments))
    return by_segment, (every, world.item_class), (every, np.zeros_like(every))


def _response(lines: _Measured) -> Figures:
    total = lines.groups.total
    count = total(np.ones(lines.pieces.size))
    return {
        "mean_wait_days": _share(total(lines.wait_hours), count) / HOURS_PER_DAY,
        "mean_response_hours": _share(total(lines.stage_hours), count),
        "mean_response_hours_with_wait": _share(total(lines.hours_with_wait), count),
        "on_time_share_with_wait": _share(total(lines.in_time), count),
    }


def _balance(world: World, came: Asked, played: Played) -> tuple[float, float, float, float]:
    """Asked, delivered, waiting, lost. Delivered is what was brought and no longer stands there."""
    last = np.flatnonzero(np.diff(played.events.shelf, append=world.item.size))
    brought = played.events.change_pieces[~played.events.is_line].sum()
    waiting = float(played.owed_pieces[last].sum())
    owed_at_start = float(-np.minimum(played.events.change_pieces[_starts(played)], 0.0).sum())
    delivered = float(brought - played.on_hand_pieces[last].sum()) + owed_at_start
    lost = float(played.lost_pieces.sum())
    return float(came.lines.pieces.sum()) + owed_at_start, delivered, waiting, lost


def _starts(played: Played) -> Ints:
    return np.flatnonzero(np.diff(played.events.shelf, prepend=-1))


def _share(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0))

"""The recorded order lines as arrays, and runs made of them: replayed, or drawn in blocks."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import DemandFiles, read_tables
from servicepolicy_optimizer.facts import Facts, Floats, Ints
from servicepolicy_optimizer.profile import facts, place
from servicepolicy_optimizer.profile.history import history
from servicepolicy_optimizer.profile.placement import Placement
from servicepolicy_optimizer.simulate.asked import Asked, asked
from servicepolicy_optimizer.simulate.world import World

DAYS_OF_THE_WEEK = 7


@dataclass(frozen=True)
class RecordedLines:
    """M cleaned order lines in the order of day and file."""

    item: Ints
    """(M,) row of the item in the facts."""
    atom: Ints
    """(M,) region x customer classes + customer class."""
    pieces: Floats
    """(M,)"""
    order: Ints
    """(M,) number of the order: lines of one order number on one day."""
    day: Ints
    """(M,) calendar day of the history, 0 is the first."""
    hour_share: Floats
    """(M,) when in the day, 0 to 1: the orders of a day follow each other evenly, in the order of the file;
    the record keeps no hours."""
    calendar_days: int
    """Of the history."""
    days_per_calendar_day: float
    """Days of trade (what rates and lead times count) in a calendar day."""

    @property
    def days(self) -> float:
        """Days of trade in the history."""
        return self.calendar_days * self.days_per_calendar_day


def read_recorded(scenario: Scenario, source: OrderLines, files: DemandFiles) -> tuple[Facts, RecordedLines]:
    """Read the order lines once: the demand facts, and the lines themselves.

    Raises OrderLinesRejected or TableRejected with all findings that block.
    """
    with read_tables(scenario, source, files, become_arrays=True) as tables:
        known = facts(scenario, tables.lines, tables.items, tables.customers)
        placement = place(scenario, tables.lines, tables.items, tables.customers)
        return known, recorded_lines(scenario, source, placement)


def recorded_lines(scenario: Scenario, source: OrderLines, placement: Placement) -> RecordedLines:
    """The placed lines of a reading of order lines, as arrays."""
    found = placement.cleaned.desk.connection.execute(
        "SELECT item, i, r, day, CAST(pieces AS DOUBLE) AS pieces, dense_rank() OVER (ORDER BY day, first) "
        "- 1 AS number, dense_rank() OVER (PARTITION BY day ORDER BY first) - 0.5 AS place FROM "
        "(SELECT *, min(row) OVER (PARTITION BY day, order_number) AS first "
        f"FROM {placement.placed}) ORDER BY day, row"
    ).fetchnumpy()
    day = np.asarray(found["day"], np.intp)
    place_in_day, span = np.asarray(found["place"], float), history(placement.cleaned, source)
    orders_of_day = np.zeros(placement.cleaned.span_days)
    np.maximum.at(orders_of_day, day, place_in_day + 0.5)
    classes = len(scenario.segmentation.customers.classes)
    return RecordedLines(
        item=np.asarray(found["item"], np.intp),
        atom=np.asarray(found["r"], np.intp) * classes + np.asarray(found["i"], np.intp),
        pieces=np.asarray(found["pieces"], float),
        order=np.asarray(found["number"], np.intp),
        day=day,
        hour_share=place_in_day / orders_of_day[day],
        calendar_days=placement.cleaned.span_days,
        days_per_calendar_day=span.days / placement.cleaned.span_days,
    )


def replayed(recorded: RecordedLines, world: World) -> Asked:
    """The lines exactly as they were recorded."""
    return _on_days(recorded, world, np.arange(recorded.calendar_days))


def bootstrapped(
    recorded: RecordedLines, world: World, until_days: float, block_days: int, rng: np.random.Generator
) -> Asked:
    """Blocks of consecutive days drawn with replacement, one after another, up to a time.

    A block begins on any day that lets the weekdays go on, each with the same chance; one that runs over the
    end of the record goes on at its beginning, on the right weekday (circular block bootstrap: Politis &
    Romano 1992).
    """
    days = int(np.ceil(until_days / recorded.days_per_calendar_day))
    start = _block_starts(recorded.calendar_days, -(-days // block_days), block_days, rng)
    source = (start[:, None] + np.arange(block_days)).ravel()[:days]
    whole_weeks = max(recorded.calendar_days // DAYS_OF_THE_WEEK, 1) * DAYS_OF_THE_WEEK
    over = source >= recorded.calendar_days
    # Whole weeks back; a record of less than a week simply begins again.
    back = whole_weeks if whole_weeks <= recorded.calendar_days else recorded.calendar_days
    source = np.where(over, source - back * -(-(source - recorded.calendar_days + 1) // back), source)
    return _on_days(recorded, world, source, until_days)


def _block_starts(calendar_days: int, blocks: int, block_days: int, rng: np.random.Generator) -> Ints:
    """First day of each block."""
    chance = rng.uniform(size=blocks + 1)
    if calendar_days < DAYS_OF_THE_WEEK:
        return np.floor(chance[1:] * calendar_days).astype(np.intp)
    weekday = (int(chance[0] * calendar_days) + block_days * np.arange(blocks)) % DAYS_OF_THE_WEEK
    such_days = (calendar_days - 1 - weekday) // DAYS_OF_THE_WEEK + 1
    return np.asarray(weekday + DAYS_OF_THE_WEEK * np.floor(chance[1:] * such_days), np.intp)


def _on_days(recorded: RecordedLines, world: World, source: Ints, until_days: float = np.inf) -> Asked:
    """The lines of a sequence of recorded days (D,), put on days 0 .. D - 1."""
    bounds = np.searchsorted(recorded.day, np.arange(recorded.calendar_days + 1))
    first, count = bounds[source], (bounds[1:] - bounds[:-1])[source]
    row = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(count.sum())
    day = np.repeat(np.arange(source.size), count)
    time = (day + recorded.hour_share[row]) * recorded.days_per_calendar_day
    order = day * (int(recorded.order.max(initial=0)) + 1) + recorded.order[row]
    within = time < until_days
    row, time, order = row[within], time[within], order[within]
    return asked(world, recorded.item[row], recorded.atom[row], time, recorded.pieces[row], order)

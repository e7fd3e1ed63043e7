"""Matching by brackets in SQL finds what a loop over the cancellations finds."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.profile.cancellations import match_cancellations

# (customer, item, hour, pieces, back)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["c1", "c2"]),
        st.sampled_from(["x", "y"]),
        st.integers(0, 9),
        st.sampled_from([1.0, 2.0, 3.0, 0.1, 0.2]),
        st.booleans(),
    ),
    min_size=4,
    max_size=24,
)


def left_by_loop(events):
    """The two rounds as sentences: {row: pieces left} of every line of the groups with a cancellation."""
    order = sorted(range(len(events)), key=lambda row: (events[row][2], events[row][4], row))
    left = {row: event[3] for row, event in enumerate(events)}
    gone = set()
    for exact in (True, False):
        for row in order:
            customer, item, _, pieces, back = events[row]
            if not back or row in gone:
                continue
            earlier = [
                one
                for one in order[: order.index(row)]
                if events[one][:2] == (customer, item) and not events[one][4] and one not in gone
            ]
            for one in reversed(earlier):
                if exact and events[one][3] == pieces:
                    left[one] = left[row] = 0.0
                    gone |= {one, row}
                    break
                if not exact:
                    taken = min(left[one], left[row])
                    left[one] -= taken
                    left[row] -= taken
    return {row: amount if amount > 1e-9 else 0.0 for row, amount in left.items()}


def left_by_sql(events, desk):
    desk.connection.execute(
        "CREATE OR REPLACE TABLE event (row BIGINT, trade BIGINT, ordered_at TIMESTAMP, pieces DOUBLE, "
        "back BOOLEAN)"
    )
    trades = sorted({event[:2] for event in events})
    for row, (customer, item, hour, pieces, back) in enumerate(events):
        values = [row, trades.index((customer, item)), f"2020-01-01 {hour:02d}:00:00", pieces, back]
        desk.connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", values)
    left = match_cancellations("event", desk)
    found = dict(desk.connection.execute(f"SELECT * FROM {left}").fetchall())
    rows = desk.connection.execute(f"SELECT count(*) FROM {left}").fetchall()[0][0]
    assert rows == len(found), "a line stands twice in the result"
    return {row: found.get(row, event[3]) for row, event in enumerate(events)}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_brackets_find_what_a_loop_finds(desk, events):
    assert left_by_sql(events, desk) == pytest.approx(left_by_loop(events), abs=1e-9)


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ([("c", "x", 1, 5, False), ("c", "x", 2, 5, True)], [0, 0]),
        ([("c", "x", 2, 5, False), ("c", "x", 1, 5, True)], [5, 5]),
        ([("c", "x", 1, 5, False), ("d", "x", 2, 5, True)], [5, 5]),
        ([("c", "x", 1, 5, False), ("c", "y", 2, 5, True)], [5, 5]),
        ([("c", "x", 1, 5, False), ("c", "x", 2, 5, False), ("c", "x", 3, 5, True)], [5, 0, 0]),
        ([("c", "x", 1, 5, False), ("c", "x", 2, 7, False), ("c", "x", 3, 5, True)], [0, 7, 0]),
        ([("c", "x", 1, 5, False), ("c", "x", 2, 7, False), ("c", "x", 3, 9, True)], [3, 0, 0]),
        ([("c", "x", 1, 5, False), ("c", "x", 2, 9, True)], [0, 4]),
        ([("c", "x", 1, 5, True), ("c", "x", 1, 5, False)], [0, 0]),
    ],
    ids=[
        "same pieces",
        "never what comes later",
        "only the same customer",
        "only the same item",
        "the latest first",
        "exact pieces before the latest",
        "off several lines",
        "more than was ordered",
        "at one moment orders come first",
    ],
)
def test_what_a_cancellation_takes_back(desk, events, left):
    assert list(left_by_sql(events, desk).values()) == left


def test_what_is_left_does_not_depend_on_the_numbers_of_the_trades(desk):
    """To the last bit, where quantities are tenths: lines in arrays number their trades otherwise."""
    rng, size = np.random.default_rng(7), 3000
    event = {
        "row": np.arange(size),
        "trade": rng.integers(0, 24, size),
        "ordered_at": np.datetime64("2021-01-01", "us") + np.arange(size) * np.timedelta64(3600, "s"),
        "pieces": rng.integers(1, 5000, size) / 10,
        "back": rng.random(size) < 0.35,
    }

    def left(trade):
        desk.connection.register("numbered_event", event | {"trade": trade})
        return sorted(
            desk.connection.sql(f"SELECT * FROM {match_cancellations('numbered_event', desk)}").fetchall()
        )

    as_numbered = left(event["trade"])
    assert sum(pieces > 0 for _, pieces in as_numbered) > 0
    for seed in range(3):
        assert left(np.random.default_rng(seed).permutation(24)[event["trade"]]) == as_numbered

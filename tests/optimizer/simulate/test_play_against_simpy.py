"""Two engines that share no line, told the same events, deliver the same pieces at the same times."""

from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.simulate import play
from tests.optimizer.simulate.shelf_in_simpy import Line, Shelf, played_in_simpy
from tests.optimizer.simulate.worlds import random_world


def by_simpy(rules, lines, until, lead_times, whole):
    """(M,) pieces from stock and waits, shelf by shelf."""
    from_stock, wait = np.zeros(lines.shelf.size), np.zeros(lines.shelf.size)
    for n in range(rules.ranked.size):
        rows = np.flatnonzero(lines.shelf == n)
        own = [Line(lines.time_days[row], lines.pieces[row], lines.customer_class[row]) for row in rows]
        one = Shelf(
            reorder=rules.reorder_point_pieces[n],
            quantity=rules.order_quantity_pieces[n],
            on_hand=rules.start_pieces[n],
            levels=list(rules.critical_level_pieces[n]),
            ranked=bool(rules.ranked[n]),
            whole=whole,
            lead_times=deque(lead_times[n]),
        )
        played_in_simpy(one, own, until, (rules.first_review_days[n], rules.review_days[n]))
        from_stock[rows] = [line.from_stock for line in own]
        wait[rows] = [np.inf if line.done is None else line.done - line.time for line in own]
    return from_stock, wait


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), whole=st.booleans())
def test_both_engines_deliver_the_same(seed, whole):
    rules, lines, until = random_world(seed)
    lead_times = np.random.default_rng(seed + 1).gamma(4.0, 1.5, (rules.ranked.size, 400))
    played = play(
        lines, rules, until, lambda orders: lead_times[orders.shelf, orders.number], whole_lines=whole
    )
    from_stock, wait = by_simpy(rules, lines, until, lead_times, whole)
    assert played.from_stock_pieces.tolist() == from_stock.tolist()
    assert played.wait_days == pytest.approx(wait, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_goods_that_are_measured_are_delivered_alike(seed):
    rules, lines, until = random_world(seed, whole_pieces=False)
    lead_times = np.random.default_rng(seed + 1).gamma(4.0, 1.5, (rules.ranked.size, 400))
    played = play(lines, rules, until, lambda orders: lead_times[orders.shelf, orders.number])
    from_stock, wait = by_simpy(rules, lines, until, lead_times, whole=False)
    assert played.from_stock_pieces == pytest.approx(from_stock, abs=1e-7)
    assert played.wait_days == pytest.approx(wait, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), whole=st.booleans(), in_sequence=st.booleans())
def test_every_piece_is_accounted_for_at_every_event(seed, whole, in_sequence):
    """On hand and owed after every event, from the lines alone: start + came - left, asked - left."""
    rules, lines, until = random_world(seed)
    rng = np.random.default_rng(seed)
    played = play(
        lines,
        rules,
        until,
        lambda orders: rng.gamma(4.0, 1.5, orders.shelf.size),
        in_sequence=in_sequence,
        whole_lines=whole,
    )
    done = lines.time_days + played.wait_days
    for n in range(rules.ranked.size):
        end = np.flatnonzero(played.events.shelf == n)[-1]
        mine = lines.shelf == n
        last = played.events.time_days[end]
        arrived = played.receipts.pieces[played.receipts.shelf == n].sum()
        whole_done = lines.pieces[mine & (done <= last)].sum()
        still = lines.pieces[mine & ~(done <= last)].sum()
        left = rules.start_pieces[n] + arrived - played.on_hand_pieces[end]
        asked = lines.pieces[mine].sum()
        assert left + played.owed_pieces[end] == pytest.approx(asked)
        assert whole_done <= left + 1e-9 <= whole_done + still + 1e-9
    assert (played.on_hand_pieces >= -1e-9).all()
    assert (played.owed_pieces >= -1e-9).all()


def test_in_sequence_no_order_arrives_before_an_earlier_one():
    rules, lines, until = random_world(7)
    rng = np.random.default_rng(7)
    draws = rng.gamma(1.0, 6.0, 1000)
    free, queued = (
        play(lines, rules, until, lambda orders: draws[: orders.shelf.size], in_sequence=one)
        for one in (False, True)
    )
    assert queued.receipts.time_days.size == free.receipts.time_days.size
    assert (queued.receipts.time_days >= free.receipts.time_days - 1e-12).all()
    assert (queued.wait_days >= free.wait_days - 1e-9)[~rules.ranked[lines.shelf]].all()


def test_shelves_do_not_know_of_each_other():
    rules, lines, until = random_world(11, shelves=5)
    lead = np.random.default_rng(3).gamma(4.0, 1.5, (5, 400))
    together = play(lines, rules, until, lambda orders: lead[orders.shelf, orders.number])
    for n in range(5):
        rows = lines.shelf == n
        own = lines.of(rows)
        alone = play(
            type(own)(own.shelf * 0, own.time_days, own.pieces, own.customer_class),
            rules.of(np.array([n])),
            until,
            lambda orders, n=n: lead[n, orders.number],
        )
        assert alone.from_stock_pieces.tolist() == together.from_stock_pieces[rows].tolist()
        assert alone.wait_days == pytest.approx(together.wait_days[rows], abs=1e-9)

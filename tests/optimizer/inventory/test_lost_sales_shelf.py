"""Shelves whose shortages are lost: exact cases, a played shelf, and what must hold in any case."""

import heapq

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from servicepolicy_optimizer.inventory.lost_sales import erlang_loss
from servicepolicy_optimizer.inventory.lost_sales_policies import one_order_policy
from servicepolicy_optimizer.inventory.lost_sales_shelf import lost_sales_performance
from servicepolicy_optimizer.inventory.shelf import pooled_performance, shelf_demand
from servicepolicy_optimizer.inventory.shelf_laws import lawful_demand
from tests.optimizer.inventory.test_shelf_laws import figures

CHECKED = settings(deadline=None, max_examples=40)


def judged(sizes, lines, lead, r, q):
    """Fill rate and stock on hand of one item."""
    demand = lawful_demand(figures(sizes, lines, lead=lead)).demand
    got = lost_sales_performance(demand, np.array([float(r)]), np.array([float(q)]))
    return float(got.unit_fill_rate[0]), float(got.on_hand_pieces[0])


@CHECKED
@given(lines=st.floats(0.05, 4), lead=st.floats(0.5, 9), stock=st.integers(1, 50))
def test_one_for_one_is_erlangs_loss(lines, lead, stock):
    fill, on_hand = judged([(1, 1)], lines, lead, stock - 1, 1)
    served = 1 - float(erlang_loss(stock, lines * lead))
    # 1e-16 over P(D_L <= stock): with 24 pieces in a lead time and a stock of 1 that is 1e-7.
    lost_digits = 1e-15 / max(float(poisson.cdf(stock, lines * lead)), 1e-9)
    assert fill == pytest.approx(served, abs=1e-7 + lost_digits)
    assert on_hand == pytest.approx(stock - lines * lead * served, abs=1e-5)


@CHECKED
@given(lines=st.floats(0.1, 3), r=st.integers(0, 20), more=st.integers(1, 30))
@example(lines=0.125, r=0, more=19)
@example(lines=1.0, r=0, more=5)
def test_one_order_outstanding_is_exact_for_single_pieces(lines, r, more):
    fill, on_hand = judged([(1, 1)], lines, 4.0, r, r + more)
    exact = one_order_policy(lines, 4.0, r, r + more)
    if (r + more) > 1:
        assert fill == pytest.approx(exact.unit_fill_rate, abs=1e-6)
        assert on_hand == pytest.approx(exact.on_hand_pieces, abs=1e-4)


def played(sizes, chance, lines_per_day, lead, r, q, rng, lines=120_000):
    """An (r, nQ) shelf without backorders, event by event."""
    now, on_hand, due, due_pieces, asked, served, stock_days = 0.0, r + q, [], 0, 0, 0, 0.0
    for gap, size in zip(
        rng.exponential(1 / lines_per_day, lines), rng.choice(sizes, lines, p=chance), strict=True
    ):
        arrival = now + gap
        while due and due[0][0] <= arrival:
            at, pieces = heapq.heappop(due)
            stock_days, now = stock_days + on_hand * (at - now), at
            on_hand, due_pieces = on_hand + pieces, due_pieces - pieces
        stock_days, now = stock_days + on_hand * (arrival - now), arrival
        given_out = min(size, on_hand)
        asked, served, on_hand = asked + size, served + given_out, on_hand - given_out
        if on_hand + due_pieces <= r:
            pieces = -(-(r + 1 - on_hand - due_pieces) // q) * q
            heapq.heappush(due, (now + lead, pieces))
            due_pieces += pieces
    return served / asked, stock_days / now


SINGLE, LUMPY = ([(1, 1.0)]), [(1, 0.5), (2, 0.2), (5, 0.2), (10, 0.1)]


@pytest.mark.parametrize(
    ("sizes", "lines", "r", "q", "allowed"),
    [
        (SINGLE, 2.0, 14, 6, 0.006),
        (SINGLE, 2.0, 8, 8, 0.015),
        (LUMPY, 0.6, 8, 30, 0.006),
        (LUMPY, 0.6, 20, 10, 0.006),
        (LUMPY, 0.6, 12, 12, 0.018),
    ],
)
def test_a_played_shelf_agrees(sizes, lines, r, q, allowed):
    pieces, chance = (np.array(part) for part in zip(*sizes, strict=True))
    fill, on_hand = judged(sizes, lines, 5.0, r, q)
    seen = played(pieces, chance, lines, 5.0, r, q, np.random.default_rng(3))
    assert fill == pytest.approx(seen[0], abs=allowed)
    assert on_hand == pytest.approx(seen[1], rel=0.05)


@CHECKED
@given(lines=st.floats(0.1, 3), r=st.integers(0, 60), q=st.integers(1, 40))
def test_losing_leaves_more_for_the_others_than_waiting(lines, r, q):
    demand = lawful_demand(figures(LUMPY, lines)).demand
    level, quantity = np.array([float(r)]), np.array([float(q)])
    lost = lost_sales_performance(demand, level, quantity)
    waiting = pooled_performance(demand, level, quantity)
    assert lost.unit_fill_rate[0] >= waiting.unit_fill_rate[0] - 1e-9
    assert lost.backorders_pieces[0] == 0
    assert lost_sales_performance(demand, level + 20, quantity).unit_fill_rate[0] >= lost.unit_fill_rate[0]


def test_a_shelf_that_never_orders_serves_nobody():
    fill, on_hand = judged(LUMPY, 1.0, 5.0, -1, 20)
    assert (fill, on_hand) == (0.0, 0.0)


def test_reviews_are_refused():
    with pytest.raises(ValueError, match="continuous review"):
        lost_sales_performance(shelf_demand([1.0], [1.0], 1, 1, 2, 0, 1.0), [4.0], [1.0])

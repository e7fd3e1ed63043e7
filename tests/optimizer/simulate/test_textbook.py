"""The inner engine against exact values: long plays of many copies of a shelf."""

import math

import numpy as np
import pytest

from servicepolicy_optimizer.simulate import Lines, play
from servicepolicy_optimizer.simulate.replenishment import arrivals, orders_placed
from tests.optimizer.simulate.worlds import poisson_lines, shelf

COPIES, DAYS, WARM_UP_DAYS = 200, 2_000.0, 60.0


def played(rules, rate, lead_time, seed, *, sizes=(1.0,), chances=(1.0,), shares=(1.0,), days=DAYS):
    """Lines asked for after the warm-up: pieces, classes, what came from stock, waits; and the play."""
    lines = poisson_lines(np.random.default_rng(seed), rate, days, sizes, chances, shares, COPIES)
    result = play(lines, rules, days, lambda orders: np.full(orders.shelf.size, float(lead_time)))
    late = lines.time_days >= WARM_UP_DAYS
    return lines.of(late), result.from_stock_pieces[late], result.wait_days[late], result


def assert_agrees(lines, got, exact, classes=None, most_error=0.003):
    """The pieces' share over copies, each an independent run, lies within four standard errors, and these are
    small enough to see a wrong formula.
    """
    rows = slice(None) if classes is None else lines.customer_class == classes
    asked = np.bincount(lines.shelf[rows], lines.pieces[rows], COPIES)
    share = np.bincount(lines.shelf[rows], got[rows], COPIES) / asked
    error = share.std(ddof=1) / math.sqrt(COPIES)
    assert error < most_error
    assert abs(got[rows].sum() / asked.sum() - exact) < 4 * error


def share_of_time(result, state, days=DAYS):
    """Average of a state over time after the warm-up."""
    events = result.events
    ends = np.where(np.diff(events.shelf, append=-1) == 0, np.roll(events.time_days, -1), days)
    lasted = np.clip(ends, WARM_UP_DAYS, days) - np.clip(events.time_days, WARM_UP_DAYS, days)
    return (lasted * state).sum() / ((days - WARM_UP_DAYS) * COPIES)


def poisson_cdf(k, mean):
    return sum(math.exp(-mean) * mean**n / math.factorial(n) for n in range(k + 1))


@pytest.mark.parametrize(("base_stock", "mean"), [(1, 1.0), (3, 2.0), (5, 3.0)])
def test_base_stock_serves_as_poisson_says(base_stock, mean):
    """P(D(L) <= S - 1): a customer's own piece, one for one; the wait is Little's law on the backorders."""
    lines, got, wait, result = played(
        shelf(base_stock - 1.0, 1.0, base_stock, copies=COPIES), 0.5, 2 * mean, 1
    )
    assert_agrees(lines, got, poisson_cdf(base_stock - 1, mean))
    owed = share_of_time(result, result.owed_pieces)
    exact = sum(
        (k - base_stock) * math.exp(-mean) * mean**k / math.factorial(k) for k in range(base_stock, 60)
    )
    assert owed == pytest.approx(exact, abs=0.02)
    assert wait[np.isfinite(wait)].mean() == pytest.approx(owed / 0.5, abs=0.01)


def test_order_up_to_is_base_stock():
    """Q = 0 orders back up to r: the same shelf as r - 1 with Q = 1."""
    one, other = (
        played(shelf(reorder, quantity, 3.0, copies=COPIES), 0.5, 4.0, 2)
        for reorder, quantity in ((2.0, 1.0), (3.0, 0.0))
    )
    assert one[1].tolist() == other[1].tolist()


@pytest.mark.oracle
def test_compound_poisson_base_stock_cp_01():
    """CP-01: unit fill .8193, line fill .8272, ready rate .8994; each counts something else."""
    sizes, chances = (1.0, 2.0, 5.0, 10.0), (0.5, 0.2, 0.2, 0.1)
    rules = shelf(13.0, 1.0, 14.0, copies=COPIES)
    lines, got, _, result = played(rules, 0.5, 4.0, 3, sizes=sizes, chances=chances)
    assert_agrees(lines, got, 0.8192690418)
    assert (got == lines.pieces).mean() == pytest.approx(0.8271834724, abs=0.004)
    assert share_of_time(result, result.on_hand_pieces > 0) == pytest.approx(0.8994133318, abs=0.004)


@pytest.mark.oracle
def test_reorder_point_and_quantity_fr_10():
    """FR-10 (Hopp & Spearman): 14 a year, 45 days, r = 2, Q = 4: fill .904, owed .049, on hand 2.823."""
    rate = 14 / 365
    start = np.random.default_rng(4).integers(3, 7, COPIES).astype(float)
    rules = shelf(2.0, 4.0, 0.0, copies=COPIES)
    rules = type(rules)(**{**vars(rules), "start_pieces": start})
    days = 20_000.0
    lines, got, _, result = played(rules, rate, 45.0, 4, days=days)
    assert_agrees(lines, got, 0.903)
    assert share_of_time(result, result.owed_pieces, days) == pytest.approx(0.049, abs=0.004)
    assert share_of_time(result, result.on_hand_pieces, days) == pytest.approx(2.823, abs=0.03)


@pytest.mark.oracle
@pytest.mark.parametrize(("level", "fill"), [(7, 0.7228), (8, 0.8357), (9, 0.9107)])
def test_periodic_review_leaves_out_what_was_owed_before_fr_12(level, fill):
    """FR-12: order up to S every day, lead time 3 days: 1 - (E[B(L+1)] - E[B(L)]) / mu."""
    rules = shelf(float(level), 0.0, float(level), review=1.0, copies=COPIES)
    lines, got, _, _ = played(rules, 1.5, 3.0, 5, days=1_000.0)
    assert_agrees(lines, got, fill)


@pytest.mark.oracle
def test_a_reserve_serves_the_better_class_first_rat_03():
    """RAT-03: base stock 8, reserve 2: .785 for the lower class, .9875 for the better one by priority."""
    rules = shelf(7.0, 1.0, 8.0, levels=(0.0, 2.0), ranked=True, copies=COPIES)
    lines, got, _, _ = played(rules, 2.0, 2.0, 6, shares=(0.5, 0.5), days=700.0)
    assert_agrees(lines, got, 0.9875, classes=0, most_error=0.001)
    assert_agrees(lines, got, 0.785130387, classes=1)


def test_orders_that_overtake_leave_base_stock_as_it_was():
    """Palm's theorem: with independent lead times of any law only their mean counts, one for one."""
    rng = np.random.default_rng(7)
    lines = poisson_lines(rng, 0.5, DAYS, copies=COPIES)
    result = play(
        lines, shelf(2.0, 1.0, 3.0, copies=COPIES), DAYS, lambda o: rng.exponential(4.0, o.shelf.size)
    )
    late = lines.time_days >= WARM_UP_DAYS
    assert_agrees(lines.of(late), result.from_stock_pieces[late], poisson_cdf(2, 2.0))


def test_at_one_moment_goods_come_first_then_lines_then_the_review():
    rules = shelf(3.0, 5.0, 5.0, review=2.0)
    lines = Lines(
        np.zeros(3, np.intp), np.array([2.0, 5.0, 6.0]), np.array([4.0, 1.0, 5.0]), np.zeros(3, np.intp)
    )
    orders = orders_placed(lines, rules, 7.0)
    assert (orders.placed_days.tolist(), orders.pieces.tolist()) == ([2.0, 6.0], [5.0, 5.0])
    receipts = arrivals(orders, np.array([4.0, 1.0]), in_sequence=False)
    assert receipts.time_days.tolist() == [6.0, 7.0]
    served = play(lines, rules, 7.0, lambda orders: np.array([4.0, 1.0]))
    assert served.from_stock_pieces.tolist() == [4.0, 1.0, 5.0]


def test_a_higher_reorder_point_never_serves_less():
    rng = np.random.default_rng(8)
    lines = poisson_lines(rng, 0.7, 400.0, (1.0, 3.0, 8.0), (0.6, 0.3, 0.1), copies=30)
    lead = rng.gamma(4.0, 2.0, (30, 400))
    before = np.zeros(30)
    for reorder in range(0, 24, 3):
        rules = shelf(float(reorder), 6.0, reorder + 3.0, copies=30)
        got = play(lines, rules, 400.0, lambda o: lead[o.shelf, o.number]).from_stock_pieces
        now = np.bincount(lines.shelf, got, 30)
        assert (now >= before).all()
        before = now


def test_whole_lines_fill_no_line_that_split_ones_would_not():
    """Without classes the oldest line is served first either way: a line is complete at the same moment."""
    rng = np.random.default_rng(9)
    lines = poisson_lines(rng, 0.7, 400.0, (1.0, 3.0, 8.0), (0.6, 0.3, 0.1), copies=30)
    rules = shelf(6.0, 6.0, 9.0, copies=30)
    split, whole = (
        play(lines, rules, 400.0, lambda o: np.full(o.shelf.size, 7.0), whole_lines=one)
        for one in (False, True)
    )
    assert whole.wait_days == pytest.approx(split.wait_days, abs=1e-9)
    assert (whole.from_stock_pieces <= split.from_stock_pieces).all()
    assert set(np.unique(whole.from_stock_pieces / lines.pieces)) <= {0.0, 1.0}


def test_nobody_asks_and_nothing_happens():
    nobody = Lines(*(np.zeros(0, kind) for kind in (np.intp, float, float, np.intp)))
    result = play(nobody, shelf(2.0, 4.0, 5.0, copies=2), 10.0, lambda orders: np.zeros(0))
    assert result.on_hand_pieces.tolist() == [5.0, 5.0]

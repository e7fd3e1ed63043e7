"""Shelves whose shortages are lost, against a plain loop, a closed form and the plan."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_models.simulation import Verdict
from servicepolicy_optimizer.simulate import play
from tests.optimizer.simulate.small_question import document, solved
from tests.optimizer.simulate.worlds import poisson_lines, random_world, shelf


def by_loop(rules, lines, lead_times, whole, in_sequence):
    """(M,) pieces delivered, shelf by shelf and line by line."""
    got = np.zeros(lines.shelf.size)
    for n in range(rules.ranked.size):
        r, q = rules.reorder_point_pieces[n], rules.order_quantity_pieces[n]
        on_hand, under_way, number, latest = rules.start_pieces[n], [], 0, 0.0
        for row in np.flatnonzero(lines.shelf == n):
            now, asked = lines.time_days[row], lines.pieces[row]
            on_hand += sum(pieces for due, pieces in under_way if due <= now)
            under_way = [one for one in under_way if one[0] > now]
            got[row] = min(asked, on_hand) if not whole or on_hand >= asked else 0.0
            on_hand -= got[row]
            position, ordered = on_hand + sum(pieces for _, pieces in under_way), 0.0
            while q and position + ordered <= r:
                ordered += q
            ordered = ordered if q else max(r - position, 0.0)
            if ordered:
                due = now + lead_times[n, number]
                due = latest = max(due, latest) if in_sequence else due
                under_way.append((due, ordered))
                number += 1
    return got


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), whole=st.booleans(), in_sequence=st.booleans())
def test_every_line_gets_what_a_plain_loop_gives_it(seed, whole, in_sequence):
    rules, lines, until = random_world(seed, shelves=4)
    none = np.zeros(4)
    rules = replace(rules, review_days=none, ranked=none.astype(bool))
    lead = np.random.default_rng(seed + 1).gamma(2.0, 4.0, (4, 400))
    played = play(
        lines, rules, until, lambda orders: lead[orders.shelf, orders.number],
        in_sequence=in_sequence, whole_lines=whole, lost=True,
    )  # fmt: skip
    assert played.from_stock_pieces.tolist() == by_loop(rules, lines, lead, whole, in_sequence).tolist()
    assert (played.lost_pieces == lines.pieces - played.from_stock_pieces).all()
    assert played.on_hand_pieces.min() >= 0.0 and not played.owed_pieces.any() and not played.wait_days.any()
    last = np.flatnonzero(np.diff(played.events.shelf, append=-1))
    brought = played.receipts.pieces.sum() + rules.start_pieces.sum()
    assert brought - played.on_hand_pieces[last].sum() == pytest.approx(played.from_stock_pieces.sum())


def test_one_for_one_loses_what_erlang_says():
    """Ten pieces against a load of eight: B(10, 8) = 0.1217, whatever the law of the lead time."""
    rng = np.random.default_rng(5)
    lines = poisson_lines(rng, 2.0, 1500.0, copies=30)
    played = play(
        lines, shelf(9.0, 1.0, 10.0, copies=30), 1500.0,
        lambda orders: rng.exponential(4.0, orders.shelf.size), lost=True,
    )  # fmt: skip
    measured = lines.time_days > 50.0
    lost = played.lost_pieces[measured].sum() / lines.pieces[measured].sum()
    assert lost == pytest.approx(0.1217, abs=0.004)


def test_shelves_with_reviews_or_reserve_levels_are_refused():
    rules, lines, until = random_world(3)
    with pytest.raises(ValueError, match="without reviews and reserve levels"):
        play(lines, rules, until, lambda orders: np.ones(orders.shelf.size), lost=True)


def test_a_policy_that_loses_sales_is_played_as_it_was_planned():
    asked = solved(
        document(
            stockout_reactions=[{"shortage": "lost"}],
            targets=[{"fill_rate": 0.85, "response_hours": 48}],
            limits={"rungs": 40},
        )
    )
    found = asked.simulated(years=30.0, runs=4)
    assert found.service.unit_fill_rate.mean == pytest.approx(found.planned_fill_rate, abs=0.006)
    assert found.on_hand_value.mean == pytest.approx(found.planned_on_hand_value, rel=0.01)
    assert Verdict.BROKEN not in {one.fill_verdict for one in found.segments}
    balance = found.balance
    assert balance.lost_pieces > 0 == balance.waiting_pieces
    assert balance.asked_pieces == pytest.approx(balance.delivered_pieces + balance.lost_pieces)
    assert found.service.mean_wait_days.mean == 0.0
    assert found.service.on_time_share_with_wait.mean < found.service.on_time_share.mean
    assert any("lost" in one for one in found.assumptions)

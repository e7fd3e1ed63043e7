"""The shelf by days against a shelf that knows nothing of arrays: one item, one line at a time."""

import numpy as np
import pytest

from servicepolicy_optimizer.backtest.period import period, warm_up
from servicepolicy_optimizer.backtest.reorder_points import ReorderPoints, reorder_points
from servicepolicy_optimizer.backtest.replay import Shelf, opening_shelf, play
from servicepolicy_optimizer.backtest.setting import setting
from servicepolicy_optimizer.backtest.situation import situation
from tests.optimizer.backtest.worlds import history, plan, random_lines, scenario


def by_hand(lines, days, reorder_point, quantity, on_hand, lead_days, review):
    """What each line of one item gets, and the stock in every evening."""
    due, waiting, got, evenings = {}, 0.0, [], []
    for day in days:
        on_hand += due.pop(day, 0.0)
        served = min(on_hand, waiting)
        on_hand, waiting = on_hand - served, waiting - served
        for pieces in (line[3] for line in lines if line[0] == day):
            given = min(on_hand, pieces)
            on_hand, waiting = on_hand - given, waiting + pieces - given
            got.append(given)
        position = on_hand - waiting + sum(due.values())
        if (day + 1) % review == 0:
            ordered = 0.0
            while position <= reorder_point and quantity > 0:
                position, ordered = position + quantity, ordered + quantity
            due[day + lead_days] = due.get(day + lead_days, 0.0) + ordered
        evenings.append(on_hand)
    return got, evenings


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("lead", "review"), [(7, 1), (3, 5), (1, 1), (12, 7)])
def test_lines_get_what_a_shelf_by_hand_gives_them(seed, lead, review):
    random = np.random.default_rng(seed)
    lines = sorted(random_lines(seed, items=4, days=120, lines_a_day=0.6), key=lambda line: line[0])
    known = history(lines, 120, unit_cost=[1.0, 2.0, 5.0, 0.5])
    asked = setting(
        scenario(),
        known,
        plan(lead_time_days=lead, review_days=review, first_judged_day=60, quote_above_quantile=None),
    )
    one = period(asked, situation(asked, 60), 120)
    points = ReorderPoints(random.integers(-1, 25, 4).astype(float), random.integers(0, 20, 4).astype(float))
    start = random.integers(0, 15, 4).astype(float)
    shelf = Shelf(start.copy(), np.zeros_like(opening_shelf(asked, points).due_pieces))
    played = play(asked, shelf, one, points)
    value = 0.0
    for item in range(4):
        own = [line for line in lines if line[1] == item]
        got, evenings = by_hand(
            own, range(60, 120), points.reorder_point_pieces[item], points.order_quantity_pieces[item],
            start[item], lead, review,
        )  # fmt: skip
        of_item = known.item[one.lines] == item
        assert played.delivered_pieces[of_item].tolist() == got
        value += known.unit_cost[item] * sum(evenings)
    assert played.stock_value_days == pytest.approx(value)


def test_lines_of_quoted_size_neither_get_stock_nor_take_it():
    lines = [(day, 0, day % 3, 2) for day in range(200)] + [(180, 0, 1, 500)]
    known = history(lines, 200)
    asked = setting(scenario(), known, plan(first_judged_day=170, quote_above_quantile=0.99))
    one = period(asked, situation(asked, 170), 200)
    played = play(asked, opening_shelf(asked, points := reorder_points(one.known, 0.001)), one, points)
    large = known.pieces[one.lines] == 500
    assert one.quoted.tolist() == large.tolist()
    assert played.delivered_pieces[large].tolist() == [0.0]
    assert played.delivered_pieces[~large].sum() == 2 * (~large).sum()


def test_an_item_is_promised_when_stock_for_it_can_have_come():
    lines = [(day, 0, 0, 1) for day in range(200)] + [(day, 1, 0, 1) for day in range(150, 200)]
    known = history(lines, 200)
    asked = setting(scenario(), known, plan(first_judged_day=140, refit_days=14))
    first = {}
    for day in asked.refit_days():
        one = period(asked, situation(asked, day), min(day + 14, 200))
        new = (known.item[one.lines] == 1) & one.stocked
        if new.any():
            first.setdefault(1, int(known.day[one.lines][new].min()))
    # First sold on day 150, known at the refit of day 154, ordered then, there after 7 + 1 days.
    assert first == {1: 162}


def test_a_drawn_lead_time_is_the_same_for_every_stock():
    known = history(random_lines(3, items=5, days=150), 150)
    asked = setting(scenario(), known, plan(lead_time_sd_days=3, first_judged_day=100))
    one, again = (period(asked, situation(asked, 100), 128) for _ in range(2))
    assert one.lead_days.shape == (28, 5)
    assert (one.lead_days == again.lead_days).all()
    assert one.lead_days.min() >= 1
    assert warm_up(asked, one.known).lead_days[-1].tolist() != one.lead_days[0].tolist()

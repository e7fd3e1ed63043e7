"""What is foreseen for items: recomputed by plain loops, and recovered where the law is known."""

import numpy as np
import pytest

from servicepolicy_optimizer.forecast import KnownLines, predict
from servicepolicy_optimizer.forecast.error_model import PastErrors
from servicepolicy_optimizer.forecast.item_rates import HALF_LIVES_DAYS, walk
from servicepolicy_optimizer.forecast.level import levels
from servicepolicy_optimizer.forecast.line_sizes import large_line_sizes, lump_sizes
from tests.optimizer.backtest.worlds import random_lines


def known_lines(lines, day, item_class):
    """Lines (day, item, customer, pieces) before a day."""
    lines = sorted((line for line in lines if line[0] < day), key=lambda line: line[0])
    first = np.full(len(item_class), 10**6)
    for line in reversed(lines):
        first[line[1]] = line[0]
    return KnownLines(
        item=np.array([line[1] for line in lines]),
        day_of_line=np.array([line[0] for line in lines]),
        pieces=np.array([line[3] for line in lines], float),
        day=day,
        item_class=np.asarray(item_class),
        classes=int(max(item_class)) + 1,
        first_sale=first,
    )


def test_rates_are_the_weighted_means_of_the_days_since_the_first_sale():
    lines = random_lines(3, items=5, days=90)
    known = known_lines(lines, 90, [0] * 5)
    for rates in walk(known, (20, 41, 90)):
        for h, half_life in enumerate(HALF_LIVES_DAYS):
            for item in range(5):
                days = range(int(known.first_sale[item]), rates.day)
                weight = [0.5 ** ((rates.day - 1 - day) / half_life) for day in days]
                pieces = [sum(p for d, i, _, p in lines if (d, i) == (day, item)) for day in days]
                mean = np.dot(weight, pieces) / max(sum(weight), 1.0)
                assert rates.pieces_per_day[h, item] == pytest.approx(mean)
                even = sum(weight) ** 2 / sum(w * w for w in weight)
                assert rates.effective_days[h, item] == pytest.approx(even)


def test_items_share_the_level_of_their_class():
    known = known_lines(random_lines(4, items=12, days=200), 200, [0, 1, 2] * 4)
    foreseen = predict(known, np.array([8, 8, 15]), 28)
    level = levels(known.daily_pieces_of_classes(), 28, 42).pieces_per_day[:, -1]
    assert np.bincount(known.item_class, foreseen.pieces_per_day) == pytest.approx(level)
    assert foreseen.protection_days.tolist() == [8, 8, 15] * 4


def test_the_dispersion_of_random_orders_is_about_one_and_of_flocks_larger():
    calm = known_lines(random_lines(5, items=250, days=300, lines_a_day=0.6), 300, [0] * 250)
    assert predict(calm, np.array([8]), 28).errors.dispersion[0] == pytest.approx(1.0, abs=0.15)
    # Five equal lines at a time: the variance is that of lumps five times as large, and of a poorer forecast.
    flocks = [line for line in random_lines(5, items=250, days=300, lines_a_day=0.6) for _ in range(5)]
    known = known_lines(flocks, 300, [0] * 250)
    assert predict(known, np.array([8]), 28).errors.dispersion[0] == pytest.approx(5.0, rel=0.15)


def test_the_variance_covers_what_comes():
    """Squared errors of the next interval are what was foreseen, over many items."""
    lines = random_lines(6, items=600, days=260, lines_a_day=0.4)
    known = known_lines(lines, 250, [0] * 600)
    foreseen = predict(known, np.array([8]), 28)
    came = np.zeros(600)
    for day, item, _, pieces in lines:
        came[item] += pieces * (250 <= day < 258)
    ratio = (came - 8 * foreseen.pieces_per_day) ** 2 / np.maximum(foreseen.variance_pieces2, 1e-9)
    assert ratio[foreseen.pieces_per_day > 0].mean() == pytest.approx(1.0, abs=0.2)


def test_an_item_just_seen_is_less_sure_than_an_old_one():
    old = [(day, 0, 0, 2) for day in range(200)]
    new = [(day, 1, 0, 2) for day in range(196, 200)]
    foreseen = predict(known_lines(old + new, 200, [0, 0]), np.array([8]), 28)
    relative = foreseen.variance_pieces2 / foreseen.pieces_per_day
    assert relative[1] > 1.5 * relative[0]


def test_the_error_model_is_the_least_squares_fit_of_its_formula():
    known = known_lines([(0, n, 0, 1) for n in range(200)], 100, [0] * 200)
    lump, days = np.linspace(1, 9, 200), np.full(200, 8)
    errors = PastErrors(known, lump, days)
    forecast = np.linspace(1, 40, 200)
    known_days = np.full(200, 50.0)
    variance = 2.5 * lump * forecast * (1 + 8 / 50) + 0.04 * forecast**2
    for sign in (1, -1):
        came = forecast + sign * np.sqrt(variance)
        errors.add(np.tile(forecast, (5, 1)), np.tile(known_days, (5, 1)), came)
    model = errors.model()
    assert model.dispersion[0] == pytest.approx(2.5)
    assert model.relative_variance[0] == pytest.approx(0.04)


def test_lumps_lie_between_the_item_and_the_pool():
    item, pieces = np.array([0] * 40 + [1]), np.array([1.0, 7.0] * 20 + [3.0])
    own, one_line, unseen = lump_sizes(item, pieces, 3)
    assert own == pytest.approx((1 + 49) / 8, rel=0.05)
    assert 3.0 < one_line < 6.25
    assert unseen > 0


def test_large_sizes_rise_with_the_quantile_and_spare_items_of_one_size():
    random = np.random.default_rng(7)
    item = np.repeat(np.arange(20), 50)
    pieces = random.lognormal(1, 1, 1000).round() + 1
    limits = [large_line_sizes(item, pieces, 20, q) for q in (0.9, 0.99, 0.999)]
    assert (limits[0] < limits[1]).all()
    assert (limits[1] < limits[2]).all()
    assert (pieces > limits[1][item]).mean() == pytest.approx(0.01, abs=0.01)
    assert np.isinf(large_line_sizes(item, pieces, 20, None)).all()
    same = large_line_sizes(np.zeros(9, int), np.full(9, 4.0), 1, 0.99)
    assert not (same < 4.0).any()

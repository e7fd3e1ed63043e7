"""Reserve levels against one shelf for all and a shelf for each: what each needs, and zero reserve."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.inventory.rationing import rationed_performance
from servicepolicy_optimizer.inventory.shelf import pooled_performance
from servicepolicy_optimizer.inventory.shelf_laws import lawful_demand
from tests.optimizer.inventory.test_shelf_laws import figures

CHECKED = settings(deadline=None, max_examples=25)
SIZES = st.sampled_from([[(1, 1.0)], [(1, 0.5), (2, 0.3), (5, 0.2)], [(1, 0.6), (4, 0.3), (12, 0.1)]])
ONE_FOR_ONE = np.ones(1)


def base_stock(sizes, lines, target):
    """Smallest base stock S with a fill rate of at least the target."""
    levels = np.arange(0.0, 400.0)[None] - 1
    fill = pooled_performance(lawful_demand(figures(sizes, lines)).demand, levels, ONE_FOR_ONE).unit_fill_rate
    return int(np.argmax(fill[0] >= target))


def rationed_base_stock(sizes, lines, share, targets, most):
    """Smallest S that keeps both targets with some reserve level."""
    demand = lawful_demand(figures(sizes, lines)).demand
    for stock in range(most + 1):
        levels = np.zeros((1, stock + 1, 2))
        levels[0, :, 1] = np.arange(stock + 1)
        points = np.full((1, stock + 1), stock - 1.0)
        fill = rationed_performance(demand, [[share, 1 - share]], levels, points, ONE_FOR_ONE).unit_fill_rate
        if np.any(np.all(fill[0] >= np.array(targets) - 1e-12, axis=1)):
            return stock
    return most + 1


@CHECKED
@given(
    sizes=SIZES,
    lines=st.floats(0.1, 1.2),
    share=st.floats(0.2, 0.8),
    better=st.floats(0.85, 0.985),
    gap=st.floats(0.0, 0.3),
)
def test_reserves_need_no_more_than_the_strictest_for_all(sizes, lines, share, better, gap):
    round_up = base_stock(sizes, lines, better)
    assert rationed_base_stock(sizes, lines, share, (better, better - gap), round_up) <= round_up


@CHECKED
@given(sizes=SIZES, lines=st.floats(0.1, 1.2), share=st.floats(0.2, 0.8), target=st.floats(0.85, 0.985))
def test_one_shelf_needs_no_more_than_a_shelf_for_each(sizes, lines, share, target):
    separate = base_stock(sizes, lines * share, target) + base_stock(sizes, lines * (1 - share), target)
    assert base_stock(sizes, lines, target) <= separate


@CHECKED
@given(sizes=SIZES, lines=st.floats(0.1, 2), share=st.floats(0.1, 0.9), r=st.integers(-1, 60))
def test_no_reserve_is_the_plain_shelf(sizes, lines, share, r):
    demand = lawful_demand(figures(sizes, lines)).demand
    plain = pooled_performance(demand, np.array([[float(r)]]), ONE_FOR_ONE * 5)
    none = rationed_performance(
        demand, [[share, 1 - share]], np.zeros((1, 1, 2)), np.array([[float(r)]]), ONE_FOR_ONE * 5
    )
    assert none.unit_fill_rate[0, 0] == pytest.approx([plain.unit_fill_rate[0, 0]] * 2, abs=1e-9)
    assert none.on_hand_pieces[0, 0] == pytest.approx(plain.on_hand_pieces[0, 0], abs=1e-7)


def test_the_published_three_ways_come_out_of_the_shelf():
    """Two classes of two a day, lead time two, 0.99 and 0.90: strictest for all 16, reserves 15."""
    single = [(1, 1.0)]
    lead = {"lead": 2.0}
    demand = lawful_demand(figures(single, 4.0, **lead)).demand
    levels = np.zeros((1, 15, 2))
    levels[0, :, 1] = np.arange(15)
    fill = rationed_performance(demand, [[0.5, 0.5]], levels, np.full((1, 15), 14.0), ONE_FOR_ONE)
    assert np.any(np.all(fill.unit_fill_rate[0] >= [0.99, 0.9], axis=1))
    points = np.arange(14.0, 16.0)[None]  # S = 15 and 16
    assert (pooled_performance(demand, points, ONE_FOR_ONE).unit_fill_rate[0] >= 0.99).tolist() == [
        False,
        True,
    ]

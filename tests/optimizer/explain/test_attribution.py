"""Amounts shared out among causes, against the plain definition: every order, one after the other."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicepolicy_optimizer.explain.attribution import in_stated_order, over_all_orders, to_the_cent


def subsets(causes):
    everything = [frozenset()]
    for cause in causes:
        everything += [one | {cause} for one in everything]
    return everything


@st.composite
def games(draw, with_gaps=False):
    """One to four causes; each set of them is worth something, or cannot be measured."""
    causes = "abcd"[: draw(st.integers(1, 4))]
    worth = {}
    for one in subsets(causes):
        amount = draw(st.floats(-1e4, 1e4).map(lambda x: round(x, 3)))
        ends = len(one) in (0, len(causes))
        missing = with_gaps and not ends and draw(st.booleans())
        worth[one] = None if missing else np.array([amount, draw(st.floats(-100, 100))])
    return causes, worth


def over_every_order_by_hand(causes, worth):
    """The mean of what each cause adds, over the orders in which every step is measured."""
    added, orders = {cause: np.zeros(2) for cause in causes}, 0
    for order in permutations(causes):
        steps = [worth[frozenset(order[:n])] for n in range(len(order) + 1)]
        if all(one is not None for one in steps):
            orders += 1
            for n, cause in enumerate(order):
                added[cause] = added[cause] + steps[n + 1] - steps[n]
    return {cause: one / orders for cause, one in added.items()} if orders else None


@given(games())
def test_over_all_orders_is_the_shapley_value(game):
    causes, worth = game
    found, by_hand = over_all_orders(causes, worth.__getitem__), over_every_order_by_hand(*game)
    for cause in causes:
        assert found.shares[cause,] == pytest.approx(by_hand[cause], abs=1e-8)
    moved = worth[frozenset(causes)] - worth[frozenset()]
    assert sum(found.shares.values()) == pytest.approx(moved, abs=1e-8)


@given(games(with_gaps=True))
def test_with_gaps_it_is_the_mean_over_the_orders_that_can_be_measured(game):
    causes, worth = game
    found, by_hand = over_all_orders(causes, worth.__getitem__), over_every_order_by_hand(*game)
    if by_hand is None:
        assert found is None
        return
    for cause in causes:
        assert found.shares[cause,] == pytest.approx(by_hand[cause], abs=1e-8)


@given(games(with_gaps=True))
def test_in_a_stated_order_nothing_is_lost(game):
    causes, worth = game
    found = in_stated_order(causes, worth.__getitem__)
    assert [cause for group in found.shares for cause in group] == list(causes)
    moved = worth[frozenset(causes)] - worth[frozenset()]
    assert sum(found.shares.values()) == pytest.approx(moved, abs=1e-8)


def test_a_cause_that_changes_nothing_gets_nothing_and_equals_get_the_same():
    worth = {one: np.array([float(len(one - {"c"})) ** 2]) for one in subsets("abc")}
    shares = over_all_orders("abc", worth.__getitem__).shares
    assert shares["c",] == pytest.approx([0.0]) and shares["a",] == pytest.approx(shares["b",])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9))
def test_cents_add_up_to_the_total_and_none_is_a_cent_off(amounts):
    total = round(sum(amounts), 2)
    cents = to_the_cent(amounts, total)
    assert sum(round(100 * one) for one in cents) == round(100 * total)
    assert all(abs(one - amount) < 0.0100001 for one, amount in zip(cents, amounts, strict=True))

"""Compiled envelopes, best rungs and prices of steps: those of the plain road to the last bit."""

import numpy as np
import pytest

from servicepolicy_optimizer.curves.envelope import Envelope, envelope
from servicepolicy_optimizer.curves.envelope_of_many import (
    added_up_of_many,
    best_of_many,
    envelope_of_many,
    least_of_many,
    slopes_of_many,
    worth_of_many,
)
from tests.optimizer.curves.test_envelope import (
    ITEMS,
    RUNGS,
    bending_as_they_like,
    convex,
    flat_at_first,
    standing_still,
)

LADDERS = [convex, bending_as_they_like, flat_at_first, standing_still]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ladders", LADDERS)
def test_envelopes(seed, ladders):
    stock, fill = ladders(np.random.default_rng(seed))
    np.testing.assert_array_equal(
        envelope_of_many(stock, fill).step_worth, envelope(stock, fill).step_worth, strict=True
    )


def test_ladders_of_one_rung_have_no_steps():
    assert envelope_of_many(np.ones((3, 1)), np.ones((3, 1))).step_worth.shape == (3, 0)


@pytest.mark.parametrize("ladders", LADDERS)
def test_best_rungs_at_prices_in_any_order(ladders):
    rng = np.random.default_rng(1)
    known = envelope(*ladders(rng))
    worth = np.exp(rng.uniform(-4, 6, (ITEMS, 20)))
    worth[:, :4] = np.array([np.inf, 0.0, np.nan, -np.inf])
    worth[:50, 4:] = np.sort(worth[:50, 4:], axis=1)
    best = np.empty(worth.shape, np.uint8)
    best_of_many(known.step_worth, worth, best)
    np.testing.assert_array_equal(best, known.best(worth))


def test_best_rungs_where_steps_are_free_or_never_taken():
    known = Envelope(np.array([[-np.inf, -np.inf, 2.0, np.inf], [np.inf] * 4]))
    worth = np.tile([0.0, 2.0, 2.5, np.inf, -np.inf], (2, 1))
    best = np.empty(worth.shape, np.uint8)
    best_of_many(known.step_worth, worth, best)
    np.testing.assert_array_equal(best, known.best(worth))


@pytest.mark.parametrize("ladders", LADDERS)
def test_prices_of_steps(ladders):
    rng = np.random.default_rng(2)
    stock, fill = ladders(rng)
    holding, pieces = rng.random(ITEMS), np.exp(rng.uniform(-8, 8, ITEMS))
    cost, saved = np.diff(stock, axis=1) * holding[:, None], np.diff(fill * pieces[:, None], axis=1)
    slopes = cost[saved > 1e-9] / saved[saved > 1e-9]
    slopes = slopes[slopes > 0]
    count, every = slopes_of_many(stock, fill, holding, pieces, 1e-9, (np.inf, -np.inf))
    assert count == slopes.size
    np.testing.assert_array_equal(every, slopes)
    low, high = np.quantile(slopes, [0.2, 0.7])
    count, outer = slopes_of_many(stock, fill, holding, pieces, 1e-9, (low, high))
    assert count == slopes.size
    np.testing.assert_array_equal(outer, slopes[(slopes <= low) | (slopes >= high)])


def test_sums():
    rng = np.random.default_rng(3)
    stock, fill = convex(rng)
    chosen = rng.integers(0, RUNGS, (ITEMS, 7)).astype(np.uint8)
    amounts, demanded = rng.random((ITEMS, 2)), rng.random((ITEMS, 3, 4)) * (rng.random((ITEMS, 3, 1)) < 0.7)
    ordered = demanded.sum(axis=2) > 0
    ordered[:, 2] = False
    stocked, short, least = added_up_of_many(stock, fill, chosen, amounts, demanded, ordered)
    on_hand, filled = np.take_along_axis(stock, chosen, 1), np.take_along_axis(fill, chosen, 1)
    np.testing.assert_allclose(stocked, on_hand.T @ amounts, rtol=1e-13)
    np.testing.assert_allclose(short, np.einsum("nk,nir->kir", 1 - filled, demanded), rtol=1e-12)
    for i in range(3):
        np.testing.assert_array_equal(least[:, i], filled[ordered[:, i]].min(axis=0, initial=1.0))


def test_worth():
    rng = np.random.default_rng(4)
    pieces, short = rng.random((ITEMS, 3, 4)) * (rng.random((ITEMS, 3, 4)) < 0.6), rng.random((7, 3, 4))
    all_of_it, objective = rng.random(ITEMS), rng.random(7)
    held, charged = rng.random((3, ITEMS)), rng.random((7, 3))
    worth = worth_of_many(pieces, short, all_of_it, objective, held, charged)
    gained = np.einsum("nir,kir->nk", pieces, short) + all_of_it[:, None] * objective
    np.testing.assert_allclose(worth, gained / (held.T @ charged.T), rtol=1e-13)
    charged[3] = -1.0
    assert worth_of_many(pieces, short, all_of_it, objective, held, charged) is None


@pytest.mark.parametrize("earning", [False, True])
@pytest.mark.parametrize("classes", [1, 3])
def test_cheapest_rungs_where_every_rung_is_priced(classes, earning):
    rng = np.random.default_rng(classes)
    items, rungs = 300, 25
    stock = rng.uniform(0, 50, (items, rungs)).round(1)
    fill = rng.uniform(0, 1, (items, rungs, classes)).round(2)
    stock[:, 7], fill[:, 7] = stock[:, 3], fill[:, 3]
    stock[:9], fill[:9] = 2.0, 0.5
    per_piece = rng.uniform(0, 2, items)
    per_piece[9:12] = 0.0
    seen = rng.uniform(-5 if earning else 0, 40, (items, classes))
    seen[12:15] = 0.0
    every = per_piece[:, None] * stock
    for i in range(classes):
        every = every + (1.0 - fill[:, :, i]) * seen[:, i, None]
    best, costs = np.empty(items, np.uint8), np.empty(items)
    least_of_many(stock, fill, per_piece, seen, best, costs)
    np.testing.assert_array_equal(best, every.argmin(axis=1))
    np.testing.assert_array_equal(costs, every.min(axis=1))

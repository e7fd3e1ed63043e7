"""Compiled ladders against the plain road, special functions and whole policies."""

import numpy as np
import pytest

from servicepolicy_optimizer.compiled.pooled_shelf import evenly_spaced, pooled_of_many
from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.shelf import ShelfDemand, pooled_performance, shelf_demand
from tests.optimizer.inventory.test_rows_of_levels import ladder_like

ITEMS = 300


def shelf_of(family, mean, sd, size, *, periodic=False, whole_pieces=True):
    rng = np.random.default_rng(5)
    longer = mean * rng.uniform(1.05, 2.0, mean.size)
    certain = np.zeros(mean.size) if periodic else np.floor(size)
    exposed = Demand(family, longer + certain, sd * np.sqrt(longer / mean), certain)
    return ShelfDemand(
        Demand(family, mean, sd), exposed, longer + certain - mean, periodic, size, whole_pieces
    )


def of_both(demand, points, quantity):
    fill, on_hand, known = pooled_of_many(demand, points, quantity)
    assert known.all()
    return (fill, on_hand), pooled_performance(demand, points, quantity)


def assert_same(demand, points, quantity, within):
    """Losses within so much of the mean, and so a fill rate within that many increments."""
    (fill, on_hand), plain = of_both(demand, points, quantity)
    mean = np.maximum(demand.exposed.mean_pieces, 1.0)[:, None]
    # The second losses of a row are divided by Q, so where Q is small their digits are what is left.
    lost = within * mean * np.maximum(mean / np.maximum(quantity, 1.0)[:, None], 1.0)
    assert (np.abs(on_hand - plain.on_hand_pieces) <= lost).all()
    assert (np.abs(fill - plain.unit_fill_rate) <= 2 * lost / demand.increment_mean_pieces[:, None]).all()


@pytest.mark.parametrize("periodic", [False, True])
@pytest.mark.parametrize("rungs", [1, 2, 16, 40])
@pytest.mark.parametrize("variation", [0.03, 0.2, 0.6, 1.0, 2.5, 6.0])
def test_gammas(variation, rungs, periodic):
    rng = np.random.default_rng(rungs)
    mean = np.exp(rng.uniform(np.log(0.5), np.log(1e5), ITEMS))
    sd = mean * variation * rng.uniform(0.7, 1.4, ITEMS)
    demand = shelf_of(
        np.full(ITEMS, Family.GAMMA), mean, sd, 1.0 + rng.exponential(3.0, ITEMS), periodic=periodic
    )
    quantity = np.round(np.exp(rng.uniform(0, np.log(4 * mean + 2))))
    quantity[:20] = 0.0
    assert_same(demand, ladder_like(rng, mean, sd, rungs), quantity, 3e-12)


@pytest.mark.parametrize("periodic", [False, True])
@pytest.mark.parametrize("rungs", [1, 2, 16, 40])
@pytest.mark.parametrize("overdispersion", [0.0, 1e-8, 1e-3, 0.5, 6.0, 40.0])
def test_counting_laws(overdispersion, rungs, periodic):
    rng = np.random.default_rng(rungs)
    mean = np.exp(rng.uniform(np.log(0.01), np.log(30.0), ITEMS))
    family = np.full(ITEMS, Family.NEGATIVE_BINOMIAL if overdispersion else Family.POISSON)
    sd = np.sqrt(mean * (1 + overdispersion))
    demand = shelf_of(family, mean, sd, 1.0 + rng.integers(0, 9, ITEMS), periodic=periodic)
    quantity = np.round(np.exp(rng.uniform(0, np.log(4 * mean + 20))))
    quantity[:20] = 0.0
    points = np.minimum(ladder_like(rng, np.maximum(mean, 1.0), sd, rungs), 1500.0)
    assert_same(demand, points, quantity, 1e-10)


@pytest.mark.oracle
def test_a_poisson_summed_by_hand():
    demand = shelf_demand([2.0], [2.0**0.5], 1, 1, 2, 0)
    fill, on_hand, known = pooled_of_many(demand, np.array([[5.0]]), np.ones(1))
    chance = np.exp(-4) * np.cumprod([1.0, 4, 4 / 2, 4 / 3, 4 / 4, 4 / 5, 4 / 6])
    assert known.all()
    assert fill[0, 0] == pytest.approx(chance[:6].sum(), abs=1e-14)
    assert on_hand[0, 0] == pytest.approx(sum((6 - n) * chance[n] for n in range(6)), abs=1e-13)


@pytest.mark.oracle
def test_an_exponential_in_closed_form():
    """Order-up-to, mean 10: E[(D - y)+] = 10 e^(-y / 10)."""
    law = Demand(np.array([Family.GAMMA]), np.array([10.0]), np.array([10.0]))
    demand = ShelfDemand(law, law, np.ones(1), False, np.ones(1), False)
    y = np.array([[0.0, 1.0, 2.5, 10.0, 60.0, 300.0]])
    on_hand = pooled_of_many(demand, y, np.zeros(1))[1]
    np.testing.assert_allclose(on_hand, y - 10 + 10 * np.exp(-y / 10), atol=1e-11)


@pytest.mark.oracle
def test_who_never_has_anything_on_hand_owes_the_mean():
    """Order-up-to 0 or less: E[(D - y)+] = mean - y, however much the demand varies."""
    sd = 50.0 * np.array([0.2, 1.0, 5.0, 7.0, 12.0, 30.0])
    law = Demand(np.full(sd.size, Family.GAMMA), np.full(sd.size, 50.0), sd)
    demand = ShelfDemand(law, law, np.ones(sd.size), False, np.ones(sd.size), False)
    on_hand = pooled_of_many(demand, np.tile([-1.0, 0.0], (sd.size, 1)), np.zeros(sd.size))[1]
    np.testing.assert_allclose(on_hand, 0.0, atol=1e-10)


def test_what_it_does_not_know_is_left():
    families = np.array(
        [Family.NORMAL, Family.GAMMA, Family.GAMMA, Family.POISSON, Family.POISSON, Family.POISSON]
    )
    mean = np.array([50.0, 50.0, 50.0, 4.0, 4.0, 5e3])
    law = Demand(families, mean, np.array([5.0, 0.0, 20.0, 0.0, 0.0, 0.0]))
    demand = ShelfDemand(law, law, np.ones(6), False, np.ones(6))
    points = np.tile([0.0, 2, 4, 6, 8], (6, 1))
    points[2, 1], points[3, 1] = 9.0, 0.5
    assert pooled_of_many(demand, points, np.ones(6))[2].tolist() == [False] * 4 + [True, False]
    # The last level is up to where chances are added up.
    points[4, -1] = 8.5
    assert not pooled_of_many(demand, points, np.ones(6))[2].any()


def test_an_item_is_computed_by_itself():
    rng = np.random.default_rng(8)
    mean = np.exp(rng.uniform(np.log(0.1), np.log(500.0), ITEMS))
    family = np.where(mean > 10, Family.GAMMA, Family.NEGATIVE_BINOMIAL)
    sd = np.sqrt(mean) * 2
    demand = shelf_of(family, mean, sd, 1.0 + rng.integers(0, 9, ITEMS))
    points, quantity = ladder_like(rng, mean, sd, 40), np.round(1 + mean)
    whole = pooled_of_many(demand, points, quantity)
    some = np.array([7, 3, 250])
    alone = pooled_of_many(demand.of(some), points[some], quantity[some])
    for every, few in zip(whole, alone, strict=True):
        np.testing.assert_array_equal(every[some], few)


def test_levels_evenly_spaced_are_those_that_are_rounded():
    highest = np.concatenate([np.arange(1.0, 200.0), np.round(np.geomspace(200.0, 1e9, 300))])
    for lowest in (-1.0, 0.0):
        for count in (1, 2, 16, 40):
            steps = np.linspace(0.0, 1.0, count)
            rounded = np.round(lowest + (highest[:, None] - lowest) * steps)
            points = evenly_spaced(lowest, highest, count)
            np.testing.assert_array_equal(points, rounded)
            assert not np.signbit(points[points == 0]).any()

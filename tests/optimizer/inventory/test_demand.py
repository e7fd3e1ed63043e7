"""Demand families: closed forms against sums and integrals, and what holds for every law."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from servicepolicy_optimizer.inventory.demand import Demand, Family, choose_family

CHECKED = settings(deadline=None, max_examples=40)
MEANS = st.floats(0.05, 400)
VARIATIONS = st.floats(0.05, 2.5)
FAMILIES = st.sampled_from(list(Family))


def law_of(family, mean, sd):
    """The same law in scipy.stats."""
    if family is Family.NORMAL:
        return stats.norm(mean, sd)
    if family is Family.GAMMA:
        return stats.gamma((mean / sd) ** 2, scale=sd * sd / mean)
    if family is Family.POISSON or sd * sd <= mean * (1 + 1e-6):
        return stats.poisson(mean)
    return stats.nbinom(mean * mean / (sd * sd - mean), mean / (sd * sd))


def summed_moment(law, x, order):
    """E[C((D - x)+, order)] by summing over whole pieces."""
    k = np.arange(0, int(law.mean() + 60 * law.std() + 400))
    ways = np.where(k >= x, np.prod([np.maximum(k - x - j, 0) for j in range(order)], axis=0), 0)
    return float((ways * law.pmf(k)).sum() / math.factorial(order))


def integrated_moment(law, x, order):
    """E[((D - x)+)^order] / order! by quadrature."""
    low = max(x, law.support()[0], law.mean() - 40 * law.std())
    edges = np.unique(np.clip(law.mean() + law.std() * np.array([-10, -3, 0, 3, 10, 60]), low, None))
    return sum(
        integrate.quad(lambda t: (t - x) ** order * law.pdf(t), a, b, limit=200)[0]
        for a, b in zip(np.concatenate([[low], edges]), edges, strict=False)
        if b > a
    ) / math.factorial(order)


@pytest.mark.parametrize("family", [Family.POISSON, Family.NEGATIVE_BINOMIAL])
@pytest.mark.parametrize(("mean", "sd"), [(0.2, 1.0), (3.0, 2.0), (7.0, 9.0), (80.0, 30.0)])
@pytest.mark.parametrize("x", [-4, -1, 0, 1, 5, 30])
def test_counting_moments_are_the_sums(family, mean, sd, x):
    law = law_of(family, mean, sd)
    demand = Demand(family, mean, sd)
    for order, moment in enumerate(demand.excess_moments(x, 4), start=1):
        assert float(moment) == pytest.approx(summed_moment(law, x, order), rel=1e-8, abs=1e-13)
    assert float(demand.survival(x)) == pytest.approx(law.sf(x), rel=1e-10)


@pytest.mark.parametrize("family", [Family.NORMAL, Family.GAMMA])
@pytest.mark.parametrize(("mean", "sd"), [(10.0, 3.0), (40.0, 30.0), (500.0, 40.0)])
@pytest.mark.parametrize("z", [-4.0, -0.5, 0.0, 1.0, 4.0])
def test_continuous_moments_are_the_integrals(family, mean, sd, z):
    x = mean + z * sd
    law = law_of(family, mean, sd)
    demand = Demand(family, mean, sd)
    for order, moment in enumerate(demand.excess_moments(x, 4), start=1):
        assert float(moment) == pytest.approx(integrated_moment(law, x, order), rel=1e-6)
    assert float(demand.survival(x)) == pytest.approx(law.sf(x), rel=1e-10)


@pytest.mark.parametrize(("family", "mean", "sd"), [(Family.NORMAL, 100, 10), (Family.GAMMA, 100, 30)])
def test_far_tail_keeps_its_digits(family, mean, sd):
    x = mean + 9 * sd
    law = law_of(family, float(mean), float(sd))
    assert float(Demand(family, float(mean), float(sd)).loss(x)) == pytest.approx(
        integrated_moment(law, x, 1), rel=1e-6
    )


@pytest.mark.parametrize("x", [15, 25])
def test_far_poisson_tail_keeps_its_digits(x):
    expected = summed_moment(stats.poisson(3.0), x, 2)
    assert float(Demand(Family.POISSON, 3.0, 0.0).loss_integral(x)) == pytest.approx(expected, rel=1e-7)


@CHECKED
@given(family=FAMILIES, mean=MEANS, variation=VARIATIONS, steps=st.floats(-2, 6))
def test_loss_bounds_and_convexity(family, mean, variation, steps):
    demand = Demand(family, mean, mean * variation)
    x = mean + steps * mean * variation
    before, at, after = demand.loss(x - 1), demand.loss(x), demand.loss(x + 1)
    slack = 1e-9 * (1 + mean)
    assert at >= max(mean - x, 0.0) - slack
    assert before - at >= at - after - slack
    assert 0 <= before - at <= 1 + slack


@CHECKED
@given(family=FAMILIES, mean=MEANS, variation=VARIATIONS, x=st.floats(-50, 900))
def test_loss_is_the_mean_at_zero_and_survival_falls(family, mean, variation, x):
    demand = Demand(family, mean, mean * variation)
    if family is not Family.NORMAL:
        assert float(demand.loss(0.0)) == pytest.approx(mean, rel=1e-9)
    assert 0 <= demand.survival(x + 1) <= demand.survival(x) <= 1


@CHECKED
@given(mean=st.floats(0.05, 50), over=st.floats(0, 5), n=st.integers(-5, 80), part=st.floats(0, 1))
def test_between_whole_levels_counting_losses_are_straight_lines(mean, over, n, part):
    demand = Demand(Family.NEGATIVE_BINOMIAL, mean, np.sqrt(mean * (1 + over)))
    for left, right, between in zip(
        demand.excess_moments(n, 3),
        demand.excess_moments(n + 1, 3),
        demand.excess_moments(n + part, 3),
        strict=True,
    ):
        assert float(between) == pytest.approx(float((1 - part) * left + part * right), rel=1e-9, abs=1e-9)


def test_a_mixture_of_families_is_each_alone():
    family = np.array([Family.GAMMA, Family.POISSON, Family.NORMAL, Family.NEGATIVE_BINOMIAL])
    mean, sd = np.array([20.0, 3.0, 50.0, 4.0]), np.array([15.0, 0.0, 9.0, 6.0])
    x = np.array([[10.0, 25.0], [2.0, 5.0], [45.0, 70.0], [0.0, 9.0]])
    together = Demand(family, mean, sd)
    for row in range(4):
        alone = Demand(family[row], mean[row], sd[row])
        assert together.loss(x)[row] == pytest.approx(alone.loss(x[row]), rel=1e-12)
        assert together.survival(x)[row] == pytest.approx(alone.survival(x[row]), rel=1e-12)
        assert together.second_moment_of_excess(x)[row] == pytest.approx(
            alone.second_moment_of_excess(x[row]), rel=1e-12
        )


def test_many_candidates_go_through_a_table_unchanged():
    demand = Demand(np.full(2, Family.NEGATIVE_BINOMIAL), np.array([3.0, 8.0]), np.array([4.0, 5.0]))
    levels = np.tile(np.arange(-3.0, 12.0), 4)[None, :].repeat(2, axis=0)
    by_table = demand.loss_integral(levels)
    one_by_one = np.stack([demand.loss_integral(levels[:, j]) for j in range(levels.shape[1])], axis=1)
    assert np.allclose(by_table, one_by_one, rtol=1e-12)


@pytest.mark.parametrize("family", list(Family))
def test_no_demand_leaves_nothing_short(family):
    demand = Demand(family, 0.0, 0.0)
    assert float(demand.loss(0)) == 0
    assert float(demand.survival(0)) == 0
    assert float(demand.loss(-2)) == 2


@pytest.mark.parametrize("family", [Family.NORMAL, Family.GAMMA])
def test_certain_demand_is_its_mean(family):
    demand = Demand(family, 5.0, 0.0)
    assert demand.survival([4.9, 5.0]).tolist() == [1.0, 0.0]
    assert demand.loss([3.0, 6.0]).tolist() == [2.0, 0.0]
    assert demand.loss_integral([3.0, 6.0]).tolist() == [2.0, 0.0]


def test_the_certain_part_moves_the_law():
    moved = Demand(Family.POISSON, 7.0, 2.0, 4.0)
    plain = Demand(Family.POISSON, 3.0, 2.0)
    assert float(moved.loss(9)) == pytest.approx(float(plain.loss(5)), rel=1e-14)


def test_a_variance_below_the_mean_is_taken_as_poisson():
    assert float(Demand(Family.NEGATIVE_BINOMIAL, 6.0, 1.0).loss(8)) == pytest.approx(
        float(Demand(Family.POISSON, 6.0, 1.0).loss(8)), rel=1e-14
    )


@pytest.mark.parametrize(
    ("mean", "sd", "size", "family"),
    [
        (9.9, 3.0, 1, Family.POISSON),
        (9.9, 3.5, 1, Family.NEGATIVE_BINOMIAL),
        (9.9, 0.0, 1, Family.POISSON),
        (50.0, 12.0, 1, Family.NORMAL),
        (50.0, 13.0, 1, Family.GAMMA),
        (50.0, 12.0, 6, Family.GAMMA),
    ],
)
def test_the_family_follows_the_stated_rule(mean, sd, size, family):
    assert choose_family(mean, sd, size) == family


def test_thresholds_may_be_given():
    assert choose_family(50, 20, normal_below_variation=0.5) == Family.NORMAL
    assert choose_family(8, 2.9, normal_from_mean_pieces=5, normal_below_variation=0.5) == Family.NORMAL

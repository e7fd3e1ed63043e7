"""The sum of the stages: against closed forms, quadrature, Monte Carlo, and the usual short cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammainc, gammaincinv

from servicepolicy_models.means import StageTime
from servicepolicy_optimizer.paths import stage_sums
from servicepolicy_optimizer.paths.response_time import (
    Stages,
    probability_within,
    quantile_hours,
    stages_in_turn,
)

HOURS = np.array([4.0, 8.0, 12.0, 24.0, 36.0, 48.0, 72.0, 96.0, 120.0, 168.0, 240.0, 336.0])


def one(*times, wait=0.0):
    return stages_in_turn(tuple(StageTime(mean_hours=m, sd_hours=s) for m, s in times), wait)


def by_quadrature(times, hours):
    """P(G1 + G2 <= t): the second's distribution averaged over the first's quantiles, graded to both ends."""
    (m1, s1), (m2, s2) = sorted(times, key=lambda time: time[1])
    grade = np.linspace(0.0, 1.0, 6_001)
    level = np.clip(grade**3 * (10.0 - 15.0 * grade + 6.0 * grade**2), 1e-300, 1.0 - 1e-16)
    first = gammaincinv((m1 / s1) ** 2, level) * s1**2 / m1
    left = np.maximum(np.asarray(hours)[:, None] - first, 0.0)
    second = gammainc((m2 / s2) ** 2, left * m2 / s2**2)
    return np.trapezoid(second * 30.0 * grade**2 * (1.0 - grade) ** 2, grade, axis=1)


def two_moment_gamma(times, hours):
    """The short cut: one gamma with the mean and the variance of the sum."""
    mean, variance = sum(m for m, _ in times), sum(s**2 for _, s in times)
    return gammainc(mean**2 / variance, hours * mean / variance)


def test_fixed_stages_are_a_step():
    found = probability_within(one((2.0, 0.0), (22.0, 0.0)), np.array([23.999, 24.0, 24.001]))
    assert found.tolist() == [[0.0, 1.0, 1.0]]


def test_fixed_stages_that_add_up_with_rounding_are_still_in_time():
    assert probability_within(one((0.1, 0.0), (0.2, 0.0)), np.array([0.3])).item() == 1.0


def test_a_wait_for_a_departure_is_uniform():
    found = probability_within(one((4.0, 0.0), wait=24.0), np.array([3.0, 4.0, 10.0, 28.0, 40.0]))
    assert found[0] == pytest.approx([0.0, 0.0, 0.25, 1.0, 1.0], abs=1e-12)


def test_an_exponential_stage_and_a_wait():
    """P(G + U <= t) = (1/w) ∫ (1 − e^(−u/m)) du over the wait."""
    m, w, t = 5.0, 24.0, np.array([6.0, 30.0, 60.0])
    low = np.maximum(t - w, 0.0)
    exact = (t - low + m * (np.exp(-t / m) - np.exp(-low / m))) / w
    assert probability_within(one((m, m), wait=w), t)[0] == pytest.approx(exact, abs=1e-12)


def test_two_exponential_stages():
    """Hypoexponential: F(t) = 1 − (a e^(−t/a) − b e^(−t/b)) / (a − b)."""
    a, b, t = 10.0, 3.0, HOURS
    exact = 1.0 - (a * np.exp(-t / a) - b * np.exp(-t / b)) / (a - b)
    assert probability_within(one((a, a), (b, b)), t)[0] == pytest.approx(exact, abs=2e-6)


def test_stages_of_one_scale_are_one_gamma():
    """Gamma(k1, θ) + Gamma(k2, θ) = Gamma(k1 + k2, θ)."""
    times = (4.0, 2.0), (16.0, 4.0)  # k = 4 and 16, θ = 1
    assert probability_within(one(*times), HOURS)[0] == pytest.approx(gammainc(20.0, HOURS), abs=1e-7)


@pytest.mark.parametrize(
    ("variation", "error"), [((0.05, 0.5), 1e-7), ((0.3, 1.0), 1e-6), ((1.0, 2.0), 3e-4), ((2.0, 4.0), 1e-2)]
)
def test_two_stages_against_quadrature(variation, error):
    rng = np.random.default_rng(3)
    for _ in range(12):
        mean = rng.uniform(0.3, 30.0, 2)
        times = list(zip(mean, mean * rng.uniform(*variation, 2), strict=True))
        hours = mean.sum() * np.array([0.3, 0.8, 1.0, 1.5, 2.5])
        assert probability_within(one(*times), hours)[0] == pytest.approx(
            by_quadrature(times, hours), abs=error
        )


def test_the_usual_short_cut_is_thousands_of_times_further_off():
    times, hours = [(20.0, 1.0), (5.0, 5.0)], np.array([24.0])
    exact = by_quadrature(times, hours)[0]
    assert abs(two_moment_gamma(times, 24.0) - exact) > 0.02
    assert abs(probability_within(one(*times), hours).item() - exact) < 1e-6


@pytest.mark.parametrize("wait", [0.0, 24.0, 168.0])
def test_three_stages_and_a_wait_against_monte_carlo(wait):
    rng = np.random.default_rng(11)
    times, draws = [(1.0, 0.8), (9.0, 3.0), (26.0, 8.0)], 400_000
    response = sum(rng.gamma((m / s) ** 2, s**2 / m, draws) for m, s in times) + rng.uniform(0.0, wait, draws)
    simulated = (response[:, None] <= HOURS).mean(axis=0)
    # Four standard errors of a proportion at its worst.
    assert probability_within(one(*times, wait=wait), HOURS)[0] == pytest.approx(
        simulated, abs=2.0 / draws**0.5
    )
    assert one(*times, wait=wait).expected_hours.item() == pytest.approx(response.mean(), rel=2e-3)
    assert one(*times, wait=wait).deviation_hours.item() == pytest.approx(response.std(), rel=5e-3)


def test_many_sums_at_once_are_each_alone():
    rng = np.random.default_rng(5)
    mean = rng.choice([0.0, 1.0, 8.0, 30.0], (60, 3))
    sd = mean * rng.choice([0.0, 0.3, 0.9], (60, 3))
    wait = rng.choice([0.0, 24.0], 60)
    together = probability_within(Stages(mean, sd, wait), HOURS)
    for p in range(60):
        alone = probability_within(Stages(mean[[p]], sd[[p]], wait[[p]]), HOURS)
        assert together[[p]] == pytest.approx(alone, abs=1e-12)


def test_a_narrow_stage_among_wide_ones():
    """A stage of 24 h ± 1 minute is as good as fixed."""
    narrow = probability_within(one((24.0, 1 / 60), (10.0, 4.0)), HOURS)
    fixed = probability_within(one((24.0, 0.0), (10.0, 4.0)), HOURS)
    assert narrow == pytest.approx(fixed, abs=1e-5)


@pytest.mark.parametrize(
    "times",
    [
        [(1.0, 1e-160), (1.0, 1e-72)],
        [(1e-160, 1e-160), (1.0, 1.0)],
        [(1e15, 1e15), (1e-300, 1e15)],
        [(1e15, 1.0), (24.0, 1e-3)],
        [(0.0, 5.0), (3.0, 300.0), (3.0, 300.0)],
    ],
)
@pytest.mark.parametrize("wait", [0.0, 1e-9, 24.0, 1e12])
def test_absurd_stages_give_a_probability(times, wait):
    found = probability_within(one(*times, wait=wait), HOURS)
    assert ((found >= 0.0) & (found <= 1.0)).all()


stages = st.lists(
    st.tuples(st.floats(0.0, 60.0), st.just(0.0) | st.floats(0.01, 1.2)).map(
        lambda time: (time[0], time[0] * time[1])
    ),
    min_size=1,
    max_size=4,
)
waits = st.sampled_from([0.0, 24.0, 33.6, 168.0])


@settings(deadline=None, max_examples=60)
@given(stages, waits)
def test_a_slower_promise_is_kept_at_least_as_often(times, wait):
    found = probability_within(one(*times, wait=wait), HOURS)[0]
    assert (np.diff(found) >= -1e-5).all()
    assert ((found >= 0.0) & (found <= 1.0)).all()


@settings(deadline=None, max_examples=40)
@given(stages, waits)
def test_hours_may_be_counted_in_minutes(times, wait):
    in_hours = probability_within(one(*times, wait=wait), HOURS)
    in_minutes = probability_within(one(*((60 * m, 60 * s) for m, s in times), wait=60 * wait), 60 * HOURS)
    assert in_minutes == pytest.approx(in_hours, abs=1e-6)


@settings(deadline=None, max_examples=40)
@given(stages, waits, st.floats(0.5, 20.0))
def test_a_further_stage_never_makes_it_faster(times, wait, more):
    before = probability_within(one(*times, wait=wait), HOURS)
    after = probability_within(one(*times, (more, more / 2), wait=wait), HOURS)
    assert (after <= before + 1e-5).all()


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.tuples(st.floats(0.5, 60.0), st.floats(0.05, 1.0)), min_size=1, max_size=3),
    waits,
    st.floats(0.05, 0.99),
)
def test_a_quantile_is_reached_with_its_share(times, wait, share):
    response = one(*((m, m * variation) for m, variation in times), wait=wait)
    within = probability_within(response, quantile_hours(response, share)).item()
    assert within == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize("integrate", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_many_sums_and_times_at_once_are_each_by_itself(seed, integrate, monkeypatch):
    """To the last bit, however many are held at once: what is kept was computed among others."""
    one_sum = stage_sums.TERMS[0] * 5  # held for its five times, by the shortest series
    rng = np.random.default_rng(seed)
    mean = rng.uniform(1, 40, (8, 3))
    sd = mean * rng.uniform(0.05, 2.0, (8, 3)) * (rng.random((8, 3)) < 0.8)
    hours = rng.uniform(-5, 300, (8, 5))
    of = stage_sums.integrated_probability if integrate else stage_sums.probability
    each = [[of(mean[[n]], sd[[n]], hours[[n], t : t + 1])[0, 0] for t in range(5)] for n in range(8)]
    for block in (one_sum, 1_000, stage_sums.BLOCK):
        monkeypatch.setattr(stage_sums, "BLOCK", block)
        np.testing.assert_array_equal(of(mean, sd, hours), np.array(each))

"""Logarithm and exponential against numpy's."""

import numpy as np
from numba import vectorize

from servicepolicy_optimizer.compiled.elementary import exponential, logarithm


def in_last_places(ours, theirs):
    return np.abs(ours - theirs) / np.spacing(np.abs(theirs))


def of_each(function, numbers):
    return np.array([function(number) for number in numbers])


def test_exponentials():
    x = np.concatenate([np.linspace(-699.9, 699.9, 20_001), np.geomspace(1e-300, 1.0, 2_000)])
    assert in_last_places(of_each(exponential, x), np.exp(x)).max() <= 2
    assert exponential(-1e9) == exponential(-700.0)


def test_logarithms():
    rng = np.random.default_rng(1)
    x = np.concatenate([np.geomspace(1e-300, 1e300, 20_001), 1 + rng.uniform(-1e-3, 1e-3, 5_000)])
    assert in_last_places(of_each(logarithm, x), np.log(x)).max() <= 2


def test_several_at_once_are_each_by_itself():
    x = np.random.default_rng(2).uniform(-50.0, 50.0, 4_099)
    together = vectorize(["float64(float64)"])(lambda one: exponential(one))(x)
    np.testing.assert_array_equal(together, of_each(exponential, x))

"""Successive levels by recursion against each level by its special function."""

import numpy as np
import pytest

from servicepolicy_optimizer.inventory.excess import counting_excess


@pytest.mark.parametrize("overdispersion", [0.0, 1e-4, 0.3, 5.0, 80.0])
@pytest.mark.parametrize("mean", [1e-3, 0.4, 7.0, 60.0, 150.0])
@pytest.mark.parametrize("first", [-3.0, 0.0, 11.0])
def test_a_run_of_levels_equals_its_levels(overdispersion: float, mean: float, first: float) -> None:
    levels = first + np.arange(900.0)[None, :]
    point, ladder = counting_excess(levels, np.array([[mean]]), np.array([[overdispersion]]), 2)
    for place in (0, 1, 5, 40, 333, 899):
        alone = counting_excess(levels[:, place], np.array([mean]), np.array([overdispersion]), 2)
        np.testing.assert_allclose(point[0, place], alone[0][0], rtol=1e-9, atol=1e-15)
        for run, single in zip(ladder, alone[1], strict=True):
            np.testing.assert_allclose(run[0, place], single[0], rtol=1e-8, atol=1e-10)

"""Sums over a short axis are NumPy's to the last bit."""

import numpy as np
import pytest

from servicepolicy_optimizer.curves.sum_of_few import sum_of_few


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 8, 20])
def test_a_short_sum_is_the_plain_one_to_the_last_bit(count):
    rng = np.random.default_rng(count)
    for rows in (1, 5, 300):
        amounts = rng.uniform(0, 1, (rows, 3, count)) * 10.0 ** rng.integers(-12, 12, (rows, 3, count))
        np.testing.assert_array_equal(sum_of_few(amounts), amounts.sum(axis=-1))
        np.testing.assert_array_equal(sum_of_few(amounts[:, 1]), amounts[:, 1].sum(axis=-1))

"""Quantiles of numbers that come in parts against numpy's of all of them."""

import numpy as np
import pytest

from servicepolicy_optimizer.curves.outer_quantiles import OuterQuantiles


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("most", [1, 5, 60, 4000])
def test_they_are_numpys_to_the_last_bit(seed, most):
    rng = np.random.default_rng([seed, most])
    share = float(rng.choice([0.01, 0.05, 0.2]))
    # Rounded to so few digits now and then that many are equal.
    numbers = np.round(np.exp(rng.normal(0.0, 2.0, rng.integers(1, most + 1))), int(rng.integers(0, 12)))
    found = OuterQuantiles(share, most)
    for part in np.array_split(numbers, int(rng.integers(1, 40))):
        found.add(part.size, found.needed(part))
    assert found.pair() == tuple(np.quantile(numbers, [share, 1.0 - share]))


def test_what_lies_between_the_ends_is_dropped():
    rng, found = np.random.default_rng(3), OuterQuantiles(0.01, 100_000)
    needed = []
    for _ in range(100):
        part = rng.random(1000)
        needed.append(found.needed(part).size)
        found.add(1000, found.needed(part))
    assert needed[0] == 1000 and max(needed[50:]) < 100


def test_it_does_not_matter_when_it_was_asked_what_is_needed():
    numbers = np.random.default_rng(4).random((200, 50))
    found, late = (OuterQuantiles(0.01, numbers.size) for _ in range(2))
    for part in numbers:
        found.add(part.size, found.needed(part))
        late.add(part.size, part)
    assert found.pair() == late.pair() == tuple(np.quantile(numbers, [0.01, 0.99]))

"""The lightest hitting set is that which trying every set finds."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.explain.hitting_sets import HittingSets, Some, chosen

THINGS = 5
EXACT = Limits(relative_gap=0.0)
sets_of_things = st.lists(st.frozensets(st.integers(0, THINGS - 1)), max_size=4)
weights = st.lists(st.sampled_from([0.5, 1.0, 3.0]), min_size=THINGS, max_size=THINGS)


def tried(weight: list[float], cores: list[Some], known: list[Some]) -> float | None:
    """The weight of the lightest set, by trying all."""
    fit = [
        sum(weight[thing] for thing in some)
        for size in range(THINGS + 1)
        for some in map(frozenset, combinations(range(THINGS), size))
        if all(some & core for core in cores) and not any(one <= some for one in known)
    ]
    return min(fit, default=None)


@given(weights, sets_of_things, sets_of_things)
def test_the_lightest_is_that_of_all_sets(weight: list[float], cores: list[Some], known: list[Some]) -> None:
    found = chosen(HittingSets(np.array(weight), cores, known).lightest(EXACT))
    expected = tried(weight, cores, known)
    if found is None:
        assert expected is None
        return
    assert sum(weight[thing] for thing in found) == expected
    assert all(found & core for core in cores) and not any(one <= found for one in known)


@pytest.mark.parametrize("seed", range(4))
def test_asked_again_with_more_or_less_to_keep_it_is_that_of_all_sets(seed: int) -> None:
    """A search may end with what weighs no more than the one before; what is allowed again may weigh less."""
    draw = np.random.default_rng(seed)
    things = 14
    weight = draw.choice([1.0, 1.0, 1.5, 2.0], things)
    sets = HittingSets(weight)
    for step in range(40):
        found = chosen(sets.lightest(EXACT))
        assert found is not None
        assert weight[list(found)].sum() == pytest.approx(lightest_of_all(sets))
        others = sorted(set(range(things)) - found)
        if step % 3 == 2:
            sets.known.append(found)
        else:
            sets.cores.append(frozenset(draw.choice(others, 5, replace=False).tolist()))
    before = lightest_of_all(sets)
    sets.allow(sets.known[:])
    found = chosen(sets.lightest(EXACT))
    assert found is not None and sets.known == []
    assert weight[list(found)].sum() == pytest.approx(lightest_of_all(sets))
    assert lightest_of_all(sets) < before


def lightest_of_all(sets: HittingSets) -> float:
    """Of all 2^n sets, each a number in binary."""
    n = sets.weight.size
    has = (np.arange(2**n)[:, None] >> np.arange(n)) & 1 == 1
    fit = np.ones(2**n, dtype=bool)
    for core in sets.cores:
        fit &= has[:, list(core)].any(axis=1)
    for some in sets.known:
        fit &= ~has[:, list(some)].all(axis=1)
    return float((has @ sets.weight)[fit].min())


def test_of_nothing_nothing_is_chosen() -> None:
    assert chosen(HittingSets(np.zeros(0)).lightest(EXACT)) == frozenset()
    assert chosen(HittingSets(np.zeros(0), cores=[frozenset()]).lightest(EXACT)) is None

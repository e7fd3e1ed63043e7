"""The lightest hitting set is that which trying every set finds."""

from itertools import combinations

import numpy as np
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


@given(weights, st.lists(st.tuples(st.booleans(), st.frozensets(st.integers(0, THINGS - 1))), max_size=6))
def test_asked_again_with_more_to_keep_it_is_that_of_all_sets(
    weight: list[float], learned: list[tuple[bool, Some]]
) -> None:
    """A search may end with what weighs no more than the one before; what is allowed again may weigh less."""
    sets = HittingSets(np.array(weight))
    for is_core, some in learned:
        (sets.cores if is_core else sets.known).append(some)
        found = chosen(sets.lightest(EXACT))
        expected = tried(weight, sets.cores, sets.known)
        assert (None if found is None else sum(weight[thing] for thing in found)) == expected
    sets.allow([some for is_core, some in learned if not is_core])
    found = chosen(sets.lightest(EXACT))
    expected = tried(weight, sets.cores, [])
    assert sets.known == []
    assert (None if found is None else sum(weight[thing] for thing in found)) == expected


def test_of_nothing_nothing_is_chosen() -> None:
    assert chosen(HittingSets(np.zeros(0)).lightest(EXACT)) == frozenset()
    assert chosen(HittingSets(np.zeros(0), cores=[frozenset()]).lightest(EXACT)) is None

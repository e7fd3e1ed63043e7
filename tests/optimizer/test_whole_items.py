"""Whole items: what is looked at near one need says of it what looking at everything says."""

import numpy as np
import pytest

from servicepolicy_models.reading import read_scenario
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.realise import decision, whole_items
from servicepolicy_optimizer.settle import settle
from servicepolicy_optimizer.synthetic import Matrix, distributor


@pytest.fixture(scope="module")
def searches():
    """The searches of a question with regions, as they begin."""
    found, scenario = [], read_scenario(distributor(np.random.default_rng(3), Matrix(3, 2, 8)))
    with pytest.MonkeyPatch.context() as patched:

        def seen(shelves, others, needs, start):
            found.append(whole_items._search(shelves, others, needs))
            return whole_items.realise_class(shelves, others, needs, start)

        patched.setattr(decision, "realise_class", seen)
        settle(question(scenario, inline_facts(scenario), Known(), in_silence), in_silence)
    return found


def test_near_a_need_is_all_that_its_price_changes(searches):
    rng, kept = np.random.default_rng(1), 0
    for search in searches:
        for _ in range(20):
            price = search.scale() * 10.0 ** rng.uniform(-3, 3, len(search.needs))
            k = int(rng.integers(len(search.needs)))
            everything = search.excess(search.assign(price))
            near = search.near[k][1]
            assert np.array_equal(search.excess_near(price, k)[near], everything[near])
            assert search.broken(price, k) == (everything[k] > 0)
            if search.kept(price):
                kept += 1
                price[k] *= 10.0 ** rng.uniform(-4, 0)
                assert search.still_kept(price, k) == search.kept(price)
    assert kept > 5


def test_what_a_shelf_is_asked_for_is_all_that_is_asked(searches):
    for search in searches:
        for name, pieces in search.pieces.items():
            assert search.asked[name].sum() == pytest.approx(pieces.sum())
            assert len(search.on[name]) <= len(search.needs)


def test_whole_items_keep_every_need(searches):
    for search in searches:
        chosen = whole_items.realise_class(
            search.shelves, search.others, search.needs, np.zeros(len(search.needs))
        )
        assert chosen is None or (search.excess(chosen) <= 0).all()

"""Shelves priced by a product of a matrix and a vector, against every rung priced as it lies."""

import numpy as np
import pytest

from servicepolicy_optimizer import promise_columns as columns
from servicepolicy_optimizer.baselines import without_limits
from servicepolicy_optimizer.curves.cheapest_rungs import cheapest_rungs
from servicepolicy_optimizer.curves.columns import StockPrices, rung_costs
from servicepolicy_optimizer.curves.together import Together
from servicepolicy_optimizer.priced_apart import cells_of, priced_apart
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.promise_columns import promise_columns
from servicepolicy_optimizer.question import Known, in_silence, question
from tests.optimizer.small_inline import small_scenario


def asked_of(seed):
    scenario = without_limits(small_scenario(seed))
    return question(scenario, inline_facts(scenario), Known(), in_silence)


@pytest.fixture(scope="module")
def apart():
    """Shelves whose classes are served apart."""
    shelves = [shelf for seed in range(12) for shelf in asked_of(seed).room.shelves.values()]
    return [shelf for shelf in shelves if cells_of(shelf, segments=2)]


def test_the_cheapest_rungs_are_those_of_every_rung_priced_as_it_lies(apart):
    assert len(apart) > 5
    rng = np.random.default_rng(1)
    for shelf in apart:
        shape = shelf.items.pieces.shape[1:]
        everywhere = np.arange(shape[1])
        segments = [(0, everywhere), (1, everywhere[:1]), (1, everywhere)]
        priced = priced_apart(shelf, segments)
        assert cells_of(shelf, len(segments)) == priced.cost.size + priced.short.size
        for price in rng.exponential(30.0, (5, len(segments))):
            short = np.zeros(shape)
            for (customer_class, regions), one in zip(segments, price.tolist(), strict=True):
                short[customer_class, regions] += one
            prices = StockPrices(short)
            expected, _ = cheapest_rungs(shelf, prices)
            of_rungs, rungs = priced.cheapest(price)
            assert of_rungs == pytest.approx(expected, rel=1e-12)
            assert rung_costs(shelf, prices)[np.arange(rungs.size), rungs].sum() == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(12))
def test_the_program_of_the_promises_is_the_same_however_shelves_are_priced(seed, monkeypatch):
    asked = asked_of(seed)
    by_product = [promise_columns(asked, one) for one in asked.choices.options]
    monkeypatch.setattr(columns, "MOST_CELLS", -1)
    as_they_lie = [promise_columns(asked, one) for one in asked.choices.options]
    monkeypatch.setattr(Together, "laid_places", frozenset())
    by_class = [promise_columns(asked, one) for one in asked.choices.options]
    for one, other, third in zip(by_product, as_they_lie, by_class, strict=True):
        for another in (other, third):
            assert one.cost == pytest.approx(another.cost, rel=1e-9)
            assert one.places == another.places

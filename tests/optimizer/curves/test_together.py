"""Shelves priced together against each by itself."""

import numpy as np
import pytest

from servicepolicy_optimizer.curves import together
from servicepolicy_optimizer.curves.cheapest_rungs import cheapest
from servicepolicy_optimizer.curves.columns import StockPrices, column, pieces_short
from servicepolicy_optimizer.curves.together import Together
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from tests.optimizer.small_inline import small_scenario


def room_of(seed):
    scenario = small_scenario(seed)
    return question(scenario, inline_facts(scenario), Known(), in_silence).room


def random_prices(rng, shelf):
    short = rng.uniform(0, 3, shelf.items.pieces.shape[1:]) * rng.choice([0.0, 1.0, 50.0])
    scarce = rng.uniform(-0.01, 0.5, 3) * (rng.random(3) < 0.4)
    return StockPrices(short, *scarce.tolist(), objective=float(rng.choice([0.0, 1.0])))


@pytest.mark.parametrize("most_cells", [0, together.MOST_CELLS])
@pytest.mark.parametrize("seed", range(20))
def test_together_is_each_by_itself(seed, most_cells, monkeypatch):
    monkeypatch.setattr(together, "MOST_CELLS", most_cells)
    rng, shelves = np.random.default_rng(seed), room_of(seed).shelves
    asked = {place: random_prices(rng, one) for place, one in shelves.items() if rng.random() < 0.8}
    found = Together(shelves).cheapest(asked)
    assert list(found) == list(asked)
    for place, prices in asked.items():
        cost, rungs = cheapest(shelves[place], prices)
        assert found[place].cost == pytest.approx(cost, rel=1e-9, abs=1e-6)
        # Of rungs that cost the same either may be told.
        if not np.array_equal(found[place].rungs, rungs):
            priced = priced_at(shelves[place], found[place].rungs, prices)
            assert priced == pytest.approx(cost, rel=1e-9, abs=1e-6)
        assert found[place].rungs.dtype == rungs.dtype


def priced_at(shelf, rungs, prices):
    """What rungs cost at prices, from the column that they make."""
    one = column(shelf, rungs, np.zeros(shelf.items.pieces.shape[1]))
    logistics = (one.cost - one.lost_sales_cost)[0]
    own = prices.objective * one.cost[0] + prices.money * logistics
    used = prices.stock_value * one.stock_value[0] + prices.storage_m3 * one.storage_m3[0]
    return own + used + (prices.short * one.pieces_short[0]).sum()


@pytest.mark.parametrize("seed", range(5))
def test_pieces_short_are_those_of_the_column(seed):
    rng = np.random.default_rng(seed)
    for shelf in room_of(seed).shelves.values():
        rungs = rng.integers(0, shelf.rungs.rungs, shelf.items.rows.size).astype(np.uint8)
        made = column(shelf, rungs, np.zeros(shelf.items.pieces.shape[1]))
        np.testing.assert_allclose(pieces_short(shelf, rungs), made.pieces_short[0], atol=1e-9)

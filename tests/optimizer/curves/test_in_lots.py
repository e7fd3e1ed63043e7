"""Columns made lot by lot against those of the shelf with its whole ladder."""

from functools import partial

import numpy as np
import pytest

from servicepolicy_models.means import StockPolicy
from servicepolicy_optimizer.curves.columns import StockPrices, best_rungs_at, columns_of, stocked_shelf
from servicepolicy_optimizer.curves.in_lots import columns_in_lots
from servicepolicy_optimizer.curves.ladder import ladder
from servicepolicy_optimizer.curves.promise_measure import service_measure
from servicepolicy_optimizer.inventory import shelf as lots
from servicepolicy_optimizer.inventory import side_by_side
from tests.optimizer.curves.test_columns import asked

PRICES = np.geomspace(0.1, 300.0, 9)


def stock(scenario, policy, items):
    rungs = ladder(items, policy, 30)
    service = service_measure(items, rungs, np.zeros(items.pieces.shape[1], dtype=bool))
    return stocked_shelf(scenario, scenario.locations[0], items, rungs, service)


@pytest.mark.parametrize("policy", [StockPolicy.POOLED, StockPolicy.RATIONED])
@pytest.mark.parametrize("seed", range(4))
def test_lots_come_to_the_whole(monkeypatch, seed, policy):
    found = asked(seed, stock_policies=[policy.value], limits={"rungs": 30})
    items = max((one.items for one in found.room.shelves.values()), key=lambda one: one.rows.size)
    prices = np.repeat(PRICES[:, None], items.pieces.shape[1], axis=1)
    whole = stock(found.scenario, policy, items)
    at = [StockPrices(np.full(items.pieces.shape[1:], price)) for price in PRICES]
    chosen = best_rungs_at(whole, at)
    columns = columns_of(whole, chosen, prices)
    monkeypatch.setattr(lots, "TABLED_AT_ONCE", 1)
    answers = []
    for threads in (1, 2, 3):
        monkeypatch.setattr(side_by_side.side_by_side, "__defaults__", (threads,))
        answers.append(columns_in_lots(items, partial(stock, found.scenario, policy), prices))
    for made in answers:
        np.testing.assert_array_equal(made.chosen, chosen)
        for name in columns.__dataclass_fields__:
            np.testing.assert_allclose(getattr(made.columns, name), getattr(columns, name), rtol=1e-12)
            assert getattr(made.columns, name).tobytes() == getattr(answers[0].columns, name).tobytes()

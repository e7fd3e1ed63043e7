"""A table of compound demand is that of the item alone, to the last bit: so ladders made lot by lot, of which
lots are others in files than in memory, are the same.
"""

import numpy as np
import pytest

from servicepolicy_optimizer.inventory.compound_demand import CompoundDemand, compound_demand
from servicepolicy_optimizer.inventory.order_sizes import OrderSizes

ITEMS = 300
"""Arrays of so many are large enough for numpy to write a product into one of its factors."""


def demand(seed: int, bursty_share: float) -> CompoundDemand:
    rng = np.random.default_rng(seed)
    item = np.repeat(np.arange(ITEMS), 3)
    pieces, lines = np.ceil(40 ** rng.random(item.size)), rng.uniform(0.01, 0.5, item.size)
    variation = np.where(rng.random(ITEMS) < bursty_share, rng.uniform(1.1, 4.0, ITEMS), 1.0)
    sizes = OrderSizes.of_entries(ITEMS, item, pieces, lines)
    lead_days, sd_days = rng.uniform(1.0, 20.0, ITEMS), rng.uniform(0.0, 3.0, ITEMS)
    return compound_demand(
        sizes, variation, lead_days, sd_days, more_days=np.full(ITEMS, 2.0), one_burst_more=True
    )


@pytest.mark.parametrize("bursty_share", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_whoever_is_beside_it(seed: int, bursty_share: float):
    of_all = demand(seed, bursty_share)
    together = of_all.tabulated()
    for item in range(0, ITEMS, 7):
        place = np.array([item])
        alone, among = of_all.of(place).tabulated(), together.of(place)
        for name, array in vars(alone).items():
            np.testing.assert_array_equal(getattr(among, name), array)

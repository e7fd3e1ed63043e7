"""What a candidate gives does not depend on which other candidates or items are asked in the same call."""

import numpy as np

from servicepolicy_optimizer.inventory.rationing import rationed_performance
from servicepolicy_optimizer.inventory.shelf import shelf_demand


def test_candidates_and_items_are_judged_each_on_its_own() -> None:
    rng = np.random.default_rng(3)
    n, m = 24, 9
    rate, size = rng.uniform(0.05, 9, n), rng.choice([1.0, 3.0, 12.0], n)
    sd = np.sqrt(rate * size * rng.uniform(1.0, 3.0, n))
    share = rng.dirichlet([2, 3, 4], n)
    quantity = np.ceil(rng.uniform(1, 40, n))
    point = np.floor(rng.uniform(-1, 3, (n, m)) + rng.uniform(0, 12, (n, m)) * rate[:, None])
    level = np.cumsum(np.floor(rng.uniform(0, 3, (n, m, 3)) * [0, 1, 1]), axis=2)
    reorder = point + level[..., -1]

    def judged(rows, columns):
        cells = np.ix_(rows, columns)
        demand = shelf_demand(rate[rows], sd[rows], size[rows], size[rows] ** 2 * 1.3, 7.0, 2.0)
        return rationed_performance(demand, share[rows], level[cells], reorder[cells], quantity[rows])

    together = judged(range(n), range(m))
    for row in range(n):
        for column in (0, m - 1):
            alone = judged([row], [column])
            np.testing.assert_allclose(
                alone.unit_fill_rate[0, 0], together.unit_fill_rate[row, column], rtol=1e-9, atol=1e-10
            )
            np.testing.assert_allclose(
                alone.on_hand_pieces[0, 0], together.on_hand_pieces[row, column], rtol=1e-9, atol=1e-8
            )

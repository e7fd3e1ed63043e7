"""What a candidate gives does not depend on which other candidates or items are asked in the same call."""

import numpy as np

from servicepolicy_optimizer.inventory import rationing
from servicepolicy_optimizer.inventory.order_sizes import OrderSizes
from servicepolicy_optimizer.inventory.rationing import rationed_performance
from servicepolicy_optimizer.inventory.shelf import shelf_demand
from servicepolicy_optimizer.inventory.shelf_laws import ShelfFigures, lawful_demand


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


def of_known_sizes(rate, pieces, chance, times_the_variance):
    """rate: lines a day, (n,); pieces (n, 3) of a line, chance (3,)."""
    n = rate.size
    sizes = OrderSizes.of_entries(
        n, np.repeat(np.arange(n), 3), pieces.ravel(), (rate[:, None] * chance).ravel()
    )
    first, second = pieces @ chance, pieces**2 @ chance
    variance = times_the_variance * rate * second
    return lawful_demand(ShelfFigures(rate * first, variance, rate, second, sizes, 9.0, 0.0, 0.0))


def judged(lawful, share, levels, reorder, quantity, rows):
    """The figures of some of the items, each array (n, ...)."""
    asked = (lawful.demand.of(rows), share[rows], levels[rows], reorder[rows], quantity[rows])
    return rationed_performance(*asked)


def test_an_item_near_the_bound_of_counting_is_judged_as_it_is_alone() -> None:
    # At the bound a table, which has a little more variance than the demand, says another thing than it.
    n = 150
    pieces = np.tile([9.0, 12.0, 15.0], (n, 1))
    lawful = of_known_sizes(np.linspace(0.1, 0.4, n), pieces, np.array([0.3, 0.4, 0.3]), 1.0)
    drawn = rationing._is_counted(lawful.demand) & ~rationing._is_counted(lawful.demand.tabulated())
    assert drawn.any()
    rng = np.random.default_rng(5)
    levels = np.cumsum(np.floor(rng.uniform(0, 9, (n, 1, 3)) * [0, 1, 1]), axis=2)
    reorder = np.floor(lawful.demand.exposed.mean_pieces[:, None] * rng.uniform(0.5, 1.5, (n, 1)))
    share, quantity = rng.dirichlet([2, 3, 4], n), np.full(n, 8.0)
    of_all = judged(lawful, share, levels, reorder + levels[..., -1], quantity, np.arange(n))
    for row in range(n):
        alone = judged(lawful, share, levels, reorder + levels[..., -1], quantity, np.array([row]))
        for one, whole in zip(alone, of_all, strict=True):
            np.testing.assert_allclose(one[0], whole[row], rtol=1e-12, atol=1e-13)


def test_candidates_that_share_their_levels_are_judged_as_each_with_its_own() -> None:
    rng = np.random.default_rng(6)
    n, patterns, points = 40, 5, 7
    pieces = np.stack([np.ones(n), np.full(n, 2.0), rng.choice([3.0, 9.0, 40.0], n)], axis=1)
    lawful = of_known_sizes(rng.uniform(0.1, 8.0, n), pieces, np.array([0.5, 0.3, 0.2]), 1.5)
    levels = np.cumsum(np.floor(rng.uniform(0, 6, (n, patterns, 3)) * [0, 1, 1]), axis=2)
    levels[:, 0] = 0
    levels[:, 1, 1] = 0
    levels[:, 2, 2] = levels[:, 2, 1]
    reorder = np.floor(rng.uniform(-1, 60, (n, points)))[:, :, None] + levels[:, None, :, -1]
    reorder = reorder.reshape(n, points * patterns)
    share, quantity = rng.dirichlet([2, 3, 4], n), np.ceil(rng.uniform(0, 20, n))
    everybody = np.arange(n)
    shared = judged(lawful, share, levels, reorder, quantity, everybody)
    each = judged(lawful, share, np.tile(levels, (1, points, 1)), reorder, quantity, everybody)
    np.testing.assert_allclose(shared.unit_fill_rate, each.unit_fill_rate, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(shared.backorders_pieces, each.backorders_pieces, rtol=1e-9, atol=1e-12)
    # What is on hand is the difference of a position and backorders.
    np.testing.assert_allclose(shared.on_hand_pieces, each.on_hand_pieces, rtol=1e-9, atol=1e-9)

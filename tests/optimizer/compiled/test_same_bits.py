"""What is compiled in place of arrays comes to the same last bit, so nobody can tell which road was taken."""

from functools import partial

import numpy as np
import pytest

from servicepolicy_optimizer.compiled import after_reserve as outlasting
from servicepolicy_optimizer.compiled import level_sums
from servicepolicy_optimizer.compiled.after_reserve import after_reserve
from servicepolicy_optimizer.compiled.cubics import cubics_between
from servicepolicy_optimizer.inventory import at_hand, rationing, replenishments, shortage_curves
from servicepolicy_optimizer.inventory.level_table import LevelTable
from servicepolicy_optimizer.inventory.order_sizes import OrderSizes
from servicepolicy_optimizer.inventory.rationing import rationed_performance
from servicepolicy_optimizer.inventory.replenishments import replenishments_per_day
from servicepolicy_optimizer.inventory.reserve_life import (
    Growing,
    Reserve,
    growing,
    in_steps,
    mean_after_reserve,
    piece_by_piece,
)
from servicepolicy_optimizer.inventory.shelf import pooled_performance, shelf_demand
from servicepolicy_optimizer.inventory.shelf_laws import ShelfFigures, lawful_demand
from servicepolicy_optimizer.inventory.shortage_curves import CubicCurves, WholeCurves
from servicepolicy_optimizer.inventory.side_by_side import side_by_side


@pytest.fixture
def by_arrays(monkeypatch):
    def asked(function, *args):
        monkeypatch.setattr(at_hand.compiled, "loading_ns", np.inf)
        return function(*args)

    return asked


@pytest.fixture
def compiled(monkeypatch):
    def asked(function, *args):
        monkeypatch.setattr(at_hand.compiled, "loading_ns", 0.0)
        return function(*args)

    return asked


def assert_same_bits(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def chances(rng, rows, levels):
    weight = rng.exponential(1.0, (rows, levels)) * np.exp(-np.arange(levels) / rng.uniform(2, 90, (rows, 1)))
    return weight / weight.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("levels", [2, 128, 4096])
def test_tables_and_what_is_looked_up_in_them(levels, by_arrays, compiled):
    rng = np.random.default_rng(levels)
    chance, step = chances(rng, 40, levels), rng.integers(1, 30, 40).astype(float)
    table = by_arrays(LevelTable.adding_up, chance, step)
    assert_same_bits(vars(table).values(), vars(compiled(LevelTable.adding_up, chance, step)).values())
    top = levels * step[:, None]
    between = rng.uniform(-0.2, 1.2, (40, 60)) * top
    between[:, :3] = np.concatenate([np.zeros_like(top), top, top - step[:, None]], axis=1)
    for x in (between, np.floor(between), between[:, 0], between.reshape(40, 6, 10), np.array(3.5)):
        for order in (1, 2):
            found = compiled(table.excess_moments, x, order)
            assert_same_bits(by_arrays(table.excess_moments, x, order), found)
            assert len(found) == order


@pytest.mark.parametrize("levels", [(0,), (0, 5), (0, 2, 3)])
def test_a_table_of_no_items_answers_nothing(levels, by_arrays, compiled):
    table = LevelTable.adding_up(np.full((2, 3), 1 / 3), np.ones(2)).of(np.zeros(0, np.intp))
    for asked in (by_arrays, compiled):
        first, second = asked(table.excess_moments, np.zeros(levels), 2)
        assert first.shape == second.shape == levels


NO_LEVELS = [np.nan, np.inf, -np.inf, 1e300, -1e300, -0.0, 2.0**63]
"""What no table has, beside a level that each has."""


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("step", [1.0, 0.0, -1.0, np.nan, np.inf])
def test_no_level_is_looked_up_outside_its_table(step):
    """Machine code looks at no bounds, Python does."""
    loss, loss_sum = np.array([[3.0, 1.0, 0.0]]), np.array([[1.0, 0.0, 0.0]])
    level, found = np.array([NO_LEVELS]), np.empty((2, 2, 1, len(NO_LEVELS)))
    for look_up, (first, second) in zip(
        (level_sums._look_up, level_sums._look_up.py_func), found, strict=True
    ):
        look_up(loss, loss_sum, np.array([step]), level, first, second)
    np.testing.assert_array_equal(*found)
    assert np.isnan(found[..., 0]).all()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("lowest", [0.0, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    ("powers", "wide"), [(1, 4.0), (4, 4.0), (4, 0.0), (4, -1.0), (4, np.nan), (4, np.inf)]
)
def test_no_level_after_a_reserve_is_looked_up_outside_its_table(powers, wide, lowest):
    table, level = np.ones((5, 2, powers)), np.zeros((3, len(NO_LEVELS)))
    level[0] = NO_LEVELS
    for look_up in (outlasting._look_up, outlasting._look_up.py_func):
        place, found = np.full(len(NO_LEVELS), -1, np.int64), np.empty((2, len(NO_LEVELS)))
        look_up(table, lowest, np.float64(wide), level, place, found)
        assert ((place >= 0) & (place < len(table))).all()


@pytest.mark.parametrize("curves", [2, 3])
def test_cubics(curves, by_arrays):
    rng = np.random.default_rng(curves)
    value, slope, width = (
        rng.normal(size=(9, 33, curves)),
        rng.normal(size=(9, 33, curves)),
        rng.random((9, 32)),
    )
    np.testing.assert_array_equal(
        cubics_between(value, slope, width),
        by_arrays(shortage_curves._cubics, value, slope, width[..., None]),
    )


def falling(rng, curves, items, levels):
    """Tables that end in nothing."""
    value = np.sort(rng.exponential(1.0, (curves, items, levels)), axis=2)[..., ::-1].copy()
    value[..., -1] = 0.0
    return value


def tables(rng, kind, curves, items, levels):
    lowest = np.floor(rng.uniform(-40.0, 5.0, items))
    if kind == "whole":
        return WholeCurves(lowest, falling(rng, curves, items, levels))
    value = np.moveaxis(falling(rng, curves, items, levels), 0, -1)
    highest = lowest + rng.uniform(30.0, 900.0, items)
    return CubicCurves(
        lowest, highest, cubics_between(value, np.zeros_like(value), np.ones((items, levels - 1)))
    )


def cells(rng, count, stages, line_pieces):
    stock = np.floor(rng.uniform(0.0, 20.0, (count, stages)))
    share = np.sort(rng.uniform(1e-3, 1.0, (count, stages)), axis=1)
    return Reserve(stock, share, np.full(count, line_pieces))


@pytest.mark.oracle
@pytest.mark.parametrize("curves", [2, 3])
@pytest.mark.parametrize("line_pieces", [1.0, 7.0, 60.0])
@pytest.mark.parametrize("stages", [1, 2, 4])
@pytest.mark.parametrize("kind", ["whole", "cubic"])
def test_a_reserve_is_outlasted(kind, stages, line_pieces, curves):
    rng = np.random.default_rng(stages)
    table, count = tables(rng, kind, curves, 12, 90), 70
    row, reserve = np.sort(rng.integers(0, 12, count)), cells(rng, count, stages, line_pieces)
    lasting = piece_by_piece(reserve) if kind == "whole" else in_steps(reserve, rng.uniform(1.0, 9.0, count))
    for points in (1, 5, 16):
        level = np.floor(rng.uniform(-90.0, 120.0, (count, points)))
        asked = growing(level, lasting)
        assert not asked.owed.any()
        plain = mean_after_reserve(lambda some, at: table.at(row[some], at), asked)
        np.testing.assert_array_equal(after_reserve(table, row, asked), plain)


def test_what_is_owed_is_left_to_the_plain_road(by_arrays, compiled):
    """One class of a thousandth, whose reserve is outlasted by a million pieces, among others."""
    shelf = shelf_demand([1e6, 2e3, 9.0], [1e3, 90.0, 4.0], 1, 1, 1, 0)
    level = np.array([[0.0, 516.0], [0.0, 20.0], [0.0, 3.0]])[:, None, :]
    share = np.array([[0.001, 0.999], [0.2, 0.8], [0.5, 0.5]])
    reorder = level[..., -1] + np.array([[4.6e5, 4.9e5], [2e3, 2.1e3], [9.0, 12.0]])
    asked = rationed_performance, shelf, share, level, reorder, np.array([1.0, 1.0, 1.0])
    owed = []

    def seen(level_pieces, lasting) -> Growing:
        owed.append(growing(level_pieces, lasting).owed > 0)
        return growing(level_pieces, lasting)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rationing, "growing", seen)
        found = compiled(*asked)
    some = np.concatenate(owed)
    assert some.any() and not some.all()
    assert_same_bits(found, by_arrays(*asked))


def figures(rng, n, *, review_days=0.0, sd_days=0.0, largest=40.0):
    """Lines of three sizes, from single pieces that are counted to many large ones."""
    pieces = np.stack([np.ones(n), np.full(n, 2.0), np.ceil(largest ** rng.random(n))], axis=1)
    chance = np.array([0.5, 0.3, 0.2])
    lines = np.exp(rng.uniform(np.log(0.02), np.log(20.0), n))
    sizes = OrderSizes.of_entries(
        n, np.repeat(np.arange(n), 3), pieces.ravel(), (lines[:, None] * chance).ravel()
    )
    first, second = pieces @ chance, pieces**2 @ chance
    variance = np.where(rng.random(n) < 0.5, 1.0, 3.0) * lines * second
    return ShelfFigures(lines * first, variance, lines, second, sizes, 9.0, sd_days, review_days)


def asked_of(rng, described, points=7):
    n, exposed = described.law.size, described.demand.exposed
    levels = np.cumsum(np.floor(rng.uniform(0, 9, (n, 4, 3)) * [0, 1, 1]), axis=2)
    levels[:, 0] = 0.0
    levels[:, 1, 2] = 5e3
    base = np.floor(rng.uniform(-1.0, 1.6, (n, points)) * exposed.mean_pieces[:, None])
    reorder = (base[:, :, None] + levels[:, None, :, -1]).reshape(n, -1)
    quantity = np.where(rng.random(n) < 0.2, 0.0, np.ceil(rng.uniform(0, 60, n)))
    return rng.dirichlet([2, 3, 4], n), levels, reorder, quantity


@pytest.mark.parametrize("review_days", [0.0, 2.0])
@pytest.mark.parametrize("sd_days", [0.0, 3.0])
@pytest.mark.parametrize("law", [-1, 0, 1, 2, 3])
def test_shelves(law, sd_days, review_days, by_arrays, compiled):
    rng = np.random.default_rng(11)
    described = lawful_demand(figures(rng, 60, review_days=review_days, sd_days=sd_days), law)
    share, levels, reorder, quantity = asked_of(rng, described)
    rationed = rationed_performance, described.demand, share, levels, reorder, quantity
    assert_same_bits(by_arrays(*rationed), compiled(*rationed))
    pooled = pooled_performance, described.demand, np.sort(reorder, axis=1), quantity
    assert_same_bits(by_arrays(*pooled), compiled(*pooled))
    placed = replenishments_per_day, described, quantity
    assert_same_bits([by_arrays(*placed)], [compiled(*placed)])


def test_one_thread_finds_what_two_find(compiled, monkeypatch):
    rng = np.random.default_rng(12)
    described = lawful_demand(figures(rng, 3000, review_days=1.0, largest=400.0))
    share, levels, reorder, quantity = asked_of(rng, described)
    rationed = rationed_performance, described.demand, share, levels, reorder, quantity
    placed = replenishments_per_day, described, quantity
    both = *compiled(*rationed), compiled(*placed)
    for room in (rationing, replenishments):
        monkeypatch.setattr(room, "side_by_side", partial(side_by_side, threads=1))
    assert_same_bits(both, (*compiled(*rationed), compiled(*placed)))


def test_patterns_that_leave_other_levels_are_judged_apart(compiled):
    """Where they leave the same, the worst class is judged once for all of them."""
    rng = np.random.default_rng(13)
    described = lawful_demand(figures(rng, 30))
    share, levels, reorder, quantity = asked_of(rng, described)
    reorder[::2, ::3] += 1.0
    together = compiled(rationed_performance, described.demand, share, levels, reorder, quantity)
    each = np.tile(levels, (1, reorder.shape[1] // levels.shape[1], 1))
    for one, other in zip(
        together,
        compiled(rationed_performance, described.demand, share, each, reorder, quantity),
        strict=True,
    ):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)

"""The law of every item: exact against shelves played line by line, against known laws, and in its rules."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.shelf_accuracy import compared, figures_of, lumpy
from servicepolicy_optimizer.inventory.compound_demand import MOST_ADDED_VARIANCE, compound_demand, lattice_of
from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.lattice import LatticeDemand
from servicepolicy_optimizer.inventory.level_table import LevelTable
from servicepolicy_optimizer.inventory.order_sizes import OrderSizes
from servicepolicy_optimizer.inventory.shelf import pooled_performance
from servicepolicy_optimizer.inventory.shelf_laws import (
    AUTO,
    Law,
    Reason,
    ShelfFigures,
    lawful_demand,
    lines_variation,
)

CHECKED = settings(deadline=None, max_examples=40)
LINES = 500_000
NOISE = 0.003
"""What a play of so many lines can be off by itself, at most, in fill rate."""

SIZE_LISTS = st.lists(
    st.tuples(st.integers(1, 400), st.floats(0.05, 1)), min_size=1, max_size=6, unique_by=lambda one: one[0]
)


def figures(sizes, lines_per_day=0.5, *, variation=1.0, lead=5.0, lead_sd=0.0, review=0.0):
    """One item whose lines have these (pieces, weight)."""
    pieces, weight = (np.array(part, float) for part in zip(*sizes, strict=True))
    share = weight / weight.sum()
    mean, square = share @ pieces, share @ pieces**2
    one = np.ones(1)
    return ShelfFigures(
        lines_per_day * mean * one,
        lines_per_day * (square + (variation - 1) * mean**2) * one,
        lines_per_day * one,
        square * one,
        OrderSizes.of_entries(1, np.zeros(pieces.size, int), pieces, lines_per_day * share),
        lead,
        lead_sd,
        review,
    )


def fill(what, r, q, asked=AUTO):
    """The fill rate of one item."""
    got = pooled_performance(lawful_demand(what, asked).demand, np.array([float(r)]), np.array([float(q)]))
    return float(got.unit_fill_rate[0])


@pytest.mark.parametrize(("kind", "allowed"), [("one for one", 0.002), ("lumpy", 0.005)])
def test_played_shelves_agree_with_the_law_that_is_chosen(kind, allowed):
    found = list(compared(kind, 12, LINES, seed=5))
    assert {one.law for one in found} == {"compound"}
    off = np.abs([one.exact - one.played for one in found])
    assert off.max() < allowed + NOISE
    assert off.mean() < allowed / 2


def test_two_moments_alone_would_not_do():
    off = [abs(one.two_moments - one.played) for one in compared("lumpy", 12, LINES, seed=5)]
    assert max(off) > 0.02


@CHECKED
@given(lines=st.floats(0.01, 8), days=st.floats(0.5, 12), r=st.integers(-3, 60), q=st.integers(0, 30))
def test_single_pieces_are_poisson(lines, days, r, q):
    what = figures([(1, 1)], lines, lead=days)
    assert lawful_demand(what).law.tolist() == [Law.COMPOUND]
    assert fill(what, r, q) == pytest.approx(fill(what, r, q, Law.POISSON), abs=1e-9)


@CHECKED
@given(lines=st.floats(0.05, 5), variation=st.floats(0.05, 1.2), r=st.integers(0, 60))
def test_single_pieces_over_a_gamma_lead_time_are_negative_binomial(lines, variation, r):
    what = figures([(1, 1)], lines, lead=4.0, lead_sd=4.0 * variation)
    law = lawful_demand(what).demand.lead
    other = Demand(np.array([Family.NEGATIVE_BINOMIAL]), law.mean_pieces, law.sd_pieces)
    assert float(law.loss([r])[0]) == pytest.approx(float(other.loss([r])[0]), abs=2e-5)


@CHECKED
@given(lines=st.floats(0.05, 5), variation=st.floats(1.05, 6), r=st.integers(0, 60))
def test_bursts_of_single_pieces_are_negative_binomial(lines, variation, r):
    law = lawful_demand(figures([(1, 1)], lines, variation=variation)).demand.lead
    other = Demand(np.array([Family.NEGATIVE_BINOMIAL]), law.mean_pieces, law.sd_pieces)
    assert float(law.survival([r])[0]) == pytest.approx(float(other.survival([r])[0]), abs=1e-5)


@CHECKED
@given(sizes=SIZE_LISTS, lines=st.floats(0.02, 4), variation=st.floats(1, 4), sd=st.floats(0, 4))
@example(sizes=[(19, 1.0)], lines=0.0234375, variation=1.0, sd=0.0)
def test_tables_have_the_moments_that_are_stated(sizes, lines, variation, sd):
    found = lawful_demand(figures(sizes, lines, variation=variation, lead_sd=sd)).demand
    for law, lines_more in ((found.lead, 0), (found.exposed, 1)):
        table, variance = law.tabulated(), float(law.sd_pieces[0]) ** 2
        assert float(table.mean_pieces[0]) == pytest.approx(float(law.mean_pieces[0]), rel=1e-3)
        # A line that comes for certain adds the variance of its levels, and has none of its own.
        added = lines_more * MOST_ADDED_VARIANCE * float(law.sizes.moment(2)[0])
        assert float(table.sd_pieces[0]) ** 2 == pytest.approx(
            variance, rel=0.024, abs=0.024 * variance + added
        )


@CHECKED
@given(sizes=SIZE_LISTS, lines=st.floats(0.02, 4))
def test_levels_keep_their_bound(sizes, lines):
    what = figures(sizes, lines)
    law = compound_demand(what.sizes, np.ones(1), np.array([5.0]), np.zeros(1), one_burst_more=True)
    step, levels, within = lattice_of(law)
    assert within[0] == (step[0] <= max(np.floor(0.2 * np.sqrt(what.sizes.moment(2)[0])), 1))
    assert levels[0] * step[0] >= law.mean_pieces[0] + 8 * law.sd_pieces[0]


@CHECKED
@given(
    sizes=SIZE_LISTS,
    lines=st.floats(0.05, 2),
    review=st.sampled_from([0.0, 3.0]),
    r=st.integers(0, 900),
    q=st.integers(1, 500),
)
def test_the_fill_rate_rises_with_stock_and_falls_with_time_and_variance(sizes, lines, review, r, q):
    def of(r, q, **changes):
        return fill(figures(sizes, lines, **({"review": review} | changes)), r, q)

    here, rounding = of(r, q), 2e-3  # levels of another time lie elsewhere
    assert of(r + 25, q) >= here - 1e-9
    assert of(r, q + 25) >= here - rounding
    assert of(r, q, lead=7.0) <= here + rounding
    assert of(r, q, variation=2.0) <= here + rounding or here < 0.6
    assert 0 <= here <= 1


@CHECKED
@given(sizes=SIZE_LISTS, lines=st.floats(0.05, 2), level=st.integers(0, 300))
def test_packs_scale(sizes, lines, level):
    packed = [(7 * pieces, weight) for pieces, weight in sizes]
    ours = fill(figures(sizes, lines), level, 0)
    assert fill(figures(packed, lines), 7 * level, 0) == pytest.approx(ours, abs=4e-3)


def test_a_short_review_is_nearly_none():
    sizes = [(1, 0.5), (5, 0.3), (20, 0.2)]
    for r in (0, 20, 60):
        now, soon = fill(figures(sizes), r, 30), fill(figures(sizes, review=1e-3), r, 30)
        assert soon == pytest.approx(now, abs=2e-3)


@pytest.mark.parametrize(
    "what",
    [
        figures([(1, 1)], 1e-9),
        figures([(5000, 1)], 1e-6, lead=400.0, lead_sd=300.0),
        figures([(1, 0.999999), (80_000, 1e-6)], 3.0),
        figures([(3, 1)], 0.2, lead=0.0),
        figures([(2, 1), (9, 1)], 0.4, variation=1e4),
        figures([(0.4, 1), (2.6, 1)], 0.4),
    ],
)
def test_extremes_stay_numbers(what):
    for r, q in ((-1, 0), (-1, 1), (0, 1), (10, 10**6), (10**7, 1)):
        got = pooled_performance(lawful_demand(what).demand, np.array([float(r)]), np.array([float(q)]))
        assert np.isfinite(got).all()
        assert 0 <= got.unit_fill_rate[0] <= 1
        assert got.on_hand_pieces[0] >= -1e-6 * (1 + abs(r))
    assert fill(what, 10**7, 1) == pytest.approx(1, abs=1e-6)


def test_laws_are_taken_as_asked_and_named():
    sizes = [(1, 0.9), (40, 0.1)]
    for law in Law:
        found = lawful_demand(figures(sizes), law)
        assert found.law.tolist() == [law]
        assert found.reason.tolist() == [Reason.ASKED]
    assert lawful_demand(figures(sizes)).reason.tolist() == [Reason.LINES_AT_RANDOM]
    assert lawful_demand(figures(sizes, variation=2.0)).reason.tolist() == [Reason.BURSTS]
    many = lawful_demand(figures([(1, 0.95), (2, 0.05)], 9000.0))
    assert (many.law.tolist(), many.reason.tolist()) == ([Law.NORMAL], [Reason.TOO_MANY_LINES])
    bare = figures(sizes)._replace(sizes=OrderSizes.of_entries(1, [], [], []))
    assert lawful_demand(bare).reason.tolist() == [Reason.NO_SIZES]


def test_items_keep_their_answers_in_any_company():
    rng = np.random.default_rng(2)
    items = [figures_of(lumpy(rng)) for _ in range(30)]
    reviewed = [one for one in items if one.review_days == 0]
    together = ShelfFigures(
        *(np.concatenate(parts) for parts in zip(*(one[:4] for one in reviewed), strict=True)),
        OrderSizes.of_entries(
            len(reviewed),
            np.concatenate([np.full(one.sizes.pieces.size, n) for n, one in enumerate(reviewed)]),
            np.concatenate([one.sizes.pieces for one in reviewed]),
            np.concatenate([one.sizes.lines_per_day for one in reviewed]),
        ),
        5.0, 0.0, 0.0,
    )  # fmt: skip
    r, q = np.arange(len(reviewed)) * 9.0, np.full(len(reviewed), 12.0)
    at_once = pooled_performance(lawful_demand(together).demand, r, q).unit_fill_rate
    alone = [fill(one, r[n], 12) for n, one in enumerate(reviewed)]
    assert at_once == pytest.approx(alone, abs=1e-12)


def test_variation_below_lines_at_random_counts_as_at_random():
    what = figures([(2, 1)], 1.0)._replace(variance_pieces2_per_day=np.array([0.5]))
    assert lines_variation(what).tolist() == [1.0]


@CHECKED
@given(
    weights=st.lists(st.floats(0, 1), min_size=3, max_size=20).filter(lambda w: sum(w) > 0.1),
    x=st.lists(st.integers(-9, 90), min_size=4, max_size=4),
    step=st.integers(1, 5),
)
def test_a_table_with_steps_is_the_lattice_between_whose_levels_nothing_lies(weights, x, step):
    chance = np.array(weights) / sum(weights)
    spread = np.zeros(step * (chance.size - 1) + 1)
    spread[::step] = chance
    levels = np.array([x], float)
    table, lattice = LevelTable.adding_up(chance[None], np.array([float(step)])), LatticeDemand(spread[None])
    for one, other in zip(table.excess_moments(levels, 2), lattice.excess_moments(levels, 2), strict=True):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9)
    assert table.survival(levels) == pytest.approx(lattice.survival(levels), abs=1e-9)

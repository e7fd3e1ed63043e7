"""Planners' formulas: inverses, limits and what a simulated history says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from servicepolicy_optimizer.inventory.critical_level import (
    critical_level_fill_rates,
    critical_level_lost_sales,
    poisson_probabilities,
    smallest_rationed_base_stock,
)
from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.lead_time import lead_time_demand
from servicepolicy_optimizer.inventory.loss import (
    binomial_loss,
    geometric_loss,
    inverse_standard_normal_loss,
    lognormal_loss,
    standard_normal_loss,
    uniform_loss,
)
from servicepolicy_optimizer.inventory.lost_sales import erlang_loss, one_order_fill_rate
from servicepolicy_optimizer.inventory.lost_sales_policies import one_order_policy, reviewed_policy
from servicepolicy_optimizer.inventory.measurement import measured_service, waiting_shares
from servicepolicy_optimizer.inventory.periodic import orders_per_review
from servicepolicy_optimizer.inventory.pooling import pooled_sd, square_root_law
from servicepolicy_optimizer.inventory.safety_stock import (
    cycle_service_from_fill_rate,
    fill_rate_from_cycle_service,
    safety_factor_for_fill_rate_two_term,
    safety_stock_for_fill_rate,
    shortage_per_cycle,
)
from servicepolicy_optimizer.inventory.shelf import shelf_demand
from servicepolicy_optimizer.inventory.undershoot import undershoot
from servicepolicy_optimizer.inventory.waiting import (
    base_stock_wait_within,
    served_within,
    stockout_duration_probabilities,
)

CHECKED = settings(deadline=None, max_examples=40)


@CHECKED
@given(z=st.floats(-30, 30))
def test_the_normal_loss_has_its_inverse_and_its_mirror(z):
    loss, above = standard_normal_loss(z), abs(z)
    # From above alone: from below what is left of the loss would be lost in the digits of z.
    mirrored = float(standard_normal_loss(above)) + above
    assert float(standard_normal_loss(-above)) == pytest.approx(mirrored, rel=1e-12, abs=0.0)
    if loss > 1e-300:
        assert float(inverse_standard_normal_loss(loss)) == pytest.approx(z, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("loss", "law"),
    [
        (lambda x: lognormal_loss(x, 1.0, 0.6), stats.lognorm(0.6, scale=np.e)),
        (lambda x: uniform_loss(x, 2.0, 7.0), stats.uniform(2, 5)),
        (lambda x: geometric_loss(x, 0.3), stats.geom(0.3)),
        (lambda x: binomial_loss(x, 9, 0.4), stats.binom(9, 0.4)),
    ],
)
@pytest.mark.parametrize("x", [-2.0, 0.0, 1.0, 3.0, 6.5, 9.0])
def test_losses_integrate_the_survival_function(loss, law, x):
    grid = np.linspace(x, x + 400, 400_001)
    middle = (grid[:-1] + grid[1:]) / 2
    by_sum = float(law.sf(middle).sum() * (grid[1] - grid[0]))
    assert float(loss(x)) == pytest.approx(by_sum, rel=1e-3, abs=1e-4)


@CHECKED
@given(fill=st.floats(0.5, 0.999), q=st.floats(5, 500), sd=st.floats(1, 100))
def test_safety_stock_and_fill_rate_are_inverse(fill, q, sd):
    safety = safety_stock_for_fill_rate(fill, q, sd)
    assert 1 - float(shortage_per_cycle(safety, sd)) / q == pytest.approx(fill)
    two = float(safety_factor_for_fill_rate_two_term(fill, q, sd))
    assert two <= float(safety) / sd + 1e-9
    short = sd * (standard_normal_loss(two) - standard_normal_loss(two + q / sd))
    assert 1 - float(short) / q == pytest.approx(fill, abs=1e-9)
    alpha = cycle_service_from_fill_rate(fill, q, sd)
    if 1e-6 < alpha < 1 - 1e-6:
        assert float(fill_rate_from_cycle_service(alpha, q, sd)) == pytest.approx(fill, abs=1e-6)


def test_a_loss_of_nothing_has_no_safety_factor():
    with pytest.raises(ValueError, match="ask for more than 0"):
        inverse_standard_normal_loss(0.0)


@pytest.mark.parametrize("whole", [True, False])
def test_the_undershoot_is_that_of_a_walk(whole):
    rng = np.random.default_rng(1)
    sizes = rng.choice([1, 2, 7], 400_000, p=[0.6, 0.3, 0.1]).astype(float)
    if not whole:
        sizes += rng.uniform(-0.5, 0.5, sizes.size)
    # every 97th level that the walk crosses is a reorder point
    walk = np.cumsum(sizes)
    levels = np.arange(1000.0, walk[-1] - 100, 97)
    found = walk[np.searchsorted(walk, levels)] - levels
    moments = [float((sizes**k).mean()) for k in (1, 2, 3)]
    below = undershoot(*moments, whole_pieces=whole)
    assert float(below.mean_pieces) == pytest.approx(found.mean(), abs=0.05)
    assert float(below.variance_pieces2) == pytest.approx(found.var(), rel=0.05)


@CHECKED
@given(sd=st.lists(st.floats(0.1, 50), min_size=1, max_size=6))
def test_pooling_lies_between_independence_and_lockstep(sd):
    assert pooled_sd(sd, 0.0) <= pooled_sd(sd, 0.5) + 1e-9 <= pooled_sd(sd, 1.0) + 2e-9
    assert pooled_sd(sd, 1.0) == pytest.approx(sum(sd))
    assert pooled_sd([3.0] * 16) == pytest.approx(float(square_root_law(3.0, 16)))


def test_a_random_lead_time_adds_its_share():
    fixed, random = lead_time_demand(10, 3, 4), lead_time_demand(10, 3, 4, 2)
    assert float(random.sd_pieces) ** 2 - float(fixed.sd_pieces) ** 2 == pytest.approx(400)


@CHECKED
@given(load=st.floats(0.1, 20), stock=st.integers(1, 30))
def test_without_levels_a_loss_system_is_erlangs(load, stock):
    answer = critical_level_lost_sales(stock, [0, 0], [load / 3, load / 6], 2.0)
    assert 1 - answer.unit_fill_rate == pytest.approx(float(erlang_loss(stock, load)), abs=1e-12)


@CHECKED
@given(load=st.floats(0.2, 15), stock=st.integers(0, 30), share=st.floats(0.05, 0.95))
def test_without_levels_a_base_stock_is_plain(load, stock, share):
    got = critical_level_fill_rates(stock - 1, 1, [0, 0], [load * share, load * (1 - share)], 1.0)
    plain = poisson_probabilities(load)[:stock].sum()
    assert got == pytest.approx(plain, abs=1e-12)


@CHECKED
@given(high=st.floats(0.2, 5), low=st.floats(0.2, 5), strict=st.floats(0.9, 0.995), loose=st.floats(0.5, 0.9))
def test_rationing_never_needs_more_than_everybody_at_the_strictest(high, low, strict, loose):
    best = smallest_rationed_base_stock([high, low], 1.5, [strict, loose])
    assert best.rationing_pieces <= best.round_up_pieces
    assert smallest_rationed_base_stock([high, low], 1.5, [strict, strict])[1] <= sum(
        smallest_rationed_base_stock([rate, 0.0], 1.5, [strict, 0.01])[1] for rate in (high, low)
    )
    got = critical_level_fill_rates(
        best.rationing_pieces - 1, 1, best.critical_level_pieces, [high, low], 1.5
    )
    assert got[0] >= strict and got[1] >= loose


def test_critical_levels_by_drawing_lots():
    rng = np.random.default_rng(2)
    rates, levels, stock, lead = np.array([1.0, 1.5, 2.0]), [0, 1, 3], 9, 2.0
    draws, short = 60_000, np.zeros(3)
    for count in rng.poisson(rates.sum() * lead, draws):
        waiting = rng.choice(3, count, p=rates / rates.sum())[stock - levels[2] :]
        is_short = count >= stock - levels[2]
        short[2] += is_short
        for k in (1, 0):
            mine, reserve = waiting[waiting <= k], levels[k + 1] - levels[k]
            is_short = is_short and mine.size >= reserve
            short[k] += is_short
            waiting = mine[reserve:]
    assert critical_level_fill_rates(stock - 1, 1, levels, rates, lead) == pytest.approx(
        1 - short / draws, abs=0.006
    )


def test_waiting_starts_at_the_fill_rate_and_ends_with_the_lead_time():
    within = base_stock_wait_within(1.5, 4.0, 7, np.linspace(0, 4, 9))
    assert float(within[0]) == pytest.approx(float(stats.poisson(6).cdf(6)))
    assert np.all(np.diff(within) >= 0)
    assert float(within[-1]) == 1


def test_served_within_is_what_a_simulated_queue_sees():
    rng = np.random.default_rng(6)
    lead, r, q = 5.0, 6, 4
    times = np.cumsum(rng.exponential(1 / 1.2, 60_000))
    # the n-th customer takes the n-th piece: r + q at first, then those of order k, placed by customer k q
    piece = np.arange(times.size)
    order = (piece - r - q) // q
    placed = np.where(order >= 0, times[np.maximum(order * q + q - 1, 0)], -np.inf)
    waited = np.maximum(placed + lead - times, 0.0)[1000:]
    days = [0.0, 1.0, 2.5, 4.0]
    got = served_within(
        lambda L: shelf_demand(1.2, 1.2**0.5, 1, 1, L, 0, family=Family.POISSON), lead, r, q, days
    )
    assert got == pytest.approx([(waited <= t + 1e-9).mean() for t in days], abs=0.006)


def test_durations_of_a_stockout_add_up():
    chance = stockout_duration_probabilities(400, 100, 30, 5)
    assert chance.sum() == pytest.approx(1)
    rng = np.random.default_rng(3)
    stock = 400 - np.cumsum(rng.normal(100, 30, (40_000, 5)), axis=1)
    assert chance @ np.arange(6) == pytest.approx((stock < 0).sum(axis=1).mean(), abs=0.02)


def test_measured_shares_have_their_weights():
    service = measured_service([10, 30], [5, 0], [5, 5])
    assert service == pytest.approx((0.5, 1 - 5 / 40, 1 - 10 / 40))
    assert waiting_shares([0, 1, 1], [8, 1, 1], 1) == pytest.approx([0.8, 0.2])
    with pytest.raises(ValueError, match="longer history"):
        measured_service([0, 0], [0, 0], [0, 0])


def test_orders_per_review_by_drawing():
    rng = np.random.default_rng(5)
    demand = rng.gamma(4, 2.5, 200_000)
    for q in (3.0, 10.0, 40.0):
        expected = np.minimum(demand / q, 1).mean()
        got = orders_per_review(Demand(Family.GAMMA, 10.0, 5.0), q)
        assert float(got) == pytest.approx(expected, abs=2e-3)


def test_one_order_outstanding_as_simulated():
    rng = np.random.default_rng(9)
    rate, lead, r, q, cycles = 2.0, 3.0, 6, 10, 40_000
    asked = rng.poisson(rate * lead, cycles)
    lost = np.maximum(asked - r, 0).mean()
    got = one_order_policy(rate, lead, r, q)
    assert got.unit_fill_rate == pytest.approx(q / (q + lost), abs=1e-3)
    assert got.unit_fill_rate == pytest.approx(float(one_order_fill_rate(lost, q)), abs=1e-3)
    with pytest.raises(ValueError, match="raise the quantity"):
        one_order_policy(rate, lead, 10, 10)


def test_one_order_stock_on_hand_by_walking_through_time():
    rng = np.random.default_rng(10)
    rate, lead, r, q = 2.0, 3.0, 6, 10
    gaps = rng.exponential(1 / rate, 300_000)
    stock, due, area, total = r + q, np.inf, 0.0, 0.0
    for gap in gaps:
        if due <= gap:
            area, total, gap = area + stock * due, total + due, gap - due
            stock, due = stock + q, np.inf
        area, total, due = area + stock * gap, total + gap, due - gap
        if stock > 0:
            stock -= 1
            due = lead if stock == r else due
    assert one_order_policy(rate, lead, r, q).on_hand_pieces == pytest.approx(area / total, rel=0.01)


@pytest.mark.parametrize(("s", "up_to"), [(9, 10), (4, 12), (0, 6)])
def test_reviewed_lost_sales_as_simulated(s, up_to):
    rng = np.random.default_rng(11)
    before, after = rng.poisson(2.0, 60_000), rng.poisson(3.0, 60_000)
    stock, sold, ends = up_to, 0, 0
    for early, late in zip(before, after, strict=True):
        ends += stock
        order = up_to - stock if stock <= s else 0
        sold += min(stock, early)
        stock = max(stock - early, 0) + order
        sold += min(stock, late)
        stock = max(stock - late, 0)
    got = reviewed_policy(poisson_probabilities(2.0), poisson_probabilities(3.0), s, up_to)
    assert got.unit_fill_rate == pytest.approx(sold / (before.sum() + after.sum()), abs=0.004)
    assert got.on_hand_pieces == pytest.approx(ends / before.size, abs=0.05)

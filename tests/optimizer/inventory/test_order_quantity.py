"""Order quantities: no other allowed quantity is cheaper."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.inventory.order_quantity import (
    economic_order_quantity,
    economic_order_quantity_with_backorders,
    economic_production_quantity,
    order_cost_per_year,
    within_bounds,
)
from servicepolicy_optimizer.inventory.price_breaks import order_quantity_pieces

CHECKED = settings(deadline=None, max_examples=60)
COSTS = st.floats(0.5, 200)


@CHECKED
@given(k=COSTS, h=st.floats(0.01, 20), d=st.floats(1, 1e5), other=st.floats(0.2, 5))
def test_no_quantity_is_cheaper_than_the_economic_one(k, h, d, other):
    best = economic_order_quantity(k, h, d)
    assert best.cost_per_year == pytest.approx(
        float(order_cost_per_year(best.order_quantity_pieces, k, h, d)), rel=1e-9
    )
    assert order_cost_per_year(best.order_quantity_pieces * other, k, h, d) >= best.cost_per_year * (
        1 - 1e-12
    )


def test_dear_backorders_and_instant_production_give_the_plain_quantity():
    plain = economic_order_quantity(10, 2, 500)
    backorders = economic_order_quantity_with_backorders(10, 2, 1e12, 500)
    production = economic_production_quantity(10, 2, 500, 1e14)
    for other in (backorders, production):
        assert float(other.order_quantity_pieces) == pytest.approx(float(plain.order_quantity_pieces))
        assert float(other.cost_per_year) == pytest.approx(float(plain.cost_per_year))


def test_production_below_demand_is_refused():
    with pytest.raises(ValueError, match="production_pieces_per_year"):
        economic_production_quantity(10, 2, 500, 500)


@CHECKED
@given(
    wish=st.floats(0, 400), minimum=st.integers(0, 100), multiple=st.integers(0, 24), cap=st.integers(1, 300)
)
def test_bounds_are_kept(wish, minimum, multiple, cap):
    down, up = (float(q) for q in within_bounds(wish, minimum, multiple, cap))
    assert minimum <= down <= up
    if multiple:
        assert down % multiple == 0 and up % multiple == 0 and down > 0
        least = max(-(-minimum // multiple), 1) * multiple
        assert up <= max(cap, least)


def yearly_cost(q, demand, fixed, rate, starts, prices, incremental):
    """Written out from scratch: what is paid for q pieces, how often, and what lying about costs."""
    tier = max(t for t in range(len(starts)) if q >= starts[t])
    if incremental:
        paid = sum(
            prices[t] * (min(q, starts[t + 1] if t + 1 < len(starts) else np.inf) - starts[t])
            for t in range(tier + 1)
        )
    else:
        paid = q * prices[tier]
    return demand * paid / q + fixed * demand / q + rate * paid / 2


@CHECKED
@given(
    demand=st.floats(5, 3000),
    fixed=COSTS,
    rate=st.floats(0.05, 0.5),
    widths=st.lists(st.integers(5, 150), min_size=1, max_size=3),
    first_price=st.floats(1, 20),
    falls=st.lists(st.floats(0.8, 1), min_size=3, max_size=3),
    incremental=st.booleans(),
    minimum=st.integers(0, 60),
    multiple=st.integers(1, 12),
)
def test_trying_every_quantity_finds_nothing_cheaper(
    demand, fixed, rate, widths, first_price, falls, incremental, minimum, multiple
):
    starts = np.concatenate([[0], np.cumsum(widths)]).astype(float)
    prices = first_price * np.concatenate([[1.0], np.cumprod(falls[: len(widths)])])
    best = order_quantity_pieces(
        demand, fixed, rate, starts, prices, incremental=incremental,
        minimum_pieces=minimum, multiple_pieces=multiple, cap_pieces=900,
    )  # fmt: skip
    tried = [q for q in range(multiple, 901, multiple) if q >= minimum]
    cheapest = min(yearly_cost(q, demand, fixed, rate, starts, prices, incremental) for q in tried)
    assert float(best.cost_per_year) == pytest.approx(cheapest, rel=1e-9)
    q = float(best.order_quantity_pieces)
    assert float(best.cost_per_year) == pytest.approx(
        yearly_cost(q, demand, fixed, rate, starts, prices, incremental), rel=1e-9
    )
    paid_per_piece = (float(best.cost_per_year) - fixed * demand / q) / (demand + rate * q / 2)
    assert float(best.unit_cost) == pytest.approx(paid_per_piece)


def test_many_items_with_their_own_breaks():
    demand = np.array([1300.0, 1000.0, 5000.0])
    starts = np.array([[0, 400, 800], [0, 200, 500], [0, 1000, np.inf]])
    prices = np.array([[0.75, 0.72, 0.68], [500, 475, 450], [5.0, 4.8, 1.0]])
    best = order_quantity_pieces(demand, [8, 200, 49], [0.3, 0.2, 0.2], starts, prices)
    assert best.order_quantity_pieces.tolist() == [800, 500, 1000]
    assert best.tier.tolist() == [2, 2, 1]
    assert best.cost_per_year == pytest.approx([978.6, 472900, 24725])


def test_an_item_without_demand_orders_the_least():
    best = order_quantity_pieces(0.0, 8, 0.3, [0], [2.0], multiple_pieces=6)
    assert float(best.order_quantity_pieces) == 6


@pytest.mark.parametrize(
    ("starts", "prices", "word"),
    [
        ([0, 400, 200], [3, 2, 1], "rise"),
        ([0, 400], [3, 0], "price"),
        ([0, 400], [3], "one price a tier"),
        ([5, 9], [3, 2], "start at 0"),
    ],
)
def test_breaks_that_make_no_sense_are_refused(starts, prices, word):
    with pytest.raises(ValueError, match=word):
        order_quantity_pieces(100, 8, 0.3, starts, prices)

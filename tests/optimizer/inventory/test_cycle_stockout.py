"""Cycle service against every position and order size, one by one, and against policies played."""

import numpy as np
import pytest

from servicepolicy_optimizer.inventory.compound import (
    OrderLines,
    compound_shelf,
    lead_time_demand_probabilities,
)
from servicepolicy_optimizer.inventory.cycle_stockout import cycle_service_level
from tests.optimizer.simulate.small_question import document, solved

SIZES = np.zeros((1, 41))
SIZES[0, [1, 5, 40]] = [0.6, 0.3, 0.1]
LINES = OrderLines(np.array([0.5]), SIZES)
LEAD_DAYS, REVIEW_DAYS = 6.0, 10.0


def by_enumeration(reorder, quantity, increment):
    """P(no shortage | an order is placed): every position r + 1 .. r + Q, every size of what comes."""
    lead = np.cumsum(lead_time_demand_probabilities(LINES, LEAD_DAYS)[0])
    placed = good = 0.0
    for position in range(reorder + 1, reorder + quantity + 1):
        for size, chance in enumerate(increment):
            left = position - size
            if left <= reorder:
                placed += chance
                good += chance * (lead[left] if left >= 0 else 0.0)
    return good / placed


@pytest.mark.parametrize("review_days", [0.0, REVIEW_DAYS])
@pytest.mark.parametrize("reorder", [4, 20, 60])
@pytest.mark.parametrize("quantity", [1, 1000])
def test_it_is_exact_for_one_piece_and_for_large_quantities(reorder, quantity, review_days):
    shelf = compound_shelf(LINES, LEAD_DAYS, review_days=review_days)
    increment = SIZES[0]
    if review_days:
        increment = lead_time_demand_probabilities(LINES, review_days)[0][:900]
    got = cycle_service_level(shelf, [float(reorder)], [float(quantity)])[0]
    exact = by_enumeration(reorder, quantity, increment)
    if quantity > 1:
        assert got == pytest.approx(exact, abs=1e-9)
    else:
        assert got == pytest.approx(min(exact, cycle_service_level(shelf, [float(reorder)], [1000.0])[0]))


def test_lines_of_several_pieces_are_not_promised_what_single_pieces_would_get():
    """P(D_L <= r) leaves out by how much a line takes the position below r: it says 0.90 where 0.81 comes."""
    supply = {"name": "near", "fixed_cost_per_order": 20, "lead_time_mean_days": 8, "minimum_order_pieces": 2}
    asked = solved(
        document(
            sizes=(4.0, 32.0),
            fill_rate_basis="every_item",
            targets=[{"cycle_service_level": 0.9}],
            supply=[supply],
        )
    )
    played = asked.simulated(years=60.0, runs=3)
    got = np.array([one.cycle_service_level for one in played.items])
    cycles = np.array([one.cycles for one in played.items])
    assert (got >= 0.9 - 3.0 * np.sqrt(0.09 / cycles)).all(), got
    assert np.average(got, weights=cycles) == pytest.approx(0.905, abs=0.01)

"""Orders placed a day: against shelves played line by line, for whichever law and trigger."""

import numpy as np
import pytest

from servicepolicy_optimizer.inventory.order_sizes import OrderSizes
from servicepolicy_optimizer.inventory.replenishments import replenishments_per_day
from servicepolicy_optimizer.inventory.shelf_laws import Law, ShelfFigures, lawful_demand
from servicepolicy_optimizer.simulate.replenishment import orders_placed
from tests.optimizer.simulate.worlds import poisson_lines, shelf

RATE = 0.6
SIZES, CHANCES = np.array([1.0, 3.0, 10.0]), np.array([0.5, 0.3, 0.2])


def figures(review_days, known=True):
    mean, square = SIZES @ CHANCES, SIZES**2 @ CHANCES
    entries = ([0] * SIZES.size, SIZES, RATE * CHANCES) if known else ([], [], [])
    return ShelfFigures(
        pieces_per_day=np.array([RATE * mean]),
        variance_pieces2_per_day=np.array([RATE * square]),
        lines_per_day=np.array([RATE]),
        order_size_second_moment_pieces2=np.array([square]),
        sizes=OrderSizes.of_entries(1, *entries),
        lead_time_mean_days=9.0,
        lead_time_sd_days=2.0,
        review_days=review_days,
    )


def played(quantity, review_days, days=20_000.0, copies=10):
    lines = poisson_lines(np.random.default_rng(7), RATE, days, SIZES, CHANCES, copies=copies)
    rules = shelf(20.0, quantity, 20.0 + quantity, review=review_days, copies=copies)
    return orders_placed(lines, rules, days).shelf.size / (days * copies)


@pytest.mark.parametrize("quantity", [1.0, 3.0, 5.0, 11.0, 40.0])
@pytest.mark.parametrize("review_days", [0.0, 2.0, 9.0])
def test_a_played_shelf_places_as_many(quantity, review_days):
    found = replenishments_per_day(lawful_demand(figures(review_days)), [quantity])
    assert found == pytest.approx(played(quantity, review_days), rel=0.012)


def test_with_sizes_unknown_no_order_is_forgotten():
    for quantity in (1.0, 5.0, 11.0):
        exact = replenishments_per_day(lawful_demand(figures(0.0)), [quantity])
        assert replenishments_per_day(lawful_demand(figures(0.0, known=False)), [quantity]) >= exact


@pytest.mark.parametrize("law", [Law.GAMMA, Law.NEGATIVE_BINOMIAL, Law.POISSON, Law.NORMAL])
def test_never_more_than_reviews_or_batches(law):
    for quantity in (1.0, 7.0, 100.0):
        found = replenishments_per_day(lawful_demand(figures(4.0), law), [quantity])
        assert 0 < found <= min(1 / 4, RATE * float(SIZES @ CHANCES) / quantity) + 1e-12

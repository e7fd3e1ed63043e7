"""How many shipments a year, and how heavy: each order at once, or a customer's orders collected."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from servicepolicy_models.means import ShippingFrequency
from servicepolicy_optimizer.facts import Floats, Ints

WEEKS_PER_YEAR = 365.0 / 7.0
"""Departures run by the calendar, also where `days_per_year` counts working days."""


@dataclass(frozen=True)
class Shipments:
    """Shipments of S cells of the matrix, as W classes of equal weight, cell by cell."""

    cell: Ints
    """(W,) which cell."""
    per_year: Floats
    """(W,) shipments a year of this class."""
    kg: Floats
    """(W,) weight of one."""
    cells: int
    """S."""

    def total_by_cell(self, of_one: Floats) -> Floats:
        """(S,) yearly sum over the shipments of each cell of something that one shipment has."""
        return np.bincount(self.cell, self.per_year * of_one, self.cells).astype(np.float64)


def shipments(
    visits_per_year: Floats, customers: Floats, visit_kg: Floats, frequency: ShippingFrequency
) -> Shipments:
    """Shipments of S cells: (S,) visits a year, (S,) customers, (S, B) visit weights in equal-chance bins.

    Each order at once: visits_per_year shipments, as heavy as the visits.

    Collected, f departures a week: the visits of each of n customers arrive as a Poisson stream, on average
    x = visits / (n f weeks) between two departures. A departure ships to one with probability 1 − e^−x:

        shipments per year = n f weeks (1 − e^−x)
        P(k visits shipped together) = e^−x x^k / (k! (1 − e^−x))      k = 1, 2, ...
        bins of their weight = k m + √k (b − m)      m: mean of the bins b of one visit

    The last line keeps the kilograms exactly and the variance of the sum of k visits; only the shape of its
    distribution is approximated. Against simulated departures the charge is right within 2.5 % under tariffs
    without jumps and within 4.5 % where a band's price jumps (tests/optimizer/paths/test_shipments.py);
    charging every shipment at kilograms / shipments would be 25 % off and flatter collection. All customers
    of a cell are taken to order equally often: unequal ones would make fewer shipments.

    A cell without customers but with visits has one customer a visit: nothing is consolidated over time.
    """

    cells, bins = visit_kg.shape
    if frequency.shipments_per_week is None:
        return Shipments(
            np.repeat(np.arange(cells), bins),
            np.repeat(visits_per_year / bins, bins),
            visit_kg.ravel(),
            cells,
        )
    departures = frequency.shipments_per_week * WEEKS_PER_YEAR
    buyers = np.where(customers > 0, customers, visits_per_year)
    visits_waiting = np.divide(visits_per_year, buyers * departures, out=np.zeros(cells), where=buyers > 0)
    cell, together = _visits_together(visits_waiting)
    x = visits_waiting[cell]
    per_year = buyers[cell] * departures * np.exp(together * np.log(x) - x - gammaln(together + 1.0))
    mean_kg = visit_kg.mean(axis=1)[cell]
    kg = together[:, None] * mean_kg[:, None] + np.sqrt(together)[:, None] * (
        visit_kg[cell] - mean_kg[:, None]
    )
    return Shipments(np.repeat(cell, bins), np.repeat(per_year / bins, bins), kg.ravel(), cells)


def _visits_together(visits_waiting: Floats) -> tuple[Ints, Floats]:
    """Cell and number of visits of every combination whose probability counts (the rest is below 1e-12).

    The window x ± (7.5 √x + 8) holds all but 1e-12 of a Poisson variable's mass.
    """
    reach = 7.5 * np.sqrt(visits_waiting) + 8.0
    least = np.maximum(np.floor(visits_waiting - reach), 1.0).astype(np.intp)
    most = np.where(visits_waiting > 0, np.ceil(visits_waiting + reach), 0.0).astype(np.intp)
    lengths = np.maximum(most - least + 1, 0)
    cell = np.repeat(np.arange(visits_waiting.size), lengths)
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return cell, (np.arange(cell.size) - starts + least[cell]).astype(np.float64)

"""Orders collected until a departure: conservation, limits, and a simulation of single customers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_models.means import RateBand, ShippingFrequency
from servicepolicy_optimizer.paths.freight import shipment_charge
from servicepolicy_optimizer.paths.shipments import WEEKS_PER_YEAR, shipments

AT_ONCE = ShippingFrequency(name="each order")
WEEKLY = ShippingFrequency(name="weekly", shipments_per_week=1)

SMOOTH = (RateBand(minimum_charge=6, cost_per_shipment=1, cost_per_kg=0.4),)
PARCEL = (RateBand(to_kg=30, minimum_charge=5, cost_per_shipment=3, cost_per_kg=0.2),)
JUMPING = (
    RateBand(to_kg=100, minimum_charge=25, cost_per_kg=0.5),
    RateBand(from_kg=100, to_kg=500, cost_per_shipment=10, cost_per_kg=0.35),
    RateBand(from_kg=500, cost_per_shipment=40, cost_per_kg=0.2),
)


def cell(visits, customers, visit_kg, frequency):
    return shipments(np.array([visits]), np.array([customers]), np.array([visit_kg]), frequency)


def yearly(sent, bands=None):
    """Shipments, kilograms and charge a year of the only cell."""
    charge = np.zeros_like(sent.kg) if bands is None else shipment_charge(bands, sent.kg)
    return tuple(sent.total_by_cell(one).item() for one in (np.ones_like(sent.kg), sent.kg, charge))


def bins_of(weights):
    return np.sort(weights).reshape(10, -1).mean(axis=1)


def test_each_order_at_once_ships_every_visit_with_its_weight():
    count, kg, charge = yearly(cell(200.0, 5.0, np.arange(10.0), AT_ONCE), SMOOTH)
    assert count == pytest.approx(200.0)
    assert kg == pytest.approx(900.0)
    assert charge == pytest.approx(20 * sum(max(6.0, 1 + 0.4 * w) for w in range(10)))


def test_shipments_of_a_departure_by_hand():
    """5 customers, 520 visits a year, 52.14 departures: x = 1.994 visits wait on average."""
    x = 520 / (5 * 365 / 7)
    count, kg, _ = yearly(cell(520.0, 5.0, np.full(10, 3.0), WEEKLY))
    assert count == pytest.approx(5 * (365 / 7) * (1 - np.exp(-x)), rel=1e-11)
    assert kg == pytest.approx(520 * 3.0, rel=1e-11)


@settings(deadline=None, max_examples=60)
@given(
    st.floats(0.5, 1e5),
    st.floats(1.0, 500.0),
    st.lists(st.floats(0.0, 900.0), min_size=10, max_size=10),
    st.floats(0.1, 14.0),
)
def test_no_kilogram_is_lost_and_no_shipment_invented(visits, customers, visit_kg, per_week):
    often = ShippingFrequency(name="f", shipments_per_week=per_week)
    count, kg, _ = yearly(cell(visits, customers, np.sort(visit_kg), often))
    assert kg == pytest.approx(visits * np.mean(visit_kg), rel=1e-9)
    departures = customers * per_week * WEEKS_PER_YEAR
    assert count == pytest.approx(-departures * np.expm1(-visits / departures), rel=1e-9)
    assert count <= min(visits, departures) * (1 + 1e-9)


def test_ever_more_frequent_departures_become_each_order_at_once():
    visit_kg = bins_of(np.random.default_rng(0).lognormal(1.0, 1.0, 1000))
    hourly = ShippingFrequency(name="hourly", shipments_per_week=1e6)
    collected = yearly(cell(5000.0, 5.0, visit_kg, hourly), SMOOTH)
    assert collected == pytest.approx(yearly(cell(5000.0, 5.0, visit_kg, AT_ONCE), SMOOTH), rel=1e-4)


def test_customers_that_are_not_known_collect_nothing():
    """Visits without customers: each visit has its own, so 1 − e^(−x) of tiny x."""
    sent = cell(100.0, 0.0, np.full(10, 2.0), WEEKLY)
    assert yearly(sent)[0] == pytest.approx(100.0, rel=0.01)


def test_a_cell_without_visits_ships_nothing():
    sent = shipments(np.array([0.0, 50.0]), np.array([0.0, 2.0]), np.ones((2, 10)), WEEKLY)
    assert sent.total_by_cell(np.ones_like(sent.kg)).tolist()[0] == 0.0


@pytest.mark.parametrize(
    ("bands", "mean_kg", "variation", "error"),
    [
        (SMOOTH, 5.0, 0.5, 0.01),
        (SMOOTH, 5.0, 1.5, 0.025),
        (SMOOTH, 40.0, 1.5, 0.015),
        (PARCEL, 5.0, 1.5, 0.02),
        (PARCEL, 40.0, 1.5, 0.01),
        (JUMPING, 40.0, 1.5, 0.03),
        (JUMPING, 150.0, 1.0, 0.045),
    ],
)
@pytest.mark.parametrize("waiting", [0.05, 0.5, 3.0, 10.0])
def test_charge_against_a_simulation_of_departures(bands, mean_kg, variation, error, waiting):
    """Poisson visits of lognormal weights, collected; the charge of what each departure ships."""
    rng = np.random.default_rng(1)
    spread = np.log(1.0 + variation**2)
    weights = rng.lognormal(np.log(mean_kg) - spread / 2, np.sqrt(spread), 200_000)
    # Departures with nothing to ship are drawn again.
    visits = np.concatenate([drawn[drawn > 0] for drawn in (rng.poisson(waiting, 50_000) for _ in range(40))])
    visits = visits[: int(150_000 / max(1.0, waiting))]
    loads = np.add.reduceat(rng.choice(weights, visits.sum()), np.r_[0, np.cumsum(visits)[:-1]])
    simulated = shipment_charge(bands, loads).mean()

    count, _, charge = yearly(cell(waiting * WEEKS_PER_YEAR, 1.0, bins_of(weights), WEEKLY), bands)
    assert charge / count == pytest.approx(simulated, rel=error)


def test_charging_the_mean_weight_instead_would_flatter_collection():
    """Why shipments are not all charged at kilograms / shipments: minimum charges are not linear."""
    visit_kg = np.array([1.0] * 9 + [90.0])
    count, kg, charge = yearly(cell(52.0, 1.0, visit_kg, WEEKLY), SMOOTH)
    assert shipment_charge(SMOOTH, np.array([kg / count])).item() * count < 0.9 * charge

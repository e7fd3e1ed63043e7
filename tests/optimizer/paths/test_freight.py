"""Rate bands: against a plain look-up, band by band."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_models.means import RateBand
from servicepolicy_optimizer.paths.freight import parcels, shipment_charge

TARIFF = (
    RateBand(to_kg=10, minimum_charge=6, cost_per_shipment=1, cost_per_kg=0.6),
    RateBand(from_kg=10, to_kg=100, cost_per_shipment=3, cost_per_kg=0.4),
    RateBand(from_kg=100, minimum_charge=45, cost_per_kg=0.2),
)


def looked_up(bands, kg):
    """One shipment, as a clerk would read the tariff."""
    parts = 1
    while bands[-1].to_kg is not None and kg / parts >= bands[-1].to_kg:
        parts += 1
    each = max(kg / parts, bands[0].from_kg)
    for band in bands:
        if band.from_kg <= each and (band.to_kg is None or each < band.to_kg):
            return parts * max(band.minimum_charge, band.cost_per_shipment + each * band.cost_per_kg)
    raise AssertionError("no band")


@pytest.mark.parametrize(
    ("kg", "charge"),
    [(0.0, 6.0), (5.0, 6.0), (9.0, 6.4), (10.0, 7.0), (99.0, 42.6), (100.0, 45.0), (300.0, 60.0)],
)
def test_by_hand(kg, charge):
    assert shipment_charge(TARIFF, np.array([kg])).item() == pytest.approx(charge)


def test_a_shipment_too_heavy_for_the_last_band_travels_in_equal_parts():
    parcel = (RateBand(to_kg=30, cost_per_shipment=4, cost_per_kg=0.1),)
    assert parcels(parcel, np.array([75.0])).item() == 3
    assert shipment_charge(parcel, np.array([75.0])).item() == pytest.approx(3 * (4 + 25 * 0.1))


def test_a_shipment_lighter_than_the_first_band_pays_for_its_first_kilogram():
    assert shipment_charge((RateBand(from_kg=5, cost_per_kg=2),), np.array([1.0])).item() == 10.0


@settings(deadline=None, max_examples=100)
@given(st.floats(0.0, 2000.0), st.booleans())
def test_as_a_clerk_would_read_it(kg, open_ended):
    bands = TARIFF if open_ended else (*TARIFF[:2], TARIFF[2].model_copy(update={"to_kg": 300.0}))
    assert shipment_charge(bands, np.array([kg])).item() == pytest.approx(looked_up(bands, kg))


def test_shape_is_kept():
    weights = np.arange(6.0).reshape(2, 3)
    charges = shipment_charge(TARIFF, weights)
    assert charges.shape == (2, 3)
    assert all(math.isclose(charges[i], looked_up(TARIFF, weights[i])) for i in np.ndindex(2, 3))

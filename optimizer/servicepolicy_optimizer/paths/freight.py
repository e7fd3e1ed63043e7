"""What a shipment costs by weight: the rate bands of a lane."""

from collections.abc import Sequence

import numpy as np

from servicepolicy_models.means import RateBand
from servicepolicy_optimizer.facts import Floats


def parcels(bands: Sequence[RateBand], shipment_kg: Floats) -> Floats:
    """Equal parts, each lighter than the last band's exclusive end, that a shipment is sent in.  (same shape)

    >>> parcels([RateBand(to_kg=30)], np.array([0.0, 29.9, 30.0, 65.0])).tolist()
    [1.0, 1.0, 2.0, 3.0]
    """
    heaviest_kg = bands[-1].to_kg
    if heaviest_kg is None:
        return np.ones_like(shipment_kg)
    return np.floor(shipment_kg / heaviest_kg) + 1.0


def shipment_charge(bands: Sequence[RateBand], shipment_kg: Floats) -> Floats:
    """Charge by weight: max(minimum, per shipment + kg × rate) of the band.  (same shape, currency)

    The band is the one whose interval [from_kg, to_kg) holds the weight. A shipment lighter than the first
    band pays for that band's first kg. One that reaches the last band's end travels as equal parcels, each
    charged by its weight.

    >>> light = RateBand(to_kg=10, minimum_charge=5, cost_per_kg=1)
    >>> heavy = RateBand(from_kg=10, cost_per_shipment=2, cost_per_kg=0.5)
    >>> shipment_charge([light, heavy], np.array([2.0, 8.0, 10.0])).tolist()
    [5.0, 8.0, 7.0]
    """
    parts = parcels(bands, shipment_kg)
    charged_kg = np.maximum(shipment_kg / parts, bands[0].from_kg)
    at = np.searchsorted([band.from_kg for band in bands[1:]], charged_kg, side="right")
    minimum, per_shipment, per_kg = np.array(
        [(band.minimum_charge, band.cost_per_shipment, band.cost_per_kg) for band in bands]
    ).T
    return np.asarray(parts * np.maximum(minimum[at], per_shipment[at] + charged_kg * per_kg[at]))

"""Rows of a rate table become the joined weight bands of a lane, without changing a price.

What the table says, and how it is read (counted in `Mended`, explained in README.md):

1. A row that equals an earlier one is dropped.
2. A row that is at most 0.51 kg wide, or on the ground, is a price per shipment; any other row is a price
   per kg. Either way its minimum cost is the least that is paid.
3. The table counts in steps of 0.01 kg (one sheet: 0.01 lb): 0.5 and then 0.51. A row ends where the next
   one starts.
4. Where no row of a lane holds a weight, and the hole is wider than a step, the shipment pays what the
   lightest shipment of the next row pays: it is declared at the next weight that has a price.
5. Where several rows of a lane hold a weight, the cheapest one is paid.
6. The last row of a lane is left open above, as every lane ends far above the heaviest order.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from source import Rate

Reading = Literal["per-shipment", "per-kg"]
"""How a narrow or ground row is read: as the price of a shipment, or per kg like every other row."""

WIDEST_PARCEL_KG = 0.51
"""Rows of half a kilogram are parcel prices. In the source the next wider row is 29 kg wide."""

STEP_KG = 0.01
"""What the table counts in; weights are rounded to 1e-6 kg where a step is added."""


@dataclass(frozen=True)
class Band:
    """From `from_kg` to below `to_kg`: max(minimum_charge, cost_per_shipment + kg x cost_per_kg)."""

    from_kg: float
    to_kg: float
    """Infinite in the last band."""
    minimum_charge: float
    cost_per_shipment: float
    cost_per_kg: float


@dataclass(frozen=True)
class Mended:
    """How often each rule was applied to a lane."""

    steps_closed: int
    """Rule 3: places where a row ends a step before the next one starts."""
    holes_filled: int
    """Rule 4: holes wider than a step, and weights below the first row."""
    weights_with_a_choice: int
    """Rule 5: stretches of weight held by more than one row."""


def distinct(rates: Iterable[Rate]) -> tuple[Rate, ...]:
    """Rule 1: the rates without those that equal an earlier one."""
    return tuple(dict.fromkeys(rates))


def is_per_shipment(rate: Rate) -> bool:
    """Rule 2: whether the row is a price of a shipment, whatever it weighs."""
    return rate.transport == "GROUND" or rate.to_kg - rate.from_kg <= WIDEST_PARCEL_KG


def joined_bands(rates: Sequence[Rate], reading: Reading) -> tuple[tuple[Band, ...], Mended]:
    """Join the rows of one lane into bands that start at 0 kg, touch, and charge what the rows charge."""
    ends = {rate: _end_kg(rate, rates) for rate in rates}
    cuts = sorted({0.0, *(rate.from_kg for rate in rates), *ends.values()})
    bands: list[Band] = []
    holes = choices = 0
    for from_kg, to_kg in pairwise(cuts):
        holding = [rate for rate in rates if rate.from_kg <= from_kg and ends[rate] >= to_kg]
        choices += len(holding) > 1
        holes += not holding
        if holding:
            bands += _cheapest(holding, from_kg, to_kg, reading)
        else:
            bands.append(_as_next(rates, from_kg, to_kg, reading))
    starts = {rate.from_kg for rate in rates}
    steps = len({end for end in ends.values() if end in starts})
    bands[-1] = replace(bands[-1], to_kg=math.inf)
    return _merged(bands), Mended(steps, holes, choices)


def _end_kg(rate: Rate, rates: Sequence[Rate]) -> float:
    # A thousandth of tolerance: in binary, 0.51 - 0.5 is a little more than 0.01.
    following = [other.from_kg for other in rates if 0 < other.from_kg - rate.to_kg <= STEP_KG * 1.001]
    return min(following, default=round(rate.to_kg + STEP_KG, 6))


def _cheapest(holding: Sequence[Rate], from_kg: float, to_kg: float, reading: Reading) -> list[Band]:
    """Cut the stretch where one row becomes cheaper than another, and take the cheapest row of each piece."""
    crossings = {
        one.minimum_cost / other.rate
        for one in holding
        for other in holding
        if one is not other and not _is_flat(other, reading) and other.rate > 0
    }
    cuts = sorted({from_kg, to_kg, *(kg for kg in crossings if from_kg < kg < to_kg)})
    return [
        _band(min(holding, key=lambda rate: _charge(rate, (low + high) / 2, reading)), low, high, reading)
        for low, high in pairwise(cuts)
    ]


def _as_next(rates: Sequence[Rate], from_kg: float, to_kg: float, reading: Reading) -> Band:
    lightest = min(_charge(rate, to_kg, reading) for rate in rates if rate.from_kg == to_kg)
    return Band(from_kg, to_kg, minimum_charge=lightest, cost_per_shipment=0.0, cost_per_kg=0.0)


def _is_flat(rate: Rate, reading: Reading) -> bool:
    return reading == "per-shipment" and is_per_shipment(rate)


def _charge(rate: Rate, weight_kg: float, reading: Reading) -> float:
    return max(rate.minimum_cost, rate.rate * (1.0 if _is_flat(rate, reading) else weight_kg))


def _band(rate: Rate, from_kg: float, to_kg: float, reading: Reading) -> Band:
    flat = _is_flat(rate, reading)
    return Band(from_kg, to_kg, rate.minimum_cost, rate.rate if flat else 0.0, 0.0 if flat else rate.rate)


def _merged(bands: Sequence[Band]) -> tuple[Band, ...]:
    """Neighbours with the same price are one band."""
    merged = [bands[0]]
    for band in bands[1:]:
        if replace(band, from_kg=0.0, to_kg=0.0) == replace(merged[-1], from_kg=0.0, to_kg=0.0):
            merged[-1] = replace(merged[-1], to_kg=band.to_kg)
        else:
            merged.append(band)
    return tuple(merged)

"""What it costs in a year to ship a segment's orders: how many shipments, how heavy, at what charge."""

from typing import NamedTuple

import numpy as np
from scipy.special import gammaln

from servicepolicy_models.means import Lane, RateBand, ShippingFrequency
from servicepolicy_optimizer.audit.matrix import Activity
from servicepolicy_optimizer.facts import Floats

DEPARTURES_A_YEAR_PER_WEEKLY = 365.0 / 7.0
"""Departures run by the calendar, whatever the scenario's days of demand."""

HOURS_PER_WEEK = 168.0


class Shipments(NamedTuple):
    """A year's shipments, in classes of equal weight."""

    per_year: Floats
    """(W,) how many of each class."""
    kg: Floats
    """(W,) weight of one."""


def transport_cost(lane: Lane, frequency: ShippingFrequency, activity: Activity) -> float:
    """sum of shipments x charge by weight.  [currency a year]"""
    sent = shipments(frequency, activity)
    return float(sent.per_year @ charge(lane.bands, sent.kg))


def transport_co2e_kg(lane: Lane, frequency: ShippingFrequency, activity: Activity) -> float:
    """kg x CO2e per kg + shipments x CO2e per shipment, each parcel counted.  [kg a year]"""
    sent = shipments(frequency, activity)
    by_shipment = float(sent.per_year @ parcels(lane.bands, sent.kg)) * lane.co2e_kg_per_shipment
    return activity.weight_kg_per_year * lane.co2e_kg_per_kg + by_shipment


def shipments(frequency: ShippingFrequency, activity: Activity) -> Shipments:
    """Each order at once: every visit is a shipment, as heavy as the visits are.

    Collected: the visits of each of n customers come as a Poisson stream and wait for the next of f
    departures a year; x = visits / (n f) wait on average. k visits leave together n f e^-x x^k / k! times a
    year, k = 1, 2, ...; their weight is k means m plus the spread of a sum of k: k m + sqrt(k) (b - m) over
    the equal-probability bins b. Kilograms are kept. Without a number of customers every visit is a
    customer's only one.
    """
    visits, bins = activity.order_visits_per_year, activity.visit_weight_kg
    if visits <= 0:
        return Shipments(np.zeros(0), np.zeros(0))
    if frequency.shipments_per_week is None:
        return Shipments(np.full(bins.size, visits / bins.size), bins)
    customers = activity.customers if activity.customers > 0 else visits
    departures = customers * frequency.shipments_per_week * DEPARTURES_A_YEAR_PER_WEEKLY
    together, chance = _visits_together(visits / departures)
    mean_kg = bins.mean()
    kg = together[:, None] * mean_kg + np.sqrt(together)[:, None] * (bins - mean_kg)
    per_year = np.repeat(departures * chance / bins.size, bins.size)
    return Shipments(per_year, kg.ravel())


def _visits_together(waiting: float) -> tuple[Floats, Floats]:
    """k = 1, 2, ... and the Poisson probability of k visits when `waiting` wait on average; the rest is below
    1e-12.
    """
    reach = 8.0 * np.sqrt(waiting) + 10.0
    k = np.arange(max(1.0, np.floor(waiting - reach)), np.ceil(waiting + reach) + 1.0)
    return k, np.exp(k * np.log(waiting) - waiting - gammaln(k + 1.0))


def charge(bands: tuple[RateBand, ...], kg: Floats) -> Floats:
    """Charge of shipments by weight: max(minimum charge, cost per shipment + kg x cost per kg) of their band.

    A band holds the weights from `from_kg` up to, not including, `to_kg`. Lighter than the first band: the
    first band at its first kg. Too heavy for the last band: as few equal parcels as fit, each charged by its
    weight.

    >>> parcel = RateBand(to_kg=10, minimum_charge=5, cost_per_kg=1)
    >>> pallet = RateBand(from_kg=10, to_kg=100, cost_per_kg=0.5)
    >>> charge((parcel, pallet), np.array([2.0, 8.0, 10.0, 120.0])).tolist()
    [5.0, 8.0, 5.0, 60.0]
    """
    pieces = parcels(bands, kg)
    charged_kg = np.maximum(kg / pieces, bands[0].from_kg)
    of_one = np.zeros_like(charged_kg)
    for band in bands:
        here = charged_kg >= band.from_kg
        tariff = np.maximum(band.minimum_charge, band.cost_per_shipment + charged_kg * band.cost_per_kg)
        of_one = np.where(here, tariff, of_one)
    return pieces * of_one


def parcels(bands: tuple[RateBand, ...], kg: Floats) -> Floats:
    """How many equal parcels a shipment travels in: one, or as many as the end of the last band asks for.

    >>> parcels((RateBand(to_kg=30),), np.array([29.9, 30.0, 65.0])).tolist()
    [1.0, 2.0, 3.0]
    """
    heaviest_kg = bands[-1].to_kg
    return np.ones_like(kg) if heaviest_kg is None else np.floor(kg / heaviest_kg) + 1.0


def departure_interval_hours(frequency: ShippingFrequency) -> float:
    """Hours between departures; 0 where each order leaves at once."""
    return 0.0 if frequency.shipments_per_week is None else HOURS_PER_WEEK / frequency.shipments_per_week

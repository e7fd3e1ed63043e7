"""Which plant serves which service for an item class: what may be chosen, and what was done."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from item_classes import CUSTOMER_FREIGHT, ItemClass
from lanes import Lane, Service
from source import Network, Order

SERVICES = ("DTD", "DTP", CUSTOMER_FREIGHT)


@dataclass(frozen=True)
class Deployment:
    """One plant for an item class; what cannot leave from it comes from another plant of the class."""

    name: str
    plant: str
    serves: Mapping[str, str]
    """Service -> plant; `*` takes the rest."""
    item_classes: tuple[str, ...]


@dataclass(frozen=True)
class Used:
    """How most orders of an item class went with one service, and how many did not go that way."""

    item_class: str
    region: str
    deployment: str
    mode: str
    otherwise: int


def deployments(
    network: Network, classes: Iterable[ItemClass], services: Mapping[str, frozenset[str]]
) -> tuple[Deployment, ...]:
    """List every plant that can supply a class; a class may use each of its plants, and only those."""
    found: dict[str, Deployment] = {}
    for one in classes:
        for plant in sorted(one.plants):
            serves = _serves(plant, one, network, services)
            name = " ".join(
                [plant, *(f"({region}: {other})" for region, other in serves.items() if region != "*")]
            )
            already = found[name].item_classes if name in found else ()
            found[name] = Deployment(name, plant, serves, (*already, one.name))
    return tuple(sorted(found.values(), key=lambda deployment: deployment.name))


def _serves(
    plant: str, one: ItemClass, network: Network, services: Mapping[str, frozenset[str]]
) -> dict[str, str]:
    serves = {}
    for region in SERVICES:
        others = sorted(other for other in one.plants if region in services[other])
        if region not in services[plant] and others:
            serves[region] = min(others, key=lambda other: network.cost_per_piece[other])
    return {**serves, "*": plant}


def as_used(
    orders: Iterable[Order],
    classes: Iterable[ItemClass],
    offered: Iterable[Deployment],
    lanes: Iterable[Lane],
    customer_mode: str,
) -> tuple[Used, ...]:
    """Say per item class and service which plant and carrier's service most orders used."""
    class_of = {product: one.name for one in classes for product in one.products}
    by_class: dict[str, list[Order]] = {}
    for order in orders:
        by_class.setdefault(class_of[order.product], []).append(order)
    modes = {
        (lane.service.carrier, lane.service.transit_days, lane.plant, lane.region): lane.service
        for lane in lanes
    }
    used = []
    for name, own in by_class.items():
        plants = Counter(order.plant for order in own)
        choices = [one for one in offered if name in one.item_classes]
        deployment = max(choices, key=lambda one: plants[one.plant])
        for region in SERVICES:
            there = [order for order in own if order.service == region]
            if there:
                used.append(_most_used(there, name, region, deployment, modes, customer_mode))
    return tuple(used)


def _most_used(
    orders: list[Order],
    item_class: str,
    region: str,
    deployment: Deployment,
    modes: Mapping[tuple[str, int, str, str], Service],
    customer_mode: str,
) -> Used:
    plant = deployment.serves.get(region, deployment.plant)
    ways: Counter[tuple[str, str]] = Counter()
    for order in orders:
        service = modes.get((order.carrier, order.transit_days, order.plant, region))
        ways[
            order.plant, customer_mode if region == CUSTOMER_FREIGHT else service.name if service else ""
        ] += 1
    here = {mode: count for (at, mode), count in ways.items() if at == plant and mode}
    mode = max(sorted(here), key=lambda one: here[one]) if here else ""
    return Used(item_class, region, deployment.name, mode, len(orders) - here.get(mode, 0))

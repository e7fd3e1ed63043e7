"""The scenario document: what is published, what is assumed, and which is which."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from assumed import ASSUMED, DAYS_COVERED, DAYS_PER_YEAR, assumptions
from deployments import SERVICES, Deployment, Used
from item_classes import CUSTOMER_FREIGHT, Classes
from lanes import Lane, Service
from source import Network
from tariffs import Band

Document = dict[str, Any]

CUSTOMER_MODE = "V44_3 (customer's freight)"
CUSTOMER_CLASSES = ("A", "B", "C")
LIMITS = {"relative_gap": 1e-5, "refinements": 20}
"""Closer than usual: nearly all of the cost is warehouse work that no choice changes.

A small share of the whole is a large share of what is decided.
"""
ATTRIBUTION = (
    "Data: T. Kalganova, I. Dzalbs (2019), Supply Chain Logistics Problem Dataset, Brunel University London, "
    "https://doi.org/10.17633/rd.brunel.7558679, CC BY 4.0. Changed: see the notes of this scenario."
)


def relieved_capacities(network: Network, classes: Classes) -> Mapping[str, float]:
    """Plants whose published capacity is below the orders that no other plant can supply -> what they did.

    Orders a day. What a plant did is the number of orders it supplied on the day in the file.
    """
    alone: dict[str, int] = {}
    for one in classes.classes:
        if len(one.plants) == 1:
            (plant,) = one.plants
            products = set(one.products)
            alone[plant] = alone.get(plant, 0) + sum(order.product in products for order in network.orders)
    return {
        plant: float(max(needed, sum(order.plant == plant for order in network.orders)))
        for plant, needed in sorted(alone.items())
        if needed > network.capacity_orders_per_day[plant] * DAYS_COVERED
    }


def document(
    network: Network,
    classes: Classes,
    lanes: Sequence[Lane],
    offered: Sequence[Deployment],
    used: Sequence[Used],
    relieved: Mapping[str, float],
    notes: Sequence[str],
) -> Document:
    """Write the scenario; `relieved` plants get the capacity named there instead of the published one."""
    plants = sorted({plant for one in offered for plant in one.serves.values()})
    return {
        "schema_version": "1",
        "name": "brunel-logistics" if relieved else "brunel-logistics-as-published",
        "title": "One day of a microchip maker's outbound network"
        + ("" if relieved else ", with the capacities as published"),
        "notes": [ATTRIBUTION, *notes],
        "assumptions": assumptions(network, plants, relieved),
        "currency": "USD",
        "days_per_year": DAYS_PER_YEAR,
        "demand": _demand(),
        "items": {"unit_cost": ASSUMED.unit_cost},
        "segmentation": _segmentation(classes),
        "targets": _targets(),
        "on_time_probability": ASSUMED.on_time_probability,
        "channels": [{"name": "EDI", "time": {"mean_hours": ASSUMED.order_entry_mean_hours}}],
        "processes": [{"name": "pick and pack", "time": _hours(ASSUMED.picking_hours)}],
        "modes": [_customer_mode(), *_modes([lane for lane in lanes if lane.plant in plants])],
        "supply": [_supply()],
        "locations": [
            {
                "name": plant,
                "cost_per_piece": network.cost_per_piece[plant],
                "capacity_lines_per_day": relieved.get(plant, network.capacity_orders_per_day[plant]),
            }
            for plant in plants
        ],
        "deployments": [
            {"name": one.name, "serves": dict(one.serves), "item_classes": list(one.item_classes)}
            for one in offered
        ],
        "carrying_rate_per_year": ASSUMED.carrying_rate_per_year,
        "current_policy": [*_fill_rates(), *map(_in_use, used)],
        "limits": LIMITS,
    }


def _demand() -> Document:
    return {
        "kind": "order_lines",
        "columns": {
            "order": "Order ID",
            "item": "Product ID",
            "quantity": "Unit quantity",
            "date": "Order Date",
            "customer": "Customer",
            "region": "Service Level",
            "weight_kg": "Weight",
        },
        "item_table": "items.csv",
        "item_columns": {"item": "item", "item_class": "item_class"},
        "cleaning": {"match_cancellations": False, "drop_zero_price": False},
        "days_covered": DAYS_COVERED,
        "orders_arrive": "poisson",
    }


def _segmentation(classes: Classes) -> Document:
    return {
        "customers": {"classes": list(CUSTOMER_CLASSES), "measure": "pieces", "cut_offs": [0.05, 0.20]},
        "items": {"classes": [one.name for one in classes.classes], "measure": "given", "cut_offs": []},
        "regions": [{"name": service, "values": [service]} for service in SERVICES],
        "promise_by_region": True,
    }


def _targets() -> list[Document]:
    by_service = [
        {"region": region, "response_hours": hours} for region, hours in ASSUMED.response_hours.items()
    ]
    return _fill_rates() + by_service


def _fill_rates() -> list[Document]:
    return [
        {"customer_class": name, "fill_rate": fill_rate} for name, fill_rate in ASSUMED.fill_rates.items()
    ]


def _in_use(used: Used) -> Document:
    mode = {"mode": used.mode} if used.mode else {}
    return {"item_class": used.item_class, "region": used.region, "deployment": used.deployment, **mode}


def _customer_mode() -> Document:
    lane = {"region": CUSTOMER_FREIGHT, "bands": [{}], "time": {"mean_hours": 0.0}}
    return {"name": CUSTOMER_MODE, "lanes": [lane]}


def _modes(lanes: Sequence[Lane]) -> list[Document]:
    by_service: dict[Service, list[Document]] = {}
    for lane in lanes:
        by_service.setdefault(lane.service, []).append(
            {
                "location": lane.plant,
                "region": lane.region,
                "bands": [_band(band) for band in lane.bands],
                "time": _hours((24.0 * lane.service.transit_days, ASSUMED.transit_sd_hours))
                if lane.service.transit_days
                else {"mean_hours": 0.0},
            }
        )
    return [{"name": service.name, "lanes": own} for service, own in by_service.items()]


def _band(band: Band) -> Document:
    charges = {
        "minimum_charge": band.minimum_charge,
        "cost_per_shipment": band.cost_per_shipment,
        "cost_per_kg": band.cost_per_kg,
    }
    ends = {} if math.isinf(band.to_kg) else {"to_kg": band.to_kg}
    return {"from_kg": band.from_kg, **ends, **{key: value for key, value in charges.items() if value}}


def _hours(mean_and_sd: tuple[float, float]) -> Document:
    return {"mean_hours": mean_and_sd[0], "sd_hours": mean_and_sd[1]}


def _supply() -> Document:
    return {
        "name": "own production",
        "fixed_cost_per_order": ASSUMED.fixed_cost_per_order,
        "lead_time_mean_days": ASSUMED.lead_time_days[0],
        "lead_time_sd_days": ASSUMED.lead_time_days[1],
        "review_days": ASSUMED.review_days,
    }

"""A distributor that does not exist, with as many classes and regions as asked: a scenario with its demand
inline, for questions of thousands of segments.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Document = dict[str, Any]
"""JSON of a scenario, or of a part of it."""

LOCATIONS = ("Hub", "East", "South", "West")
ITEMS_PER_CLASS = 15
CHANNELS = (
    ("EDI", 0.35, 0.01, 0.3),
    ("web shop", 0.8, 0.02, 0.6),
    ("mail", 1.6, 0.07, 2.5),
    ("telephone", 2.1, 0.14, 1.5),
)
"""Name, cost an order, labour hours an order, mean hours."""
PROCESSES = (("express", 2.3, 2.0), ("single", 1.7, 4.0), ("wave", 1.2, 7.0), ("batch", 0.8, 20.0))
"""Name, cost a line, mean hours."""
MODES = (
    ("courier", 12.0, 0.60, 10.0), ("express parcel", 8.5, 0.50, 18.0), ("parcel", 5.2, 0.34, 28.0),
    ("groupage", 9.0, 0.17, 44.0), ("pallet", 24.0, 0.09, 60.0), ("rail", 18.0, 0.07, 90.0),
)  # fmt: skip
"""Name, cost a shipment, cost a kilogram, mean hours."""


@dataclass(frozen=True)
class Matrix:
    """How many customer classes, item classes and regions: their product is the number of segments."""

    customer_classes: int
    item_classes: int
    regions: int


def distributor(rng: np.random.Generator, matrix: Matrix) -> Document:
    """A scenario document: promises by region, capacities on nearly every means, a stock budget, and better
    customer classes never served worse. The same generator gives the same document.
    """
    customers = [f"K{n + 1}" for n in range(matrix.customer_classes)]
    items = [f"I{n + 1}" for n in range(matrix.item_classes)]
    regions = [f"R{n + 1:03d}" for n in range(matrix.regions)]
    nearest = rng.integers(0, len(LOCATIONS), matrix.regions)
    demand = _Demand.drawn(rng, matrix)
    lines, kg = demand.lines_per_day, demand.kg_per_year
    return {
        "name": "distributor",
        "title": "A distributor that does not exist: as many segments as asked, everything from one seed",
        "notes": ["Synthetic: made by `servicepolicy generate --matrix` from a seed."],
        "assumptions": [{"field": "", "text": "Every number of this scenario is invented."}],
        "currency": "EUR",
        "carrying_rate_per_year": 0.22,
        "demand": {"kind": "inline", "items": demand.documents(customers, items, regions)},
        "segmentation": {
            "customers": {"classes": customers, "measure": "given"},
            "items": {"classes": items, "measure": "given"},
            "regions": [{"name": name} for name in regions],
            "promise_by_region": True,
        },
        "targets": _targets(customers, items),
        "channels": [_channel(one, lines) for one in CHANNELS],
        "processes": [_process(one, lines) for one in PROCESSES],
        "modes": [_mode(rng, one, kg, regions, nearest) for one in MODES],
        "frequencies": [{"name": "each order"}, {"name": "daily", "shipments_per_week": 5}],
        "supply": [
            {"name": "factory", "fixed_cost_per_order": 35, "lead_time_mean_days": 35},
            {
                "name": "stockist",
                "unit_cost_factor": 1.06,
                "fixed_cost_per_order": 8,
                "lead_time_mean_days": 6,
            },
        ],
        "locations": [_location(number, name) for number, name in enumerate(LOCATIONS)],
        "deployments": _deployments(regions, nearest),
        "stock_policies": ["separate"],
        "budgets": {"inventory_value": float(np.round(demand.value_per_day * 35, -2))},
        "rules": {"better_customer_never_served_worse": True},
    }


@dataclass(frozen=True)
class _Demand:
    """N items, each ordered by every customer class of every region."""

    item_class: NDArray[np.intp]
    """(N,)"""
    unit_cost: NDArray[np.float64]
    unit_weight_kg: NDArray[np.float64]
    pieces_per_day: NDArray[np.float64]
    """(N, I, R)"""
    pieces_per_line: NDArray[np.float64]
    """(N,)"""

    @classmethod
    def drawn(cls, rng: np.random.Generator, matrix: Matrix) -> "_Demand":
        """Better classes order more; regions differ by size."""
        count = ITEMS_PER_CLASS * matrix.item_classes
        item_class = np.repeat(np.arange(matrix.item_classes), ITEMS_PER_CLASS)
        of_item = rng.lognormal(0.0, 0.8, count) * 6.0 / (1.0 + item_class)
        of_customer = rng.dirichlet(4.0 / (1.0 + np.arange(matrix.customer_classes)))
        of_region = rng.dirichlet(np.full(matrix.regions, 3.0)) * matrix.regions
        rates = of_item[:, None, None] * of_customer[:, None] * of_region
        rates = rates * rng.uniform(0.5, 1.5, rates.shape)
        return cls(
            item_class,
            rng.lognormal(2.8, 0.7, count).round(2),
            rng.lognormal(-0.3, 0.6, count).round(3),
            np.maximum(rates, 1e-3).round(4),
            (1.0 + rng.exponential(2.0, count)).round(2),
        )

    @property
    def lines_per_day(self) -> float:
        """All lines together."""
        return float((self.pieces_per_day.sum(axis=(1, 2)) / self.pieces_per_line).sum())

    @property
    def kg_per_year(self) -> float:
        """All pieces together."""
        return float(self.pieces_per_day.sum(axis=(1, 2)) @ self.unit_weight_kg) * 365.0

    @property
    def value_per_day(self) -> float:
        """What is bought for one day."""
        return float(self.pieces_per_day.sum(axis=(1, 2)) @ self.unit_cost)

    def documents(self, customers: list[str], items: list[str], regions: list[str]) -> list[Document]:
        """The items with their pools of demand."""
        return [
            {
                "item": f"item {n + 1:05d}",
                "item_class": items[j],
                "unit_cost": self.unit_cost[n].item(),
                "unit_weight_kg": self.unit_weight_kg[n].item(),
                "unit_volume_m3": 0.002,
                "demand": [
                    {
                        "customer_class": customer,
                        "region": region,
                        "pieces_per_day": pieces,
                        "lines_per_day": pieces / self.pieces_per_line[n].item(),
                    }
                    for customer, by_region in zip(customers, self.pieces_per_day[n].tolist(), strict=True)
                    for region, pieces in zip(regions, by_region, strict=True)
                ],
            }
            for n, j in enumerate(self.item_class.tolist())
        ]


def _targets(customers: list[str], items: list[str]) -> list[Document]:
    """From 98 % within a day for the best to 80 % within five for the last."""
    rungs, hours = (0.98, 0.97, 0.95, 0.925, 0.9, 0.85, 0.8), (24, 36, 48, 72, 96, 120)
    found = []
    for i, customer in enumerate(customers):
        for j, item in enumerate(items):
            rank = (i / max(len(customers) - 1, 1) + j / max(len(items) - 1, 1)) / 2
            found.append(
                {
                    "customer_class": customer,
                    "item_class": item,
                    "fill_rate": rungs[round(rank * (len(rungs) - 1))],
                    "response_hours": hours[round(rank * (len(hours) - 1))],
                    "on_time_probability": 0.9,
                }
            )
    return found


def _channel(told: tuple[str, float, float, float], lines_per_day: float) -> Document:
    name, cost, labour, hours = told
    return {
        "name": name,
        "cost_per_order": cost,
        "labour_hours_per_order": labour,
        "labour_cost_per_hour": 32,
        "labour_capacity_hours_per_year": round(0.55 * lines_per_day * 365 * labour, 1),
        "time": {"mean_hours": hours, "sd_hours": hours / 3},
    }


def _process(told: tuple[str, float, float], lines_per_day: float) -> Document:
    name, cost, hours = told
    return {
        "name": name,
        "cost_per_line": cost,
        "capacity_lines_per_day": round(0.3 * lines_per_day, 1),
        "time": {"mean_hours": hours, "sd_hours": hours / 4},
    }


def _mode(
    rng: np.random.Generator,
    told: tuple[str, float, float, float],
    kg_per_year: float,
    regions: list[str],
    nearest: NDArray[np.intp],
) -> Document:
    """A lane from every location to every region: farther is slower and dearer."""
    name, shipment, per_kg, hours = told
    lanes = []
    for r, region in enumerate(regions):
        distance = rng.uniform(0.8, 1.2, len(LOCATIONS))
        distance[nearest[r]] *= 0.6
        for at, location in enumerate(LOCATIONS):
            far = float(distance[at])
            lanes.append(
                {
                    "location": location,
                    "region": region,
                    "bands": [
                        {
                            "cost_per_shipment": round(shipment * (0.7 + 0.3 * far), 3),
                            "cost_per_kg": round(per_kg * far, 4),
                        }
                    ],
                    "time": {"mean_hours": round(hours * far, 1), "sd_hours": round(hours * far / 8, 2)},
                }
            )
    return {"name": name, "capacity_kg_per_year": round(0.4 * kg_per_year, 0), "lanes": lanes}


def _location(number: int, name: str) -> Document:
    return {
        "name": name,
        "fixed_cost_per_year": 20_000 + 5_000 * number,
        "storage_cost_per_m3_year": 90 + 10 * number,
        "extra_lead_time_days": float(number > 0),
    }


def _deployments(regions: list[str], nearest: NDArray[np.intp]) -> list[Document]:
    """From the hub alone, from the nearest place, and from hub or East."""
    near = {region: LOCATIONS[at] for region, at in zip(regions, nearest.tolist(), strict=True)}
    two = {region: LOCATIONS[at % 2] for region, at in zip(regions, nearest.tolist(), strict=True)}
    return [
        {"name": "central", "serves": {"*": LOCATIONS[0]}},
        {"name": "two", "serves": two},
        {"name": "local", "serves": near},
    ]

"""Small random questions with every kind of means, money and rule in them; a seed gives one question."""

import random
from typing import Any

from servicepolicy_models import Scenario

LADDER = {
    "fill_rates": [0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99],
    "response_hours": [12, 24, 48, 72, 96, 120, 168, 240, 336],
}
LIMITS = {"price_levels": 6, "refinements": 3, "rungs": 12, "time_limit_seconds": 20}
UNIT_LINES, LARGER_LINES = 1.0, (2.5, 6.0)


def world(seed: int) -> Scenario:
    """A question of 1-3 customer classes, 1-2 item classes, 1-3 regions, two locations and 1-8 items."""
    return Scenario.model_validate(world_document(seed))


def world_document(seed: int) -> dict[str, Any]:
    """The same question as a document, for those who add to it."""
    dice = random.Random(seed)
    customers, classes = ["A", "B", "C"][: dice.randint(1, 3)], ["X", "Y"][: dice.randint(1, 2)]
    regions = ["North", "South", "East"][: dice.randint(1, 3)]
    items = [_item(dice, f"{item_class}{n}", item_class, customers, regions)
             for item_class in classes for n in range(dice.randint(1, 4))]  # fmt: skip
    return {
        "name": f"world {seed}",
        "currency": "EUR",
        "days_per_year": dice.choice([365, 250]),
        "fill_rate_basis": dice.choice(["segment", "segment", "every_item"]),
        "demand": {"kind": "inline", "items": items, "segments": _segments(dice, items)},
        "segmentation": {
            "customers": {"classes": customers, "measure": "given", "cut_offs": []},
            "items": {"classes": classes, "measure": "given", "cut_offs": []},
            "regions": [{"name": name, "values": [name]} for name in regions],
            "promise_by_region": dice.random() < 0.5,
        },
        "targets": [{"on_time_probability": dice.uniform(0.8, 0.97)}, *_targets(dice, customers, classes)],
        "terms": _terms(dice, customers, classes),
        "promise_ladder": LADDER,
        "carrying_rate_per_year": dice.uniform(0.1, 0.4),
        "stock_policies": dice.choice([["pooled", "separate", "rationed"], ["rationed"], ["separate"]]),
        "stockout_reactions": _reactions(dice, customers),
        "count_lost_sales": dice.random() < 0.8,
        "rules": {"one_channel_per_customer_class": dice.random() < 0.3},
        "limits": LIMITS,
        **_serving(dice, customers, regions),
        **_stocking(dice, regions),
    }


def _item(
    dice: random.Random, name: str, item_class: str, customers: list[str], regions: list[str]
) -> dict[str, Any]:
    demand = []
    for customer_class in customers:
        for region in regions:
            if not demand or dice.random() < 0.75:
                size = dice.choice([UNIT_LINES, UNIT_LINES, *LARGER_LINES])
                lines = 10 ** dice.uniform(-2.5, 0.7)
                pool = {"customer_class": customer_class, "region": region}
                pool |= {"pieces_per_day": lines * size, "lines_per_day": lines}
                pool |= {"order_size_second_moment_pieces2": size * size * dice.choice([1, 1.5, 3])}
                demand.append(pool)
    return {
        "item": name,
        "item_class": item_class,
        "unit_cost": 10 ** dice.uniform(0, 2.5),
        "unit_price": 10 ** dice.uniform(0.5, 3),
        "unit_weight_kg": dice.uniform(0, 5),
        "unit_volume_m3": dice.uniform(0, 0.05),
        "demand": demand,
    }


def _segments(dice: random.Random, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Orders, visits and customers of some of the cells that order."""
    cells = {
        (pool["customer_class"], item["item_class"], pool["region"])
        for item in items
        for pool in item["demand"]
    }
    return [
        {
            "customer_class": customer_class,
            "item_class": item_class,
            "region": region,
            "orders_per_year": dice.uniform(1, 500),
            "order_visits_per_year": dice.uniform(1, 800),
            "customers": dice.choice([0, dice.uniform(1, 60)]),
        }
        for customer_class, item_class, region in sorted(cells)
        if dice.random() < 0.5
    ]


def _targets(dice: random.Random, customers: list[str], classes: list[str]) -> list[dict[str, Any]]:
    targets = []
    for customer_class in customers:
        for item_class in classes:
            target = {"customer_class": customer_class, "item_class": item_class}
            target |= {"fill_rate": dice.uniform(0.3, 0.97)}
            if dice.random() < 0.4:
                target |= {"response_hours": dice.choice([72, 96, 120, 240])}
            if dice.random() < 0.25:
                target |= {"otif": dice.uniform(0.3, 0.85)}
            targets.append(target)
    return targets


def _terms(dice: random.Random, customers: list[str], classes: list[str]) -> list[dict[str, Any]]:
    small = {"minimum_order_value": dice.uniform(10, 500), "small_order_surcharge": dice.uniform(0, 9)}
    return [
        {"returns_share_of_lines": dice.uniform(0, 0.1), "cost_per_returned_line": dice.uniform(0, 9)},
        {"customer_class": customers[-1], **small, "small_order_share": dice.choice([None, 0.3])},
        {
            "item_class": classes[0],
            "value_added_cost_per_line": 0.7,
            "consolidation": dice.choice([None, False]),
        },
    ]


def _reactions(dice: random.Random, customers: list[str]) -> list[dict[str, Any]]:
    shares = {"wait": 0.5, "substitute": 0.2, "buy_elsewhere_once": 0.2, "leave": 0.1}
    costs = {"cost_per_waiting_piece": dice.uniform(0, 3), "cost_per_substituted_piece": dice.uniform(0, 2)}
    lost = {"lost_share_of_price": dice.uniform(0, 1), "leaving_multiple_of_price": dice.uniform(0, 4)}
    slow = {"demand_lost_share_per_day": dice.choice([0, 0.02, 0.4])}
    general = {**shares, **costs, **lost, **slow}
    return [general, {"customer_class": customers[0], "shortage_factor": dice.uniform(0, 2)}][
        : dice.randint(0, 2)
    ]


def _fixed(dice: random.Random) -> dict[str, Any]:
    return {"fixed_cost_per_year": dice.choice([0, dice.uniform(10, 4000)])}


def _time(dice: random.Random, most_hours: float) -> dict[str, Any]:
    return {
        "mean_hours": dice.uniform(0, most_hours),
        "sd_hours": dice.choice([0, dice.uniform(0, most_hours / 4)]),
    }


def _serving(dice: random.Random, customers: list[str], regions: list[str]) -> dict[str, Any]:
    channel = {"cost_per_order": 1.2, "cost_per_line": 0.2, "labour_hours_per_order": dice.uniform(0, 0.2)}
    channel |= {
        "labour_cost_per_hour": 25,
        "error_share_of_lines": 0.03,
        "cost_per_error": dice.uniform(0, 30),
    }
    wave = {
        "name": "wave",
        "cost_per_line": 0.8,
        "cost_per_piece": 0.1,
        "cost_per_order": 0.4,
        **_fixed(dice),
    }
    wave |= {"time": _time(dice, 20), "at": [{"location": "London", "cost_per_line": dice.uniform(0, 2)}]}
    express = {"name": "express", "cost_per_line": 2.5, "only_at_listed": True, "at": [{"location": "Leeds"}]}
    return {
        "channels": [
            {"name": "web", **channel, **_fixed(dice), "time": _time(dice, 4)},
            {"name": "EDI", "cost_per_line": 0.05, **_fixed(dice), "customer_classes": customers[:1]},
        ],
        "processes": [wave, {**express, **_fixed(dice), "time": _time(dice, 3)}],
        "modes": [_mode(dice, name, regions) for name in ("road", "rail")[: dice.randint(1, 2)]],
        "frequencies": [{"name": "each order"}, {"name": "twice", "shipments_per_week": 2}][
            : dice.randint(1, 2)
        ],
    }


def _mode(dice: random.Random, name: str, regions: list[str]) -> dict[str, Any]:
    light = {"to_kg": 10, "minimum_charge": dice.uniform(1, 5), "cost_per_kg": dice.uniform(0.1, 1)}
    heavy = {"from_kg": 10, "to_kg": dice.choice([None, 80]), "cost_per_shipment": 6, "cost_per_kg": 0.3}
    co2e = {"co2e_kg_per_kg": dice.uniform(0, 1), "co2e_kg_per_shipment": dice.uniform(0, 1)}
    lanes = [
        {"bands": [light, heavy], "time": _time(dice, 40), **co2e},
        {"location": "Leeds", "region": regions[0], "bands": [heavy], "time": _time(dice, 20)},
    ]
    return {"name": name, "lanes": lanes[: dice.randint(1, 2)], **_fixed(dice)}


def _stocking(dice: random.Random, regions: list[str]) -> dict[str, Any]:
    supply = [
        {
            "name": name,
            "unit_cost_factor": dice.uniform(0.8, 1.2),
            "fixed_cost_per_order": dice.uniform(0, 60),
            "inbound_cost_per_piece": dice.uniform(0, 0.5),
            "inbound_cost_per_kg": dice.uniform(0, 0.5),
            "inbound_cost_share_of_value": dice.uniform(0, 0.1),
            "lead_time_mean_days": dice.uniform(2, 40),
            "lead_time_sd_days": dice.uniform(0, 8),
            "minimum_order_pieces": dice.choice([0, 10]),
            "order_multiple_pieces": dice.choice([0, 6]),
            "quantity_breaks": dice.choice([[], [{"from_pieces": 40, "unit_cost_factor": 0.93}]]),
            "owns_pipeline": dice.random() < 0.5,
            "co2e_kg_per_kg": dice.uniform(0, 2),
            **_fixed(dice),
        }
        for name in ("near", "far")[: dice.randint(1, 2)]
    ]
    locations = [
        {
            "name": name,
            "storage_cost_per_m3_year": dice.uniform(0, 80),
            "extra_lead_time_days": dice.choice([0, 3]),
            "inbound_cost_per_kg": dice.uniform(0, 0.3),
            "cost_per_piece": dice.uniform(0, 0.6),
        }
        for name in ("Leeds", "London")
    ]
    split = {"name": "split", "serves": {regions[0]: "Leeds", "*": "London"}}
    central = {"name": "central", "serves": {"*": "Leeds"}}
    return {
        "supply": supply,
        "locations": locations,
        "deployments": dice.choice([[central], [split], [central, split]]),
    }

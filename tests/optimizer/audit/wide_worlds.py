"""The random questions of `worlds`, with limits, rules and corners on top; a seed gives one question.

Several item sizes of money and demand, capacities and budgets of the size of what is needed, every policy
rule, periodic review, cycle service, a current policy, and demand at the edge (free to hold, no volume,
segments that nobody orders from).
"""

import random
from typing import Any

from servicepolicy_models import Scenario
from tests.optimizer.audit.worlds import world_document

STAGES = ("channel", "process", "mode", "frequency")
LISTS = {"channel": "channels", "process": "processes", "mode": "modes", "frequency": "frequencies"}


def wide_world(seed: int) -> Scenario:
    """A question with about half of everything that a scenario can say."""
    return Scenario.model_validate(wide_document(seed))


def wide_document(seed: int) -> dict[str, Any]:
    """The same question as a document."""
    dice = random.Random(f"wide {seed}")
    document = world_document(seed)
    document["name"] = f"wide world {seed}"
    for change in (_fewer_items, _edges, _supply, _fixed_costs, _promises, _rules, _capacities, _budgets,
                   _policies, _current):  # fmt: skip
        change(dice, document)
    return document


def _fewer_items(dice: random.Random, document: dict[str, Any]) -> None:
    if dice.random() < 0.12:
        document["demand"]["items"] = document["demand"]["items"][:1]


def _edges(dice: random.Random, document: dict[str, Any]) -> None:
    items = document["demand"]["items"]
    if dice.random() < 0.1:
        document["carrying_rate_per_year"] = 0
    for item in items:
        if dice.random() < 0.1:
            item |= {"unit_volume_m3": 0, "unit_weight_kg": 0}
        for pool in item["demand"]:
            if dice.random() < 0.05 and len(item["demand"]) > 1:
                pool |= {"pieces_per_day": 0, "lines_per_day": 0}
                pool.pop("order_size_second_moment_pieces2", None)
            elif dice.random() < 0.15:
                variance = pool["lines_per_day"] * pool["order_size_second_moment_pieces2"]
                pool["variance_pieces2_per_day"] = variance * dice.choice([0.3, 1, 3])
    document["demand"]["segments"] = [one for one in document["demand"]["segments"] if _orders(items, one)]
    scale = dice.choice([1, 1, 1, 1, 1e-3, 1e4])
    for item in items:
        item |= {"unit_cost": item["unit_cost"] * scale, "unit_price": item["unit_price"] * scale}
    grow = dice.choice([1, 1, 1, 1, 1, 50, 0.02])
    for item in items:
        for pool in item["demand"]:
            for amount in ("pieces_per_day", "lines_per_day", "variance_pieces2_per_day"):
                if amount in pool:
                    pool[amount] *= grow


def _orders(items: list[dict[str, Any]], segment: dict[str, Any]) -> bool:
    """Whether any item has lines in the segment."""
    return any(
        pool["lines_per_day"] > 0
        for item in items
        for pool in item["demand"]
        if (pool["customer_class"], item["item_class"], pool["region"])
        == (segment["customer_class"], segment["item_class"], segment["region"])
    )


def _supply(dice: random.Random, document: dict[str, Any]) -> None:
    for supply in document["supply"]:
        supply["review_days"] = dice.choice([0, 0, 1, 7, 30])
        supply["maximum_cover_days"] = dice.choice([365, 365, 20])
        if dice.random() < 0.1:
            supply |= {"lead_time_mean_days": 0.2, "lead_time_sd_days": 0}


def _fixed_costs(dice: random.Random, document: dict[str, Any]) -> None:
    for location in document["locations"]:
        location["fixed_cost_per_year"] = dice.choice([0, dice.uniform(10, 5000)])


def _promises(dice: random.Random, document: dict[str, Any]) -> None:
    for target in document["targets"]:
        if "fill_rate" not in target:
            continue
        if document["fill_rate_basis"] == "every_item" and dice.random() < 0.3:
            target["cycle_service_level"] = target.pop("fill_rate")
        elif dice.random() < 0.1:
            target.pop("fill_rate")
        elif dice.random() < 0.1:
            target["fill_rate"] = dice.choice([0, 0.99])
        if dice.random() < 0.15:
            target["region"] = document["segmentation"]["regions"][-1]["name"]


def _rules(dice: random.Random, document: dict[str, Any]) -> None:
    rules = document["rules"]
    # Cycle service levels cannot be compared.
    cycles = any("cycle_service_level" in target for target in document["targets"])
    rules["better_customer_never_served_worse"] = dice.random() < 0.25 and not cycles
    rules["better_item_never_served_worse"] = dice.random() < 0.2 and not cycles
    if dice.random() < 0.3 and not cycles:
        rules["distinct_promises_at_most"] = dice.randint(1, 3)
    for kind in ("fixed", "forbidden"):
        if dice.random() < 0.2:
            rules[kind] = [_choice(dice, document)]


def _choice(dice: random.Random, document: dict[str, Any]) -> dict[str, Any]:
    """A means for a customer class, or a stocking means for an item class."""
    if dice.random() < 0.5:
        stage = dice.choice(STAGES)
        classes = document["segmentation"]["customers"]["classes"]
        return {"customer_class": dice.choice(classes), stage: dice.choice(document[LISTS[stage]])["name"]}
    item_class = dice.choice(document["segmentation"]["items"]["classes"])
    means = {
        "supply": dice.choice(document["supply"])["name"],
        "deployment": dice.choice(document["deployments"])["name"],
        "stock_policy": dice.choice(document["stock_policies"]),
    }
    kind = dice.choice(sorted(means))
    return {"item_class": item_class, kind: means[kind]}


def _capacities(dice: random.Random, document: dict[str, Any]) -> None:
    """Of the size of what all segments need together, sometimes too little."""
    if dice.random() > 0.5:
        return
    need = _needed(document)

    def enough() -> float:
        return dice.choice([dice.uniform(0.2, 1), dice.uniform(0.8, 2.5)])

    for channel in document["channels"]:
        if dice.random() < 0.3:
            hours = channel.get("labour_hours_per_order", 0.01) * need["lines"] * document["days_per_year"]
            channel["labour_capacity_hours_per_year"] = hours * enough()
    for process in document["processes"]:
        if dice.random() < 0.3:
            process["capacity_lines_per_day"] = need["lines"] * enough()
    for mode in document["modes"]:
        if dice.random() < 0.3:
            mode["capacity_kg_per_year"] = need["kg"] * document["days_per_year"] * enough()
    for location in document["locations"]:
        if dice.random() < 0.3:
            location["capacity_lines_per_day"] = need["lines"] * enough()
        if dice.random() < 0.3:
            location["storage_capacity_m3"] = need["m3"] * 20 * enough()


def _needed(document: dict[str, Any]) -> dict[str, float]:
    """Lines, kilograms, cubic metres and cost of the pieces of a day."""
    pairs = [(item, pool) for item in document["demand"]["items"] for pool in item["demand"]]
    return {
        "lines": sum(pool["lines_per_day"] for _, pool in pairs),
        "kg": sum(pool["pieces_per_day"] * item["unit_weight_kg"] for item, pool in pairs),
        "m3": sum(pool["pieces_per_day"] * item["unit_volume_m3"] for item, pool in pairs),
        "worth": sum(pool["pieces_per_day"] * item["unit_cost"] for item, pool in pairs),
    }


def _budgets(dice: random.Random, document: dict[str, Any]) -> None:
    need, budgets = _needed(document), {}
    if dice.random() < 0.3:
        budgets["inventory_value"] = need["worth"] * dice.choice([5, 20, 60, 120, 200])
    if dice.random() < 0.2:
        budgets["total_cost"] = need["worth"] * 365 * dice.uniform(0.1, 2) + dice.choice([0, 1000, 5000])
    if dice.random() < 0.2:
        budgets["co2e_kg"] = need["kg"] * 365 * dice.uniform(0.2, 3) + dice.choice([0, 100])
    document["budgets"] = budgets


def _policies(dice: random.Random, document: dict[str, Any]) -> None:
    if dice.random() < 0.3:
        document["stock_policies"] = dice.choice([["pooled"], ["pooled", "rationed"], ["pooled", "separate"]])


def _current(dice: random.Random, document: dict[str, Any]) -> None:
    """What is done today: one means of each kind, or some of them."""
    if dice.random() > 0.3:
        return
    now: dict[str, Any] = {"fill_rate": dice.uniform(0.3, 0.95)}
    if dice.random() < 0.5:
        now["stock_policy"] = dice.choice(document["stock_policies"])
        now["supply"] = dice.choice(document["supply"])["name"]
    if dice.random() < 0.5:
        now["channel"] = document["channels"][0]["name"]
    document["current_policy"] = [now]

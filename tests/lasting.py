"""A question whose solve lasts: one that can be stopped, or whose server can be killed, before it ends."""

from typing import Any

NAMES_A_PART = 150
LIMIT_SECONDS = 250.0
"""Longer than any machine takes to prove the answer, and within what a service allows."""


def lasting(scenario: dict[str, Any]) -> dict[str, Any]:
    """The scenario with each of its items under many names, no two of them worth the same."""
    items = [
        {**item, "item": f"{item['item']} {name:03}", "unit_cost": item["unit_cost"] * (1 + name / 1000)}
        for item in scenario["demand"]["items"]
        for name in range(NAMES_A_PART)
    ]
    limits = {**scenario["limits"], "time_limit_seconds": LIMIT_SECONDS}
    return {**scenario, "demand": {**scenario["demand"], "items": items}, "limits": limits}

"""The yearly cost in its six parts, beside other policies on the same scenario."""

from rich.table import Table

from servicepolicy_api.show.amounts import NONE, money, share
from servicepolicy_api.show.screen import titled
from servicepolicy_models.cost import COST_PARTS, Cost
from servicepolicy_models.policy import Policy

NAME_OF = {
    "current_policy": "policy in force",
    "one_size_strictest": "one size, strictest",
    "one_size_average": "one size, average",
    "unconstrained": "no promises",
}
"""Baseline -> the head of its column."""


def costs(policy: Policy) -> Table | None:
    """One row a part, one column a policy; None when there is no cost to show."""
    if policy.cost is None:
        return None
    columns: dict[str, Cost | None] = {"this policy": policy.cost}
    columns |= {NAME_OF[one.name]: one.cost for one in policy.baselines}
    heads = tuple(columns)
    table = titled(f"Cost per year in {policy.currency}", "", *heads, numbers=heads)
    for part in COST_PARTS:
        row = [money(getattr(cost, part)) if cost else NONE for cost in columns.values()]
        table.add_row(part.replace("_", " "), *row)
    table.add_section()
    sums = (money(cost.objective) if cost else NONE for cost in columns.values())
    table.add_row("all six", *sums, style="bold")
    table.add_row("saved by this policy", NONE, *(_saved(policy.cost, one.cost) for one in policy.baselines))
    fills = (policy.fill_rate, *(one.fill_rate for one in policy.baselines))
    table.add_row("fill rate, by pieces", *(share(fill) for fill in fills))
    own = policy.stock_value.total if policy.stock_value else None
    values = (own, *(one.stock_value for one in policy.baselines))
    table.add_row("stock value", *(money(value) for value in values))
    kept = ("yes" if one.feasible else "no" for one in policy.baselines)
    table.add_row("keeps every promise", "yes", *kept)
    return table


def _saved(cost: Cost, other: Cost | None) -> str:
    if other is None:
        return NONE
    saved = other.objective - cost.objective
    return f"{money(saved)} ({share(saved / other.objective)})" if other.objective > 0 else money(saved)

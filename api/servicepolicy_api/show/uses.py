"""How much of each capacity and budget is used."""

from rich.table import Table

from servicepolicy_api.show.amounts import money, share
from servicepolicy_api.show.screen import titled
from servicepolicy_models.policy import Policy


def uses(policy: Policy) -> Table:
    """One row a capacity or budget; what is nearly full stands out."""
    table = titled(
        "Capacities and budgets", "what", "used", "limit", "unit", "share", numbers=("used", "limit", "share")
    )
    for one in policy.uses:
        part = one.used / one.limit if one.limit else None
        style = "yellow" if part is not None and part > 0.95 else None
        table.add_row(one.name, money(one.used), money(one.limit), one.unit, share(part), style=style)
    return table

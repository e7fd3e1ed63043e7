"""The sales activity profiles in the terminal."""

from rich.console import Console
from rich.table import Table

from servicepolicy_api.show.amounts import money, share
from servicepolicy_api.show.findings import print_findings
from servicepolicy_api.show.screen import screen, titled
from servicepolicy_models.profile import Account, Profile, SideProfile


def print_profile(profile: Profile, console: Console | None = None) -> None:
    """Print what the file held, both sides, the matrix of both, patterns and extremes."""
    console = console or screen()
    span = f"{profile.first_day} to {profile.last_day}, {profile.days:g} days"
    console.print(f"{profile.scenario}: {span}, money in {profile.currency}", style="bold")
    console.print(_waterfall(profile))
    for name, side in (("customers", profile.customers), ("items", profile.items)):
        console.print(_side(name, side))
        spread = side.concentration
        console.print(
            f"The best 1 % of {name} bring {share(spread.top_1_percent)} of the revenue, "
            f"the best 5 % {share(spread.top_5_percent)}, the best 20 % {share(spread.top_20_percent)}; "
            f"Gini {spread.gini:.2f}.",
            soft_wrap=True,
        )
    console.print(_matrix(profile))
    if profile.patterns:
        console.print(_patterns(profile))
    _print_lowest_class_only(profile, console)
    for name, side in (("customers", profile.customers), ("items", profile.items)):
        console.print(_extremes(name, side))
    print_findings(profile.findings, console)


def _waterfall(profile: Profile) -> Table:
    numbers = ("rows", "pieces", "money")
    table = titled("From the file to the demand", "what", *numbers, numbers=numbers)
    for step in profile.waterfall:
        table.add_row(step.sentence, f"{step.rows:,}", money(step.pieces), money(step.value))
    return table


def _side(name: str, side: SideProfile) -> Table:
    heads = (name, "lines", "orders", "pieces", "revenue", "share", "margin", "of revenue")
    title = f"Classes of {name}, by {side.measure.value.replace('_', ' ')}"
    table = titled(title, "class", *heads, numbers=heads)
    for one in side.classes:
        done = one.activity
        count = done.customers if name == "customers" else done.items
        amounts = (count, done.lines, done.orders, done.pieces, done.revenue)
        rest = (share(done.revenue_share), money(done.margin), share(done.margin_of_revenue))
        table.add_row(one.name, *map(money, amounts), *rest)
    return table


def _matrix(profile: Profile) -> Table:
    item_classes = [one.name for one in profile.items.classes]
    heads = [f"items {name}" for name in item_classes]
    title = "Customers and items: share of revenue, share of lines, margin of revenue"
    table = titled(title, "customers", *heads)
    everywhere = (one for one in profile.cells if one.region == "*")
    cells = {(one.customer_class, one.item_class): one.activity for one in everywhere}
    for customers in profile.customers.classes:
        row = []
        for item_class in item_classes:
            cell = cells[customers.name, item_class]
            shares = (cell.revenue_share, cell.lines_share, cell.margin_of_revenue)
            row.append(", ".join(map(share, shares)))
        table.add_row(customers.name, *row)
    return table


def _patterns(profile: Profile) -> Table:
    heads = ("items of class", "pattern", "items", "share of pieces")
    table = titled("Demand patterns", *heads, numbers=heads[2:])
    for one in (*profile.patterns, *profile.variability):
        table.add_row(one.item_class, one.kind.value, f"{one.items:,}", share(one.pieces_share))
    return table


def _print_lowest_class_only(profile: Profile, console: Console) -> None:
    only = profile.lowest_class_only
    if only is not None:
        console.print(
            f"Only customers of the lowest class buy {only.items:,} items ({share(only.items_share)}), "
            f"{share(only.revenue_share)} of the revenue.",
            soft_wrap=True,
        )


def _extremes(name: str, side: SideProfile) -> Table:
    numbers = ("revenue", "margin")
    table = titled(f"Most and least profitable {name}", "code", "class", *numbers, numbers=numbers)
    for accounts in (side.best, side.worst):
        for one in accounts:
            table.add_row(*_account(one))
        table.add_section()
    return table


def _account(one: Account) -> tuple[str, ...]:
    return one.code, one.class_name, money(one.revenue), money(one.margin)

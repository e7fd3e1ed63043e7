"""The pieces of the profile: curves, matrices, classes, variability, extremes."""

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup
from nicegui import ui

from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.chart import chart
from servicepolicy_api.page.parts.facts import facts, heading
from servicepolicy_api.page.parts.matrix import MatrixCell, deep, matrix
from servicepolicy_api.page.parts.pareto import pareto
from servicepolicy_api.page.parts.table import Column, table
from servicepolicy_api.page.parts.waterfall import waterfall
from servicepolicy_api.page.words import word
from servicepolicy_api.show.amounts import money, share
from servicepolicy_models.profile import Account, Activity, ItemShare, Profile, SideProfile


def curves(here: Here, told: Profile, revenues: Mapping[str, Sequence[float]]) -> None:
    """The Pareto curves of customers and items."""
    words = here.words.profile
    sides = (("customers", words.pareto_customers, told.customers), ("items", words.pareto_items, told.items))
    with ui.element("div").classes("sp-columns"):
        for name, caption, side in sides:
            points = pareto(revenues[name])
            option = {
                "xAxis": {"type": "value", "min": 0, "max": 100, "name": "%", "nameLocation": "end"},
                "yAxis": {"type": "value", "min": 0, "max": 100, "name": "%"},
                "tooltip": {"trigger": "axis", "valueFormatter": None},
                "series": [
                    {
                        "type": "line",
                        "name": words.revenue_share,
                        "showSymbol": False,
                        "areaStyle": {"opacity": 0.12},
                        "data": [[round(100 * x, 2), round(100 * y, 2)] for x, y in points],
                    }
                ],
            }
            columns = (Column(words.count_share, True), Column(words.revenue_share, True))
            with ui.element("div"):
                chart(here, caption, option, columns, [(share(x), share(y)) for x, y in points])
                _spread(here, side)


def _spread(here: Here, side: SideProfile) -> None:
    spread = side.concentration
    text = here.words.profile.pareto_told.format(
        five=share(spread.top_5_percent), twenty=share(spread.top_20_percent), gini=f"{spread.gini:.2f}"
    )
    ui.label(text).classes("sp-soft sp-under")


def matrices(here: Here, told: Profile, region: str, address: Callable[[str], str]) -> None:
    """The customer-item matrix by revenue, lines, items and margin. address: of the same in a region."""
    words = here.words.profile
    regions = list(dict.fromkeys(one.region for one in told.cells))
    shown = region if region in regions else "*"
    if len(regions) > 1:
        links = Markup("").join(
            Markup('<a class="sp-button{}"{} href="{}">{}</a>').format(
                " sp-primary" if one == shown else "",
                Markup(' aria-current="true"') if one == shown else "",
                address(one),
                words.all_regions if one == "*" else one,
            )
            for one in regions
        )
        ui.html(links, sanitize=False).classes("sp-buttons")
    cells = {(one.customer_class, one.item_class): one.activity for one in told.cells if one.region == shown}
    measures: Sequence[tuple[str, Callable[[Activity], float], Callable[[float], str]]] = (
        (words.matrix_revenue, lambda one: one.revenue_share, share),
        (words.matrix_lines, lambda one: one.lines_share, share),
        (words.matrix_items, lambda one: float(one.items), money),
        (words.matrix_margin, lambda one: one.margin_of_revenue, share),
    )
    sides = [[one.name for one in side.classes] for side in (told.customers, told.items)]
    with ui.element("div").classes("sp-matrices"):
        for caption, value, text in measures:
            values = {place: value(one) for place, one in cells.items()}
            drawn = {
                place: MatrixCell(text(amount), deep(amount, list(values.values())))
                for place, amount in values.items()
            }
            matrix(here, caption, sides[0], sides[1], drawn)


def classes(here: Here, told: Profile) -> None:
    """What each class amounts to."""
    words = here.words.profile
    for name, caption, side in (
        ("customers", words.classes_customers, told.customers),
        ("items", words.classes_items, told.items),
    ):
        heads = (
            getattr(words, name), words.lines, words.orders, words.pieces,
            words.revenue.format(currency=told.currency), words.revenue_share,
            words.margin.format(currency=told.currency), words.margin_of_revenue,
        )  # fmt: skip
        columns = [Column(words.class_column), *(Column(head, True) for head in heads)]
        rows = []
        for one in side.classes:
            done = one.activity
            amounts = (getattr(done, name), done.lines, done.orders, done.pieces, done.revenue)
            rest = (share(done.revenue_share), money(done.margin), share(done.margin_of_revenue))
            rows.append((one.name, *map(money, amounts), *rest))
        measure = word(here.words.fields, side.measure.value)
        table(caption.format(measure=measure), columns, rows, is_wide=True)


def margins(here: Here, told: Profile) -> None:
    """Where the margin comes from, class by class, up to the whole."""
    words = here.words.profile
    with ui.element("div").classes("sp-columns"):
        for caption, side in ((words.margins_customers, told.customers), (words.margins_items, told.items)):
            titled = caption.format(currency=told.currency)
            steps = [(one.name, one.activity.margin) for one in side.classes]
            heads = (words.class_column, words.margin.format(currency=told.currency))
            waterfall(here, titled, heads, steps, words.total)


def lowest_only(here: Here, told: Profile) -> None:
    """Items that nobody buys but customers of the lowest class."""
    words, only = here.words.profile, told.lowest_class_only
    if only is None:
        return
    heading(words.only_lowest)
    facts(
        (words.only_lowest_items, f"{only.items:,} ({share(only.items_share)})"),
        (words.only_lowest_revenue, share(only.revenue_share)),
        (words.margin.format(currency=told.currency), money(only.margin)),
    )
    ui.label(words.only_lowest_why).classes("sp-soft")


def variability(here: Here, told: Profile) -> None:
    """Items by demand pattern and by variation, class by class."""
    words = here.words.profile
    with ui.element("div").classes("sp-columns"):
        for caption, rows in ((words.patterns, told.patterns), (words.xyz, told.variability)):
            if rows:
                _stacked(here, caption, rows)


def _stacked(here: Here, caption: str, rows: Sequence[ItemShare]) -> None:
    words = here.words.profile
    item_classes = list(dict.fromkeys(one.item_class for one in rows))
    kinds = list(dict.fromkeys(one.kind.value for one in rows))
    count = {(one.item_class, one.kind.value): one.items for one in rows}
    option = {
        "legend": {},
        "grid": {"left": 8, "right": 24, "top": 56, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "data": item_classes, "inverse": True},
        "series": [
            {
                "type": "bar",
                "stack": "items",
                "name": getattr(words, kind.lower()),
                "barMaxWidth": 34,
                "data": [count.get((name, kind), 0) for name in item_classes],
            }
            for kind in kinds
        ],
    }
    columns = (
        Column(here.words.parts.item_class), Column(words.kind), Column(words.items, True),
        Column(words.pieces_share, True),
    )  # fmt: skip
    told = [
        (one.item_class, getattr(words, one.kind.value.lower()), money(one.items), share(one.pieces_share))
        for one in rows
    ]
    chart(here, caption, option, columns, told, height_px=240)


def extremes(here: Here, told: Profile) -> None:
    """Those with the highest and the lowest margin."""
    words = here.words.profile
    with ui.element("div").classes("sp-columns"):
        _accounts(here, words.best_customers, told.customers.best, told.currency)
        _accounts(here, words.worst_customers, told.customers.worst, told.currency)
        _accounts(here, words.best_items, told.items.best, told.currency)
        _accounts(here, words.worst_items, told.items.worst, told.currency)


def _accounts(here: Here, caption: str, accounts: Sequence[Account], currency: str) -> None:
    words = here.words.profile
    columns = (
        Column(words.code), Column(words.class_column), Column(words.revenue.format(currency=currency), True),
        Column(words.margin.format(currency=currency), True), Column(words.lines, True),
    )  # fmt: skip
    rows = [
        (one.code, one.class_name, money(one.revenue), money(one.margin), f"{one.lines:,}")
        for one in accounts
    ]
    table(caption, columns, rows, is_wide=True)


def rows_away(here: Here, told: Profile) -> None:
    """What every cleaning rule took away."""
    words = here.words.profile
    columns = (
        Column(words.step), Column(words.rows, True), Column(words.pieces, True),
        Column(words.value.format(currency=told.currency), True),
    )  # fmt: skip
    rows = [
        (here.reader.rule(one.rule) or one.sentence, money(one.rows), money(one.pieces), money(one.value))
        for one in told.waterfall
        if one.rows
    ]
    table(words.waterfall, columns, rows, is_caption_shown=False)

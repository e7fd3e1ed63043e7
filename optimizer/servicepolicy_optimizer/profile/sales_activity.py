"""Cleaned order lines -> Profile: the customer, item and customer-item sales activity profiles."""

from typing import Any

import narwhals as nw
import numpy as np

from servicepolicy_models.profile import (
    Account,
    Activity,
    ActivityCell,
    ActivityClass,
    ItemShare,
    LowestClassOnly,
    Profile,
    SideProfile,
)
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.segmentation import Classification, Measure
from servicepolicy_optimizer.intake.sql import listed_values
from servicepolicy_optimizer.intake.tables import SideTable
from servicepolicy_optimizer.profile.activity_sums import (
    ActivityFrames,
    Sums,
    accounts,
    activity_frames,
    items_of_lowest_class,
    sums_by,
)
from servicepolicy_optimizer.profile.clean import CleanedLines
from servicepolicy_optimizer.profile.concentration import concentration
from servicepolicy_optimizer.profile.demand_facts import history_findings
from servicepolicy_optimizer.profile.history import History, history
from servicepolicy_optimizer.profile.item_demand import period_sums
from servicepolicy_optimizer.profile.patterns import (
    PATTERNS,
    VARIABILITIES,
    ItemPeriods,
    item_periods,
    pattern_of,
    shares_by_class,
    variability_of,
)
from servicepolicy_optimizer.profile.placement import Placement, place
from servicepolicy_optimizer.profile.trends import trend_findings

ACCOUNTS_SHOWN = 10
"""How many of the best and of the worst customers and items a profile names."""


def activity(
    scenario: Scenario,
    cleaned: CleanedLines,
    item_table: SideTable | None = None,
    customer_table: SideTable | None = None,
) -> Profile:
    """The sales activity profiles of a scenario's order lines. Raises as `facts` does."""
    return activity_of(scenario, place(scenario, cleaned, item_table, customer_table))


def activity_of(scenario: Scenario, placement: Placement) -> Profile:
    """The sales activity profiles of order lines that are in their place."""
    cleaned = placement.cleaned
    source = cleaned.order_table.source
    span = history(cleaned, source)
    segmentation = scenario.segmentation
    shape = (len(segmentation.customers.classes), len(segmentation.items.classes), len(segmentation.regions))
    cleaned.desk.tell(0.8, "sums")
    part = period_sums(cleaned, span)
    cleaned.desk.tell(0.9, "orders")
    frames = activity_frames(placement, shape)
    total = sums_by(frames, ())[()]
    patterns, variability, zero_share = _patterns(scenario, placement, part, span, total.items)
    return Profile(
        scenario=scenario.name,
        currency=scenario.currency,
        first_day=cleaned.first_day.isoformat(),
        last_day=cleaned.last_day.isoformat(),
        days=span.days,
        periods=span.periods,
        period_days=source.period_days,
        zero_period_share=zero_share,
        total=_activity(total, total),
        customers=_side(frames, placement, "customer", segmentation.customers, total),
        items=_side(frames, placement, "item", segmentation.items, total),
        cells=_cells(scenario, frames, total),
        patterns=patterns,
        variability=variability,
        lowest_class_only=_lowest_class_only(frames, len(segmentation.customers.classes), total),
        waterfall=cleaned.waterfall,
        findings=(*placement.findings, *history_findings(cleaned, source, span), *trend_findings(cleaned)),
    )


def _activity(sums: Sums, total: Sums) -> Activity:
    """A group's sums with its shares of all."""
    margin, whole = sums.revenue - sums.cost, total.revenue - total.cost
    return Activity(
        customers=sums.customers,
        items=sums.items,
        orders=sums.orders,
        lines=sums.lines,
        pieces=sums.pieces,
        revenue=sums.revenue,
        margin=margin,
        revenue_share=_share(sums.revenue, total.revenue),
        pieces_share=_share(sums.pieces, total.pieces),
        lines_share=_share(sums.lines, total.lines),
        orders_share=_share(sums.orders, total.orders),
        margin_share=_share(margin, whole),
        margin_of_revenue=_share(margin, sums.revenue),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


_NOTHING = Sums(customers=0, items=0, orders=0, lines=0, pieces=0.0, revenue=0.0, cost=0.0)


def _side(
    frames: ActivityFrames, placement: Placement, side: str, classification: Classification, total: Sums
) -> SideProfile:
    """CSAP or ISAP: the classes, the concentration, the best and the worst."""
    names = classification.classes
    by_class = sums_by(frames, ("i" if side == "customer" else "j",))
    ranges = _measure_ranges(placement, side, classification)
    every = accounts(frames, side)
    revenue = every.select(nw.col("revenue").cast(nw.Float64)).collect().get_column("revenue").to_numpy()
    return SideProfile(
        measure=classification.measure,
        classes=tuple(
            ActivityClass(
                name=name,
                activity=_activity(by_class.get((number,), _NOTHING), total),
                measure_from=ranges.get(number, (None, None))[0],
                measure_to=ranges.get(number, (None, None))[1],
            )
            for number, name in enumerate(names)
        ),
        concentration=concentration(revenue),
        best=_named(every.head(ACCOUNTS_SHOWN), placement, side, names),
        worst=_named(every.sort("margin", side).head(ACCOUNTS_SHOWN), placement, side, names),
    )


def _measure_ranges(
    placement: Placement, side: str, classification: Classification
) -> dict[int, tuple[float | None, float | None]]:
    """Class index -> lowest and highest value of the ranking measure; empty where nothing was ranked."""
    if classification.measure in (Measure.GIVEN, Measure.NONE):
        return {}
    ranked, classed = (
        (placement.customer_rank, placement.customer_class)
        if side == "customer"
        else (placement.item_rank, placement.item_class)
    )
    found = placement.cleaned.desk.connection.execute(
        f"SELECT class, min(measure), max(measure) FROM {ranked.table} JOIN {classed} USING (number) "
        "WHERE ranked GROUP BY 1"
    ).fetchall()
    return {int(number): (float(low), float(high)) for number, low, high in found}


def _named(rows: Any, placement: Placement, side: str, classes: tuple[str, ...]) -> tuple[Account, ...]:
    """Accounts with their codes and classes; a customer that stands for an order is named by it."""
    found = rows.collect().rows(named=True)
    cleaned = placement.cleaned
    table, code, classed = (
        (cleaned.customers, "coalesce(code, 'order ' || order_number)", placement.customer_class)
        if side == "customer"
        else (cleaned.items, "code", placement.item_class)
    )
    codes = {
        number: (name, classes[index])
        for number, name, index in cleaned.desk.connection.execute(
            f"SELECT number, {code}, class FROM {table} AS every "
            f"JOIN {classed} AS classed ON number = every.{side} "
            f"WHERE number IN {listed_values(int(row[side]) for row in found)}"
        ).fetchall()
    }
    return tuple(
        Account(
            code=codes[row[side]][0],
            class_name=codes[row[side]][1],
            revenue=float(row["revenue"]),
            margin=float(row["margin"]),
            pieces=float(row["pieces"]),
            lines=int(row["lines"]),
        )
        for row in found
    )


def _cells(scenario: Scenario, frames: ActivityFrames, total: Sums) -> tuple[ActivityCell, ...]:
    """CISAP: every cell, all regions together first, then by region where there are several."""
    segmentation = scenario.segmentation
    together = sums_by(frames, ("i", "j"))
    apart = sums_by(frames, ("i", "j", "r")) if len(segmentation.regions) > 1 else {}
    cells = []
    for i, customer_class in enumerate(segmentation.customers.classes):
        for j, item_class in enumerate(segmentation.items.classes):
            found = [("*", together.get((i, j), _NOTHING))]
            if apart:
                found += [
                    (one.name, apart.get((i, j, r), _NOTHING)) for r, one in enumerate(segmentation.regions)
                ]
            cells += [
                ActivityCell(
                    customer_class=customer_class,
                    item_class=item_class,
                    region=region,
                    activity=_activity(sums, total),
                )
                for region, sums in found
            ]
    return tuple(cells)


def _patterns(
    scenario: Scenario, placement: Placement, part: str, span: History, items: int
) -> tuple[tuple[ItemShare, ...], tuple[ItemShare, ...], float | None]:
    """Demand patterns and variability by item class, and the share of (item, period) pairs without demand."""
    if span.periods < 1:
        return (), (), None
    found: ItemPeriods = item_periods(part, placement, span, items)
    zero_share = 1.0 - float(found.filled_periods.sum()) / (items * span.periods)
    if span.periods < 2:
        return (), (), zero_share
    item_class = placement.cleaned.desk.connection.execute(
        f"SELECT class FROM {placement.item_class} ORDER BY number"
    ).fetchnumpy()["class"]
    classes = scenario.segmentation.items.classes
    index = np.asarray(item_class, dtype=np.intp)
    return (
        shares_by_class(pattern_of(found), PATTERNS, index, found.pieces, classes),
        shares_by_class(variability_of(found), VARIABILITIES, index, found.pieces, classes),
        zero_share,
    )


def _lowest_class_only(frames: ActivityFrames, customer_classes: int, total: Sums) -> LowestClassOnly | None:
    """Items whose every line is of the lowest customer class."""
    if customer_classes == 1:
        return None
    only = items_of_lowest_class(frames, customer_classes - 1)
    return LowestClassOnly(
        items=only.items,
        items_share=_share(only.items, total.items),
        pieces_share=_share(only.pieces, total.pieces),
        revenue_share=_share(only.revenue, total.revenue),
        margin=only.revenue - only.cost,
    )

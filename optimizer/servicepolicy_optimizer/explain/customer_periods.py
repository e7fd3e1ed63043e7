"""What every customer did in every period, and where: what a rule of qualification looks at."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import OrderLinesRejected, error
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.profile.history import history
from servicepolicy_optimizer.profile.placement import Placement
from servicepolicy_optimizer.profile.sums import exact_sum


@dataclass(frozen=True)
class CustomerPeriods:
    """C customers with a name, P whole periods, J item classes, R regions."""

    codes: tuple[str, ...]
    """(C,)"""
    class_today: Ints
    """(C,) index of the class that the scenario gives."""
    revenue: Floats
    """(C, P) of the period."""
    pieces: Floats
    """(C, P)"""
    lines: Floats
    """(C, P)"""
    lines_per_year: Floats
    """(C, J, R) over the whole history."""
    pieces_per_year: Floats
    """(C, J, R)"""
    periods_per_year: float
    """What a period's amounts are multiplied with to be a year's."""
    first_day: date
    """Of the first whole period."""
    last_day: date
    unnamed_revenue_share: float
    """Share of the revenue that comes without a customer's name."""


def customer_periods(
    scenario: Scenario, placement: Placement, source: OrderLines, period_days: int
) -> CustomerPeriods:
    """Add up the placed lines by customer and period; whole periods that end with the last day.

    Raises OrderLinesRejected when there is no whole period, or nobody has a name.
    """
    span, year = history(placement.cleaned, source), scenario.days_per_year
    days = placement.cleaned.span_days
    periods, offset = days // period_days, days % period_days
    desk = placement.cleaned.desk.connection
    named = desk.execute(
        f"SELECT customer, code, class FROM {placement.cleaned.customers} AS c "
        f"JOIN {placement.customer_class} AS k ON k.number = c.customer "
        "WHERE code IS NOT NULL ORDER BY customer"
    ).fetchnumpy()
    number = np.asarray(named["customer"], dtype=np.intp)
    _require(periods, period_days, days, number.size)
    row = np.full(int(number.max()) + 1, -1, dtype=np.intp)
    row[number] = np.arange(number.size)
    amounts = {
        "revenue": exact_sum("revenue"), "pieces": exact_sum("pieces"), "lines": "count(*)",
    }  # fmt: skip
    sums = ", ".join(f"{sql} AS {name}" for name, sql in amounts.items())
    by_period = desk.execute(
        f"SELECT customer, (day - {offset}) // {period_days} AS period, {sums} FROM {placement.placed} "
        f"WHERE named AND day >= {offset} GROUP BY 1, 2"
    ).fetchnumpy()
    by_cell = desk.execute(
        f"SELECT customer, j, r, {sums} FROM {placement.placed} WHERE named GROUP BY 1, 2, 3"
    ).fetchnumpy()
    shape = (number.size, len(scenario.segmentation.items.classes), len(scenario.segmentation.regions))
    in_period = (row[by_period["customer"]], np.asarray(by_period["period"], dtype=np.intp))
    in_cell = (row[by_cell["customer"]], np.asarray(by_cell["j"]), np.asarray(by_cell["r"]))
    trade_days = period_days * span.days / days
    last_day = placement.cleaned.last_day
    return CustomerPeriods(
        codes=tuple(map(str, named["code"])),
        class_today=np.asarray(named["class"], dtype=np.intp),
        revenue=_dense((number.size, periods), in_period, np.asarray(by_period["revenue"])),
        pieces=_dense((number.size, periods), in_period, np.asarray(by_period["pieces"])),
        lines=_dense((number.size, periods), in_period, np.asarray(by_period["lines"])),
        lines_per_year=_dense(shape, in_cell, np.asarray(by_cell["lines"])) * year / span.days,
        pieces_per_year=_dense(shape, in_cell, np.asarray(by_cell["pieces"])) * year / span.days,
        periods_per_year=year / trade_days,
        first_day=last_day - timedelta(days=periods * period_days - 1),
        last_day=last_day,
        unnamed_revenue_share=_unnamed_revenue_share(placement),
    )


def _unnamed_revenue_share(placement: Placement) -> float:
    named, every = exact_sum("revenue", "named"), exact_sum("revenue")
    query = f"SELECT {every} - coalesce({named}, 0), {every} FROM {placement.placed}"
    unnamed, whole = placement.cleaned.desk.connection.execute(query).fetchall()[0]
    return float(unnamed) / float(whole) if whole else 0.0


def _require(periods: int, period_days: int, days: int, customers: int) -> None:
    findings = []
    if not periods:
        what = f"The history has {days} days, less than one period of {period_days}."
        findings.append(error("/period_days", what, "qualification.short_history", "Take shorter periods."))
    if not customers:
        mend = "Name the customer column in `demand.columns.customer`."
        findings.append(
            error("/demand/columns/customer", "No customer has a name.", "qualification.no_customers", mend)
        )
    if findings:
        raise OrderLinesRejected(findings)


def _dense(shape: tuple[int, ...], at: tuple[Ints, ...], amounts: Floats) -> Floats:
    dense = np.zeros(shape)
    dense[at] = amounts
    return dense

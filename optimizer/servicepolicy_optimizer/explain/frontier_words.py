"""A frontier in words: what is traded, figures of it, and where the knee is."""

from collections.abc import Sequence
from dataclasses import dataclass

from servicepolicy_models.changes import Level
from servicepolicy_models.frontier import Against, FrontierPoint, FrontierQuestion, WeightBy
from servicepolicy_models.proof import Held

TRADED = {
    Against.FILL_RATE: "the fill rate",
    Against.OTIF: "on time in full",
    Against.RESPONSE: "the promised response time",
    Against.INVENTORY: "the average stock value",
    Against.CO2E: "CO2e of transport",
}

KNEE = (
    "The knee is the point furthest from the straight line between the two ends, both axes scaled to 0..1 "
    "(the point of maximum bulge: Das 1999)."
)
"""By which definition."""


def figure(against: Against, amount: float, currency: str) -> str:
    """An amount of what is traded.

    >>> figure(Against.FILL_RATE, 0.9512, "EUR"), figure(Against.RESPONSE, 31.26, "EUR")
    ('95.12 %', '31.3 h')
    """
    if against in (Against.FILL_RATE, Against.OTIF):
        return f"{100 * amount:.2f} %"
    if against is Against.RESPONSE:
        return f"{amount:.1f} h"
    return f"{amount:,.0f} {currency if against is Against.INVENTORY else 'kg a year'}"


def knee_of(points: Sequence[FrontierPoint]) -> int | None:
    """Number of the point furthest from the chord of the ends, axes scaled to 0..1; None of fewer than 3.

    >>> xs, costs = (0.0, 0.5, 1.0), (0.0, 10.0, 100.0)
    >>> knee_of([FrontierPoint(asked=x, held=Held.OPTIMAL, reached=x, cost_per_year=c)
    ...          for x, c in zip(xs, costs)])
    1
    """
    had = [
        (n, one.reached, one.cost_per_year)
        for n, one in enumerate(points)
        if one.reached is not None and one.cost_per_year is not None
    ]
    if len(had) < 3:
        return None
    (_, x0, y0), (_, x1, y1) = had[0], had[-1]
    if x1 == x0 or y1 == y0:
        return None
    bulge = {n: abs((x - x0) / (x1 - x0) - (y - y0) / (y1 - y0)) for n, x, y in had}
    knee = max(bulge, key=lambda n: bulge[n])
    return knee if bulge[knee] > 1e-9 else None


def with_knee(points: Sequence[FrontierPoint]) -> tuple[FrontierPoint, ...]:
    """The points, the knee marked where there is one."""
    knee = knee_of(points)
    return tuple(
        one.model_copy(update={"knee": True}) if number == knee else one for number, one in enumerate(points)
    )


@dataclass(frozen=True)
class Told:
    """What the sentences speak of."""

    asked: FrontierQuestion
    points: tuple[FrontierPoint, ...]
    level: Level
    currency: str
    markers: tuple[str, ...] | None
    """None: it was stopped before all points were solved."""


def sentences(told: Told) -> list[str]:
    """What to read aloud."""
    asked = told.asked
    weighted = asked.against not in (Against.INVENTORY, Against.CO2E)
    by = f", weighted by {asked.weight_by.value}" if weighted else ""
    if weighted and asked.weight_by is WeightBy.EQUAL:
        by = ", every segment counting the same"
    if weighted and asked.weights:
        by += " and by the weights given"
    solved = [one for one in told.points if one.cost_per_year is not None]
    refused = [one for one in told.points if one.held is Held.INFEASIBLE]
    lines = [
        f"Total cost against {TRADED[asked.against]}{by}: {len(solved)} points, each solved for itself; "
        "none is interpolated.",
        _level(told.level),
        _kept(asked),
    ]
    if refused:
        first = figure(asked.against, refused[0].asked, told.currency)
        lines.append(f"{len(refused)} points cannot be had, the first at {first}: proven.")
    knee = next((one for one in solved if one.knee), None)
    if knee is not None and knee.reached is not None:
        at = figure(asked.against, knee.reached, told.currency)
        lines.append(f"The knee is at {at} for {knee.cost_per_year:,.0f} {told.currency} a year.")
    if told.markers is None:
        lines.insert(
            0, f"Stopped: {len(told.points)} of {asked.points} points were solved, the cheap end first."
        )
    return [*lines, *(told.markers or ())]


def _level(level: Level) -> str:
    if level is Level.ITEM_BY_ITEM:
        return "Costs are those of whole items, exact."
    return (
        "Costs of points are exact for a mix of columns, in which groups of items move together; beside each "
        "stands what whole items cost that are as good."
    )


def _kept(asked: FrontierQuestion) -> str:
    if asked.against in (Against.INVENTORY, Against.CO2E) or asked.keep_promises:
        return "Every promise, capacity, budget and rule of the scenario is kept on the frontier."
    what = {Against.RESPONSE: "response times"}.get(asked.against, "fill rates and on time in full")
    return (
        f"On the frontier the scenario's promised {what} are lifted, so that the service goes where it is "
        "cheapest; all else is kept."
    )

"""One step away from the scenario, solved exactly: what it costs, how far the money goes, what binds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from servicepolicy_models.changes import Change, ChangeKind
from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_models.prices import StepName, StepPrice
from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Segment, SegmentTarget
from servicepolicy_optimizer.conflicts.ceilings import CEILINGS
from servicepolicy_optimizer.conflicts.demands import DEMAND_OF, Demand
from servicepolicy_optimizer.conflicts.words import words
from servicepolicy_optimizer.explain.changed import limit_change, money, promise_change, with_promise
from servicepolicy_optimizer.explain.limits import with_limit
from servicepolicy_optimizer.explain.reached import paths_of, planned_fill_rates, used
from servicepolicy_optimizer.explain.warm import Exact, Warm
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.master.asked import Asked
from servicepolicy_optimizer.solve import fixed_prices

GIVEN = ("one_stocking_option", "one_path")
"""That something is stocked and served is no obstacle."""

WORTH_NAMING = 1e-6
"""A shadow price below this share of the cost, over the whole right-hand side, names no obstacle."""


@dataclass(frozen=True)
class Step:
    """A step that is to be priced."""

    name: StepName
    change: Change
    scenario: Scenario
    """Changed."""
    reaches: Callable[[Exact], float]
    """What of the changed thing a solution has."""
    segment: Segment | None = None
    """Of a promise: obstacles that do not concern it are not named, but for capacities and budgets."""


POINT = 0.01
"""One point of fill rate."""
PERCENT = 0.01
"""One percent of a capacity or budget."""
NEGLIGIBLE = 1e-9
"""Figures nearer than this are the same figure."""


def promise_steps(base: Exact, segment: Segment, planned: float, hours: float) -> Iterator[Step]:
    """One point and one rung of fill rate up and down, one rung of response time up and down.

    planned, hours: what the cheapest policy has; where nothing is promised, steps begin there.
    """
    scenario, target = base.asked.scenario, base.choices.targets[segment]
    kind = ChangeKind.FILL_RATE if target.cycle_service_level is None else ChangeKind.CYCLE_SERVICE_LEVEL
    at = target.fill_rate if target.fill_rate > 0 else planned
    fills: dict[StepName, float | None] = {
        "one_point_more": round(at + POINT, 9),
        "next_rung_up": _next(scenario.promise_ladder.fill_rates, at),
        "one_point_less": round(at - POINT, 9) if target.fill_rate > 0 else None,
        "next_rung_down": _before(scenario.promise_ladder.fill_rates, at) if target.fill_rate > 0 else None,
    }
    for name, fill in fills.items():
        if fill is not None and 0.0 < fill < 1.0:
            yield _promise_step(base, name, segment, kind, fill)
    within = hours if target.response_hours is None else target.response_hours
    times: dict[StepName, float | None] = {
        "faster": _before(scenario.promise_ladder.response_hours, within),
        "slower": _next(scenario.promise_ladder.response_hours, within) if target.response_hours else None,
    }
    for name, rung in times.items():
        if rung is not None:
            yield _promise_step(base, name, segment, ChangeKind.RESPONSE, rung)


def _promise_step(base: Exact, name: StepName, segment: Segment, kind: ChangeKind, figure: float) -> Step:
    scenario, target = base.asked.scenario, base.choices.targets[segment]
    asked = target.response_hours if kind is ChangeKind.RESPONSE else _asked_fill(target)

    def reaches(found: Exact) -> float:
        if kind is ChangeKind.RESPONSE:
            return paths_of(found)[segment].promised_response_hours
        return planned_fill_rates(found)[segment]

    return Step(
        name=name,
        change=promise_change(kind, segment, asked, figure),
        scenario=with_promise(scenario, segment, kind, figure),
        reaches=reaches,
        segment=segment,
    )


def _asked_fill(target: SegmentTarget) -> float | None:
    return target.fill_rate if target.fill_rate > 0 else None


def limit_steps(base: Exact, demand: Demand, limit: float) -> Iterator[Step]:
    """A capacity or budget lifted, and one percent more and less of it."""
    scenario = base.asked.scenario
    figures: dict[StepName, float | None] = {"lifted": None}
    if limit > 0:
        figures |= {"one_percent_more": limit * (1 + PERCENT), "one_percent_less": limit * (1 - PERCENT)}
    for name, figure in figures.items():
        yield Step(
            name=name,
            change=limit_change(scenario, demand, limit, figure),
            scenario=with_limit(scenario, demand, figure),
            reaches=lambda found: used(found, demand),
        )


def _next(rungs: tuple[float, ...], figure: float) -> float | None:
    return next((rung for rung in rungs if rung > figure * (1 + NEGLIGIBLE)), None)


def _before(rungs: tuple[float, ...], figure: float) -> float | None:
    return next((rung for rung in reversed(rungs) if rung < figure * (1 - NEGLIGIBLE)), None)


def raised_to(found: Exact, floor: float | None) -> Exact:
    """The solution with a bound that holds for every mix of rungs, and not only over the columns known."""
    if floor is None:
        return found
    return replace(found, solution=replace(found.solution, bound=floor))


def priced(warm: Warm, base: Exact, step: Step, floor: float | None) -> StepPrice:
    """The step's exact solution against the scenario's own. floor: what no mix of rungs undercuts."""
    try:
        found = raised_to(warm.solved(warm.again(step.scenario), start=base.solution), floor)
    except ScenarioRejected as rejected:
        why = " ".join(finding.what for finding in rejected.findings)
        return StepPrice(
            step=step.name, change=step.change, held=Held.INFEASIBLE, cost_difference_per_year=None,
            sentence=f"{step.change.sentence}: cannot be had; {why}",
        )  # fmt: skip
    currency = step.scenario.currency
    if found.cost is None or base.cost is None:
        return StepPrice(
            step=step.name,
            change=step.change,
            held=found.solution.held,
            cost_difference_per_year=None,
            sentence=f"{step.change.sentence}: {_why_not(found, step)}.",
        )
    difference = _cleared(found.cost - base.cost, base.cost)
    low, high = _between(base, found)
    binds = _obstacles(found, step.segment)
    return StepPrice(
        step=step.name,
        change=step.change,
        held=found.solution.held,
        cost_difference_per_year=difference,
        at_least=low,
        at_most=high,
        holds_to=step.reaches(found),
        binds=binds,
        sentence=f"{step.change.sentence}: {money(difference, currency)}.",
    )


def _why_not(found: Exact, step: Step) -> str:
    if found.solution.held is not Held.INFEASIBLE:
        return "no answer within the time limit"
    fastest = None if step.segment is None else found.asked.choices.slowest_promise.get(step.segment)
    if fastest is not None:
        return f"cannot be had; no means keep less than {fastest:g} h"
    return "cannot be had; no policy keeps it together with everything else"


def _cleared(difference: float, cost: float) -> float:
    """Without what is only the solver's last digits."""
    return 0.0 if abs(difference) <= 1e-9 * abs(cost) else difference


def _between(base: Exact, found: Exact) -> tuple[float | None, float | None]:
    """The difference of the two optima lies between these."""
    before, after = base.solution, found.solution
    low = None if after.bound is None or before.objective is None else after.bound - before.objective
    high = None if before.bound is None or after.objective is None else after.objective - before.bound
    return low, high


def _obstacles(found: Exact, segment: Segment | None) -> tuple[str, ...]:
    """Promises, capacities, budgets and rules with a shadow price, the dearest first. Means held fixed."""
    scenario, choices = found.asked.scenario, found.choices
    prices = fixed_prices(build(scenario, choices), found.solution, scenario.limits)
    say = words(scenario, choices, {})
    worth: dict[Demand, float] = {}
    for (family, index), price in prices.rows.items():
        if family not in DEMAND_OF or price <= 0:
            continue
        demand_family, where_of = DEMAND_OF[family]
        demand = Demand(demand_family, where_of(index))
        if demand_family in GIVEN or not _concerns(demand, segment):
            continue
        worth[demand] = max(worth.get(demand, 0.0), price * _size(found, say.asked, demand))
    least = WORTH_NAMING * abs(found.cost or 0.0)
    ranked = sorted((demand for demand in worth if worth[demand] > least), key=lambda one: -worth[one])
    return tuple(say.thing(demand) for demand in ranked)


def _concerns(demand: Demand, segment: Segment | None) -> bool:
    if demand.family in CEILINGS or segment is None:
        return True
    return segment in {demand.where[n : n + 3] for n in range(0, len(demand.where), 3)}


def _size(found: Exact, asked: Asked, demand: Demand) -> float:
    """How far a row's right-hand side can move: the whole limit, or all the segment's pieces, or 1."""
    if demand.family in CEILINGS:
        return CEILINGS[demand.family].limit(asked, demand.where)
    if demand.family == "fill_rate_floor" and not asked.every_item:
        return asked.pieces_per_year.get((demand.where[0], demand.where[1], demand.where[2]), 1.0)
    return 1.0

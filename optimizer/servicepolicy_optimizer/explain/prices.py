"""The price of every promise, and the value of every capacity and budget: exact solutions, compared."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from servicepolicy_models.changes import Change, Level
from servicepolicy_models.errors import QuestionRejected, ScenarioRejected, error
from servicepolicy_models.prices import LimitPrice, Prices, SegmentPrice, StepPrice
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.conflicts.demands import Demand
from servicepolicy_optimizer.conflicts.words import segment_name
from servicepolicy_optimizer.explain.limits import limits_of, name_of, unit_of
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.reached import paths_of, planned_fill_rates, used
from servicepolicy_optimizer.explain.steps import Step, limit_steps, priced, promise_steps, raised_to
from servicepolicy_optimizer.explain.warm import Exact, Warm
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.fingerprint import scenario_sha256
from servicepolicy_optimizer.question import Tell
from servicepolicy_optimizer.stopwatch import Clock, Stopwatch

SAYS = {
    Level.ITEM_BY_ITEM: "Every price is the difference of two exact solutions, item by item.",
    Level.MIXED_COLUMNS: "Every price is the difference of two solutions of the master model, in which "
    "groups of items move together; it lies between the bounds told with it, whatever the mix. Whole items "
    "cost a little more on both sides.",
}

Priced = dict[Segment | Demand, list[StepPrice]]


Keep = Callable[[Prices], None]
"""Is handed the prices so far, should there be no time for all of them."""


def prices(
    scenario: Scenario,
    facts: Facts,
    clock: Clock,
    tell: Tell,
    only: Sequence[str] = (),
    *,
    keep: Keep | None = None,
    memory: Memory | None = None,
) -> Prices:
    """What one step up or down of every promise, capacity and budget costs a year.

    only: segments (`A/X`) and limits (`location Leeds`) to price; none: all. Raises NoPolicyToExplain for a
    scenario without a policy, QuestionRejected for names that it does not have.
    """
    watch = Stopwatch(clock, tell)
    warm = Warm(scenario, facts, watch, memory or Memory())
    base = warm.base()
    steps = _by_subject(_steps(base, _wanted(base, only)))
    different = {step.change: step for of_one in steps.values() for step in of_one}
    floor, floors = warm.learn_all(warm.asked), dict[Change, float | None]()
    for number, (change, step) in enumerate(different.items()):
        watch("columns for prices", number / len(different), change.where)
        floors[change] = _learned(warm, step)
    base = raised_to(warm.base(), floor)
    price: dict[Change, StepPrice] = {}
    found: Priced = {}
    for about, of_one in steps.items():
        for step in of_one:
            if step.change not in price:
                watch("prices", len(price) / len(different), step.change.where)
                price[step.change] = priced(warm, base, step, floors[step.change])
        found[about] = [price[step.change].model_copy(update={"step": step.name}) for step in of_one]
        if keep is not None and len(found) < len(steps):
            keep(_answer(warm, base, found, watch).model_copy(update={"complete": False}))
    return _answer(warm, base, found, watch)


def _learned(warm: Warm, step: Step) -> float | None:
    """What no mix undercuts, the columns of the step learned; None for a step that leaves no choice."""
    try:
        return warm.learn_all(warm.again(step.scenario))
    except ScenarioRejected:
        return None


def _by_subject(steps: Iterable[tuple[Segment | Demand, Step]]) -> dict[Segment | Demand, list[Step]]:
    found: dict[Segment | Demand, list[Step]] = {}
    for about, step in steps:
        found.setdefault(about, []).append(step)
    return found


def _answer(warm: Warm, base: Exact, found: Priced, watch: Stopwatch) -> Prices:
    scenario = base.asked.scenario
    return Prices(
        scenario=scenario.name,
        currency=scenario.currency,
        level=warm.level,
        cost_per_year=_known(base.cost),
        cost_at_least=base.solution.bound,
        segments=tuple(_segment_prices(base, found)),
        limits=tuple(_limit_prices(base, found)),
        sentences=(
            SAYS[warm.level],
            f"All differences are counted from {base.cost:,.0f} {scenario.currency} a year: the cheapest "
            "policy of the scenario as it is.",
        ),
        seconds=watch.stopped(),
        demand_sha256=base.asked.facts.sha256,
        scenario_sha256=scenario_sha256(scenario),
    )


def _known(cost: float | None) -> float:
    assert cost is not None
    return cost


def _wanted(base: Exact, only: Sequence[str]) -> tuple[list[Segment], list[Demand]]:
    """Segments that order something, and limits; those named, or all."""
    targets = base.choices.targets
    segments = {segment_name(s): s for s, target in targets.items() if target.pieces_per_year > 0}
    limits = {name_of(demand): demand for demand in limits_of(base.asked.scenario, base.choices)}
    unknown = [name for name in only if name not in segments and name not in limits]
    if unknown:
        known = ", ".join([*segments, *limits])
        raise QuestionRejected(
            [
                error("only", f"{name!r} is no segment that orders anything, and no capacity or budget.",
                      "question.unknown_name", f"Known are: {known}.")
                for name in unknown
            ]
        )  # fmt: skip
    if not only:
        return list(segments.values()), list(limits.values())
    return (
        [s for name, s in segments.items() if name in only],
        [demand for name, demand in limits.items() if name in only],
    )


def _steps(
    base: Exact, wanted: tuple[list[Segment], list[Demand]]
) -> Iterator[tuple[Segment | Demand, Step]]:
    segments, limits = wanted
    planned, paths = planned_fill_rates(base), paths_of(base)
    for segment in segments:
        for step in promise_steps(base, segment, planned[segment], paths[segment].promised_response_hours):
            yield segment, step
    figures = limits_of(base.asked.scenario, base.choices)
    for demand in limits:
        for step in limit_steps(base, demand, figures[demand]):
            yield demand, step


def _segment_prices(base: Exact, found: Priced) -> Iterator[SegmentPrice]:
    planned, paths = planned_fill_rates(base), paths_of(base)
    for segment, target in base.choices.targets.items():
        if segment in found:
            yield SegmentPrice(
                customer_class=segment[0],
                item_class=segment[1],
                region=segment[2],
                target_fill_rate=target.fill_rate,
                planned_fill_rate=planned[segment],
                target_response_hours=target.response_hours,
                promised_response_hours=paths[segment].promised_response_hours,
                steps=tuple(found[segment]),
            )


def _limit_prices(base: Exact, found: Priced) -> Iterator[LimitPrice]:
    scenario = base.asked.scenario
    for demand, limit in limits_of(scenario, base.choices).items():
        if demand not in found:
            continue
        by_name = {price.step: price for price in found[demand]}
        lifted, more = by_name["lifted"], by_name.get("one_percent_more")
        worth = None
        if lifted.cost_difference_per_year == 0:
            worth = 0.0
        elif more is not None and more.cost_difference_per_year is not None and more.change.after is not None:
            worth = -more.cost_difference_per_year / (more.change.after - limit)
        yield LimitPrice(
            where=name_of(demand),
            unit=unit_of(scenario, demand),
            limit=limit,
            used=used(base, demand),
            value_of_one_unit=worth,
            enough=lifted.holds_to,
            steps=tuple(found[demand]),
        )

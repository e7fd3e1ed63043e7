"""The policies that every answer is compared with, as scenarios of their own: solved and audited like the
answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from servicepolicy_models.rules import Budgets, Choice, PolicyRules
from servicepolicy_models.scenario import CurrentPromise, Scenario
from servicepolicy_models.targets import Target
from servicepolicy_optimizer.choices import Segment, SegmentTarget
from servicepolicy_optimizer.wildcards import ANY, Addressbook

BaselineName = Literal["current_policy", "one_size_strictest", "one_size_average", "unconstrained"]


PROMISED = ("fill_rate", "response_hours")
SERVED = ("channel", "process", "mode", "frequency")
STOCKED = ("supply", "deployment", "stock_policy")
SAID = PROMISED + SERVED + STOCKED
"""What a current policy may say of a segment."""


@dataclass(frozen=True)
class BaselineScenario:
    """A question whose answer is a baseline."""

    name: BaselineName
    sentence: str
    scenario: Scenario


def baseline_scenarios(
    scenario: Scenario, targets: Mapping[Segment, SegmentTarget]
) -> Iterator[BaselineScenario]:
    """Current policy (if given), one size for all at the strictest and at the average target, and no
    constraint.

    Capacities, budgets and rules are lifted while a baseline is found, and judged afterwards: what it
    breaks is said.
    targets: of the scenario, resolved.
    """
    free = without_limits(scenario)
    if scenario.current_policy:
        yield BaselineScenario(
            "current_policy",
            "The promises and means in force today, with the least stock that keeps them.",
            free.model_copy(update=_in_force(scenario.current_policy, targets)),
        )
    asked = _by_region(targets)
    if any(
        one.fill_rate > 0 or one.response_hours is not None
        for group in asked.values()
        for one in group.values()
    ):
        strictest = tuple(one for region, group in asked.items() for one in _strictest(region, group))
        average = tuple(one for region, group in asked.items() for one in _average(scenario, region, group))
        everyone = "Every segment" if list(asked) == [ANY] else "Every segment of a region"
        yield BaselineScenario(
            "one_size_strictest",
            f"{everyone} gets the strictest promise of all; the means are still chosen.",
            free.model_copy(update={"targets": strictest}),
        )
        yield BaselineScenario(
            "one_size_average",
            f"{everyone} gets the average promise, by pieces; the means are still chosen.",
            free.model_copy(update={"targets": average}),
        )
    yield BaselineScenario(
        "unconstrained",
        "No promise, capacity, budget or rule: what costs least if only costs count.",
        free.model_copy(update={"targets": ()}),
    )


def without_limits(scenario: Scenario) -> Scenario:
    """The same scenario without capacities, budgets and rules."""
    return scenario.model_copy(
        update={
            "budgets": Budgets(),
            "rules": PolicyRules(),
            "channels": tuple(
                channel.model_copy(update={"labour_capacity_hours_per_year": None})
                for channel in scenario.channels
            ),
            "processes": tuple(
                process.model_copy(
                    update={
                        "capacity_lines_per_day": None,
                        "at": tuple(
                            own.model_copy(update={"capacity_lines_per_day": None}) for own in process.at
                        ),
                    }
                )
                for process in scenario.processes
            ),
            "modes": tuple(mode.model_copy(update={"capacity_kg_per_year": None}) for mode in scenario.modes),
            "locations": tuple(
                location.model_copy(update={"storage_capacity_m3": None, "capacity_lines_per_day": None})
                for location in scenario.locations
            ),
        }
    )


def _in_force(current: tuple[CurrentPromise, ...], segments: Iterable[Segment]) -> dict[str, object]:
    """Targets and fixed choices that say, segment by segment, what is done today; later entries refine
    earlier ones.
    """
    book = Addressbook(current)
    promises: list[Target] = []
    fixed: list[Choice] = []
    for customer_class, item_class, region in segments:
        said: dict[str, object] = {}
        for now in book.of(customer_class, item_class):
            if region == ANY or now.region in (ANY, region):
                said |= {name: value for name in SAID if (value := getattr(now, name)) is not None}
        address = {"customer_class": customer_class, "item_class": item_class, "region": region}
        promises.append(Target.model_validate(address | _part(said, PROMISED)))
        if _part(said, SERVED):
            fixed.append(Choice.model_validate(address | _part(said, SERVED)))
        if _part(said, STOCKED):
            fixed.append(Choice.model_validate({"item_class": item_class} | _part(said, STOCKED)))
    return {"targets": tuple(promises), "rules": PolicyRules(fixed=tuple(dict.fromkeys(fixed)))}


def _part(said: Mapping[str, object], names: tuple[str, ...]) -> dict[str, object]:
    return {name: said[name] for name in names if name in said}


Group = Mapping[Segment, SegmentTarget]
"""The segments of a region."""


def _by_region(targets: Group) -> dict[str, Group]:
    """Targets of the segments with demand, by region: one size fits all customers, not all distances."""
    groups: dict[str, dict[Segment, SegmentTarget]] = {}
    for segment, target in targets.items():
        if target.pieces_per_year > 0:
            groups.setdefault(segment[2], {})[segment] = target
    return dict(groups)


def _strictest(region: str, group: Group) -> Iterator[Target]:
    asked = group.values()
    hours = [target.response_hours for target in asked if target.response_hours is not None]
    otif = [target.otif for target in asked if target.otif is not None]
    yield Target(
        region=region,
        response_hours=min(hours, default=None),
        on_time_probability=max(target.on_time_probability for target in asked),
        otif=max(otif, default=None),
    )
    yield from _of_stock(group, lambda some: max(target.fill_rate for target in some))


def _average(scenario: Scenario, region: str, group: Group) -> Iterator[Target]:
    """By pieces; hours rounded up to the promise ladder."""
    timed = [(t.response_hours, t.pieces_per_year) for t in group.values() if t.response_hours is not None]
    hours = None
    if timed:
        mean = sum(one * weight for one, weight in timed) / sum(weight for _, weight in timed)
        rungs = scenario.promise_ladder.response_hours
        hours = next((rung for rung in rungs if rung >= mean - 1e-9), rungs[-1])
    yield Target(region=region, response_hours=hours)
    yield from _of_stock(group, _mean_by_pieces)


def _mean_by_pieces(some: Sequence[SegmentTarget]) -> float:
    pieces = sum(target.pieces_per_year for target in some)
    return sum(target.fill_rate * target.pieces_per_year for target in some) / pieces


def _of_stock(group: Group, one_of: Callable[[Sequence[SegmentTarget]], float]) -> Iterator[Target]:
    """One fill rate for all; where cycle service is promised, one level of that: the two do not compare.

    one_of: of the targets of a kind, whose `fill_rate` is the figure in the measure that is promised.
    """
    kinds: dict[str, Group] = {
        "fill_rate": {s: one for s, one in group.items() if one.cycle_service_level is None},
        "cycle_service_level": {s: one for s, one in group.items() if one.cycle_service_level is not None},
    }
    for kind, of_kind in kinds.items():
        if not of_kind:
            continue
        figure = one_of(tuple(of_kind.values()))
        addresses = of_kind if len(of_kind) < len(group) else [(ANY, ANY, next(iter(of_kind))[2])]
        for customer_class, item_class, region in addresses:
            address = {"customer_class": customer_class, "item_class": item_class, "region": region}
            yield Target.model_validate(address | {kind: figure})

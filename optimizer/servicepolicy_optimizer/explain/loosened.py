"""The scenario with everything on offer that a repair could allow: slower paths, and what rules leave out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from servicepolicy_models.rules import PolicyRules
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_models.targets import Target
from servicepolicy_optimizer.choices import Choices, ColumnSet, Segment, SegmentTarget, ServicePath
from servicepolicy_optimizer.curves.item_curves import joined
from servicepolicy_optimizer.explain.warm import Warm
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.master.keys import OptionKey, PathKey
from servicepolicy_optimizer.options import options_of
from servicepolicy_optimizer.paths import Rungs, every_path, service_paths
from servicepolicy_optimizer.question import in_promised_measure, in_silence, question
from servicepolicy_optimizer.targets import resolve_targets

Paths = Mapping[tuple[Segment, str], Sequence[ServicePath]]
"""(segment, deployment) -> paths."""


@dataclass(frozen=True)
class Loose:
    """What could be chosen if promises were slower and the fixed and forbidden choices were given up."""

    scenario: Scenario
    """As asked, without its fixed and forbidden choices; those are `breaks`."""
    choices: Choices
    """Targets as asked; paths of all speeds."""
    late: Mapping[PathKey, float]
    """Path that is promised slower than its segment's target -> its hours."""
    breaks: Mapping[PathKey | OptionKey, tuple[str, ...]]
    """Path or option -> the choices that rule it out: `fixed 0`, `forbidden 2`."""


def without_choices(scenario: Scenario) -> Scenario:
    """The scenario without fixed and forbidden choices."""
    return scenario.model_copy(
        update={"rules": scenario.rules.model_copy(update={"fixed": (), "forbidden": ()})}
    )


def loosened(scenario: Scenario, facts: Facts, warm: Warm) -> Loose:
    """Offer everything. `warm`: of the scenario without its fixed and forbidden choices."""
    free = without_choices(scenario)
    targets = resolve_targets(scenario, facts)
    paths = _paths_of_all_speeds(free, facts, targets, bool(scenario.rules.fixed or scenario.rules.forbidden))
    choices = replace(
        warm.choices_of(warm.asked), targets=in_promised_measure(targets), paths=paths, slowest_promise={}
    )
    if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
        choices = replace(choices, columns=_columns_of_all_promises(free, facts, warm, targets))
    return Loose(free, choices, dict(_late(choices)), _broken(scenario, facts, choices))


def _late(choices: Choices) -> Iterator[tuple[PathKey, float]]:
    for (segment, deployment), paths in choices.paths.items():
        hours = choices.targets[segment].response_hours
        for number, path in enumerate(paths):
            if hours is not None and path.promised_response_hours > hours * (1 + 1e-9):
                yield (*segment, deployment, number), path.promised_response_hours


def _paths_of_all_speeds(
    free: Scenario, facts: Facts, targets: Mapping[Segment, SegmentTarget], rules_out: bool
) -> Paths:
    """Every way with every promise that it could be given.

    Where choices may be given up no path is pruned: pruning could leave out what another choice forbids the
    substitute of.
    """
    anywhen = {
        s: replace(target, response_hours=None, otif=None if target.otif is None else 0.0)
        for s, target in targets.items()
    }
    every = every_path if rules_out else service_paths
    return every(free, facts, anywhen, Rungs.THAT_ARE_SURER).paths


def _columns_of_all_promises(
    free: Scenario, facts: Facts, warm: Warm, targets: Mapping[Segment, SegmentTarget]
) -> dict[tuple[str, str, str], ColumnSet]:
    """Basis `every_item`: the columns of the targets, and of the targets held down to every lower rung."""
    sets = [warm.asked.choices.columns]
    highest = max((target.fill_rate for target in targets.values()), default=0.0)
    for rung in (0.0, *(rung for rung in free.promise_ladder.fill_rates if rung < highest)):
        lower = tuple(_capped(s, target, rung) for s, target in targets.items())
        held_down = free.model_copy(update={"targets": (*free.targets, *lower)})
        sets.append(question(held_down, facts, warm.asked.known, in_silence).choices.columns)
    return {place: joined([columns[place] for columns in sets]) for place in sets[0]}


def _capped(segment: Segment, target: SegmentTarget, rung: float) -> Target:
    customer_class, item_class, region = segment
    address = {"customer_class": customer_class, "item_class": item_class, "region": region}
    if target.cycle_service_level is not None and rung > 0:
        return Target.model_validate(
            {**address, "cycle_service_level": min(target.cycle_service_level, rung)}
        )
    return Target.model_validate({**address, "fill_rate": min(target.fill_rate, rung)})


def _broken(scenario: Scenario, facts: Facts, choices: Choices) -> dict[PathKey | OptionKey, tuple[str, ...]]:
    """What each fixed or forbidden choice, alone, would leave out of what is on offer."""
    found: dict[PathKey | OptionKey, list[str]] = {}
    anywhen = {s: replace(target, response_hours=None) for s, target in choices.targets.items()}
    for field in ("fixed", "forbidden"):
        for number, choice in enumerate(getattr(scenario.rules, field)):
            only = scenario.model_copy(update={"rules": PolicyRules.model_validate({field: [choice]})})
            for key in _left_out(only, facts, choices, anywhen):
                found.setdefault(key, []).append(f"{field} {number}")
    return {key: tuple(names) for key, names in found.items()}


def _left_out(
    only: Scenario, facts: Facts, choices: Choices, targets: Mapping[Segment, SegmentTarget]
) -> Iterator[PathKey | OptionKey]:
    for item_class, options in choices.options.items():
        names = {option.name for option in options_of(only, item_class)}
        yield from ((item_class, option.name) for option in options if option.name not in names)
    allowed = every_path(only, facts, targets).paths
    for key, paths in choices.paths.items():
        names = {path.name for path in allowed.get(key, ())}
        yield from ((*key[0], key[1], n) for n, path in enumerate(paths) if path.name not in names)


def fills_possible(choices: Choices, scenario: Scenario) -> dict[Segment, float]:
    """Segment with demand -> the highest fill rate that any stocking option has a column for."""
    every_item = scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
    classes = scenario.segmentation.customers.classes
    regions = [region.name for region in scenario.segmentation.regions]
    found: dict[Segment, float] = {}
    for s, target in choices.targets.items():
        if target.pieces_per_year <= 0:
            continue
        i, r = classes.index(s[0]), range(len(regions)) if s[2] == "*" else [regions.index(s[2])]
        best = 0.0
        for option in choices.options.get(s[1], ()):
            sets = [
                choices.columns[s[1], option.name, shelf.name]
                for shelf in option.shelves
                if shelf.customer_class in (None, s[0]) and {regions[one] for one in r} & set(shelf.regions)
            ]
            if every_item:
                reached = min((float(one.fill_rate[:, i].max()) for one in sets), default=1.0)
            else:
                short = sum(float(one.pieces_short[:, i, list(r)].sum(axis=1).min()) for one in sets)
                reached = 1.0 - short / target.pieces_per_year
            best = max(best, reached)
        found[s] = best
    return found


def hours_possible(scenario: Scenario, facts: Facts, segment: Segment, rung: float) -> float:
    """The least hours that any means keep, to a hundredth of the step of the ladder up to `rung`."""
    rungs = scenario.promise_ladder.response_hours
    below = max((one for one in rungs if one < rung), default=0.0)
    fine = tuple(np.linspace(below, rung, 101)[1:].tolist())
    ladder = scenario.promise_ladder.model_copy(update={"response_hours": fine})
    target = replace(resolve_targets(scenario, facts)[segment], response_hours=None, otif=None)
    paths = every_path(scenario.model_copy(update={"promise_ladder": ladder}), facts, {segment: target}).paths
    return min(path.promised_response_hours for ways in paths.values() for path in ways)

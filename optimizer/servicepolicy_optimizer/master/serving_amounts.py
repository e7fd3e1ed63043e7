"""What serving costs, takes and gives: the service paths of all segments as sparse amounts."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices, Segment, ServicePath
from servicepolicy_optimizer.master.keys import ByPath, PathKey, ServingKey

Key = TypeVar("Key")


@dataclass(frozen=True)
class ServingAmounts:
    """Yearly amounts of every path, by what asks for them. Zeros are left out."""

    segments: tuple[Segment, ...]
    demanding: tuple[Segment, ...]
    """Segments that order pieces; the rules compare only these."""
    paths_of: Mapping[ServingKey, tuple[PathKey, ...]]
    """Segment and deployment -> paths; only deployments that an option of the item class uses."""
    cost: ByPath
    """All parts, with demand lost to slow promises."""
    logistics_cost: ByPath
    """Without lost sales."""
    co2e_kg: ByPath
    labour_hours: Mapping[str, ByPath]
    """Channel -> labour hours."""
    process_lines: Mapping[tuple[str, str], ByPath]
    """(process, location) -> lines a day."""
    location_lines: Mapping[str, ByPath]
    """Location -> lines a day of all processes."""
    weight_kg: Mapping[str, ByPath]
    """Mode -> weight."""
    promised_hours: Mapping[Segment, ByPath]
    """Segment -> response hours that each of its paths can promise."""
    on_time: ByPath
    """Probability that the promised hours are kept."""
    fill_for_otif: Mapping[Segment, ByPath]
    """Segment with an OTIF target -> fill rate that each of its paths needs: otif / on-time probability."""
    by_channel: Mapping[tuple[Segment, str], ByPath]
    """(segment with demand, channel) -> its paths, each 1."""
    needing: Mapping[tuple[Segment, str], ByPath]
    """(segment, facility with a fixed cost) -> the paths that need it open, each 1."""

    @property
    def paths(self) -> tuple[PathKey, ...]:
        """Every path of every segment."""
        return tuple(path for paths in self.paths_of.values() for path in paths)


def serving_amounts(scenario: Scenario, choices: Choices) -> ServingAmounts:
    """The paths of `choices`, laid out as the rules of the master model read them."""
    segments = tuple(choices.targets)
    demanding = tuple(s for s in segments if choices.targets[s].pieces_per_year > 0)
    paths, promised_apart = dict(_paths(choices)), choices.lost_by_promise
    of_demand = {key: path for key, path in paths.items() if choices.targets[key[:3]].pieces_per_year > 0}
    asked = {
        s: target.otif for s, target in choices.targets.items() if target.otif and target.pieces_per_year > 0
    }
    with_otif = {key: path for key, path in paths.items() if key[:3] in asked}
    return ServingAmounts(
        segments=segments,
        demanding=demanding,
        paths_of=_paths_of(choices),
        cost=_amounts(
            paths,
            lambda key, path: path.cost - path.lost_sales_cost if key[:3] in promised_apart else path.cost,
        ),
        logistics_cost=_amounts(paths, lambda key, path: path.cost - path.lost_sales_cost),
        co2e_kg=_amounts(paths, lambda key, path: path.co2e_kg),
        labour_hours=_sorted_by(paths, lambda key, path: {path.channel: path.channel_labour_hours}),
        process_lines=_sorted_by(
            paths, lambda key, path: {(path.process, at): lines for at, lines in path.lines_per_day.items()}
        ),
        location_lines=_sorted_by(paths, lambda key, path: path.lines_per_day),
        weight_kg=_sorted_by(paths, lambda key, path: {path.mode: path.weight_kg}),
        promised_hours=_sorted_by(paths, lambda key, path: {key[:3]: path.promised_response_hours}),
        on_time=_amounts(paths, lambda key, path: path.on_time_probability),
        fill_for_otif=_sorted_by(
            with_otif, lambda key, path: {key[:3]: asked[key[:3]] / path.on_time_probability}
        ),
        by_channel=_sorted_by(of_demand, lambda key, path: {(key[:3], path.channel): 1.0}),
        needing=_sorted_by(
            paths,
            lambda key, path: {(key[:3], f): 1.0 for f in path.facilities if f in choices.facility_cost},
        ),
    )


def _deployments(choices: Choices, item_class: str) -> tuple[str, ...]:
    """Deployments that some option of the item class uses."""
    return tuple(dict.fromkeys(option.deployment for option in choices.options.get(item_class, ())))


def _paths_of(choices: Choices) -> Mapping[ServingKey, tuple[PathKey, ...]]:
    return {
        (*s, d): tuple((*s, d, q) for q in range(len(choices.paths.get((s, d), ()))))
        for s in choices.targets
        for d in _deployments(choices, s[1])
    }


def _paths(choices: Choices) -> Iterator[tuple[PathKey, ServicePath]]:
    for s in choices.targets:
        for d in _deployments(choices, s[1]):
            for q, path in enumerate(choices.paths.get((s, d), ())):
                yield (*s, d, q), path


def _amounts(paths: Mapping[PathKey, ServicePath], amount: Callable[[PathKey, ServicePath], float]) -> ByPath:
    found = ((key, float(amount(key, path))) for key, path in paths.items())
    return {key: value for key, value in found if value != 0.0}


def _sorted_by(
    paths: Mapping[PathKey, ServicePath], amounts: Callable[[PathKey, ServicePath], Mapping[Key, float]]
) -> Mapping[Key, ByPath]:
    """What each path takes of several things, turned round: what of each thing the paths take."""
    by: dict[Key, dict[PathKey, float]] = defaultdict(dict)
    for key, path in paths.items():
        for what, amount in amounts(key, path).items():
            if amount != 0.0:
                by[what][key] = float(amount)
    return by

"""A scenario turned into choices, ready to be solved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices, Segment, SegmentTarget
from servicepolicy_optimizer.curves.columns import StockedShelf
from servicepolicy_optimizer.curves.first_columns import first_columns
from servicepolicy_optimizer.curves.item_curves import Curves
from servicepolicy_optimizer.curves.stockroom import ShelfKey, Stockroom, stockroom
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.options import option_facilities, stocking_options
from servicepolicy_optimizer.paths import service_paths
from servicepolicy_optimizer.paths.facilities import facility_costs
from servicepolicy_optimizer.targets import resolve_targets

Tell = Callable[[str, float, str], None]
"""Hears the stage, how much of it is done (0 to 1), and a word about it."""

KnownShelves = dict[tuple[ShelfKey, bytes], StockedShelf]
"""Shelves stocked before for the same demand and means."""


@dataclass(frozen=True)
class Question:
    """Everything that can be chosen, and the shelves behind the columns."""

    scenario: Scenario
    facts: Facts
    choices: Choices
    room: Stockroom
    curves: Curves


def question(scenario: Scenario, facts: Facts, known: KnownShelves, tell: Tell) -> Question:
    """Options, shelves, columns and paths of a scenario.

    Raises ScenarioRejected when the rules leave a segment or an item class no choice at all.
    """
    targets = in_promised_measure(resolve_targets(scenario, facts))
    options = stocking_options(scenario)
    tell("paths", 0.0, "")
    paths = service_paths(scenario, facts, targets)
    room = stockroom(scenario, facts, options, targets, known, lambda done, of: tell("stock", done / of, ""))
    tell("columns", 0.0, "")
    curves = first_columns(scenario, room)
    choices = Choices(
        targets=targets,
        options=options,
        columns=curves.columns,
        paths=paths.paths,
        option_facilities=option_facilities(options),
        facility_cost=facility_costs(scenario),
        pruned_paths=paths.pruned_paths,
        late_paths=paths.late_paths,
        slowest_promise=paths.fastest_rung,
    )
    return Question(scenario, facts, choices, room, curves)


def in_promised_measure(targets: Mapping[Segment, SegmentTarget]) -> Mapping[Segment, SegmentTarget]:
    """Where cycle service is promised, the columns of the segment are measured in cycle service: so is its target."""
    return {
        segment: target
        if target.cycle_service_level is None
        else replace(target, fill_rate=target.cycle_service_level)
        for segment, target in targets.items()
    }

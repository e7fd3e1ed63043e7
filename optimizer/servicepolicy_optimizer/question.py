"""A scenario turned into choices, ready to be solved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.baselines import without_limits
from servicepolicy_optimizer.choices import Choices, Segment, SegmentTarget, ServicePath, StockingOption
from servicepolicy_optimizer.curves.columns import StockedShelf
from servicepolicy_optimizer.curves.first_columns import Identity, first_columns
from servicepolicy_optimizer.curves.in_a_file import Space
from servicepolicy_optimizer.curves.item_curves import Curves, ShelfColumns
from servicepolicy_optimizer.curves.stockroom import ShelfKey, Stockroom, stockroom
from servicepolicy_optimizer.curves.together import Laid
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.options import option_facilities, stocking_options
from servicepolicy_optimizer.paths import PathSet, service_paths
from servicepolicy_optimizer.paths.facilities import facility_costs
from servicepolicy_optimizer.paths.ground import Terrain, terrain_of
from servicepolicy_optimizer.paths.lost_demand import cost_of_goods_per_year, lost_margin_by_rung
from servicepolicy_optimizer.recall import NOTHING_KEPT, Recall
from servicepolicy_optimizer.targets import resolve_targets

Tell = Callable[[str, float, str], None]
"""Hears the stage, how much of it is done (0 to 1), and a word about it."""


@dataclass
class Known:
    """What was computed before for the same demand and means; grows as questions are asked.

    Nothing of it depends on what was asked before: it saves time and changes no answer.
    """

    shelves: dict[tuple[ShelfKey, bytes], StockedShelf] = field(default_factory=dict)
    columns: dict[Identity, ShelfColumns] = field(default_factory=dict)
    """The columns that every shelf starts with, by the shelf and the promises made into columns."""
    recall: Recall = NOTHING_KEPT
    """Where what was computed for any question is found."""
    laid: Laid = field(default_factory=dict)
    """Shelves laid together, to be priced at once."""
    space: Space = field(default_factory=Space)
    """Where ladders lie."""
    terrain: tuple[Scenario, str, Terrain] | None = None
    """Of the ground of paths that was laid last, with the scenario without what does not change it, and the
    demand."""


@dataclass(frozen=True)
class Means:
    """What there is to choose from, before a shelf is stocked."""

    scenario: Scenario
    facts: Facts
    targets: Mapping[Segment, SegmentTarget]
    options: Mapping[str, tuple[StockingOption, ...]]
    """Item class -> its stocking options."""
    paths: PathSet


@dataclass(frozen=True)
class Question:
    """Everything that can be chosen, and the shelves behind the columns."""

    scenario: Scenario
    facts: Facts
    choices: Choices
    room: Stockroom
    curves: Curves
    known: Known
    short_price: Mapping[tuple[str, str], Mapping[Segment, float]] = field(default_factory=dict)
    """(item class, option) -> segment -> what a piece less short costs in stock alone, were the option
    chosen and nothing scarce; of questions with `promise_columns`."""

    def with_curves(self, curves: Curves) -> "Question":
        """The same question with other columns."""
        return replace(self, curves=curves, choices=replace(self.choices, columns=curves.columns))


def question(scenario: Scenario, facts: Facts, known: Known, tell: Tell) -> Question:
    """Options, shelves, columns and paths of a scenario.

    Raises ScenarioRejected when the rules leave a segment or an item class no choice at all.
    """
    return stocked(means_of(scenario, facts, tell, known), known, tell)


def means_of(scenario: Scenario, facts: Facts, tell: Tell, known: Known) -> Means:
    """Targets, options and paths of a scenario. Raises ScenarioRejected as `question` does."""
    asked = resolve_targets(scenario, facts)
    options = stocking_options(scenario)
    tell("paths", 0.0, "")
    return Means(
        scenario,
        facts,
        asked,
        options,
        service_paths(scenario, facts, asked, terrain=_terrain(scenario, facts, known)),
    )


def _terrain(scenario: Scenario, facts: Facts, known: Known) -> Terrain:
    """Laid anew where something else than promises, rules, capacities or budgets changed."""
    bare = without_limits(scenario).model_copy(update={"targets": ()})
    found = known.terrain
    if found is None or found[:2] != (bare, facts.sha256):
        found = known.terrain = (bare, facts.sha256, terrain_of(scenario, facts, known.recall))
    return found[2]


def stocked(means: Means, known: Known, tell: Tell) -> Question:
    """The question with every shelf of every option stocked, and its columns."""
    scenario, facts, options, paths = means.scenario, means.facts, means.options, means.paths
    targets = in_promised_measure(means.targets)
    room = stockroom(
        scenario,
        facts,
        options,
        targets,
        _fills_for_otif(targets, paths.paths, scenario.limits.rungs),
        known.shelves,
        lambda done, of: tell("stock", done / of, ""),
        known.recall,
        known.space,
        known.laid,
    )
    tell("columns", 0.0, "")
    curves = first_columns(scenario, room, known.columns, known.recall)
    choices = Choices(
        targets=targets,
        options=options,
        columns=curves.columns,
        paths=paths.paths,
        option_facilities=option_facilities(options, facts),
        facility_cost=facility_costs(scenario),
        pruned_paths=paths.pruned_paths,
        late_paths=paths.late_paths,
        lost_by_promise=_lost_by_promise(scenario, facts, targets),
        slowest_promise=paths.fastest_rung,
    )
    return Question(scenario, facts, choices, room, curves, known)


def asked_again(asked: Question, scenario: Scenario, tell: Tell) -> Question:
    """The same question with other promises, capacities or budgets: shelves and columns stay as they are.

    scenario: of the same demand, means and stocking options. Basis `every_item`: its columns are made of the
    promises, so they are asked for anew.
    """
    if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
        return question(scenario, asked.facts, asked.known, tell)
    targets = resolve_targets(scenario, asked.facts)
    paths = service_paths(
        scenario, asked.facts, targets, terrain=_terrain(scenario, asked.facts, asked.known)
    )
    choices = replace(
        asked.choices,
        targets=in_promised_measure(targets),
        paths=paths.paths,
        pruned_paths=paths.pruned_paths,
        late_paths=paths.late_paths,
        lost_by_promise=_lost_by_promise(scenario, asked.facts, targets),
        slowest_promise=paths.fastest_rung,
    )
    return replace(asked, scenario=scenario, choices=choices)


def in_silence(stage: str, done: float, word: str) -> None:
    """Hears nothing: for questions that do not tell their stages."""


def _lost_by_promise(
    scenario: Scenario, facts: Facts, targets: Mapping[Segment, SegmentTarget]
) -> Mapping[Segment, Mapping[float, float]]:
    """For segments with demand, where different promises are counted."""
    if scenario.rules.distinct_promises_at_most is None:
        return {}
    goods, hours = cost_of_goods_per_year(scenario, facts), scenario.promise_ladder.response_hours
    return {
        segment: dict(zip(hours, lost_margin_by_rung(scenario, facts, goods, segment).tolist(), strict=True))
        for segment, target in targets.items()
        if target.pieces_per_year > 0
    }


def _fills_for_otif(
    targets: Mapping[Segment, SegmentTarget],
    paths: Mapping[tuple[Segment, str], Sequence[ServicePath]],
    most: int,
) -> Mapping[Segment, tuple[float, ...]]:
    """Segment with an OTIF target -> fill rates above the one asked that its paths need, otif / on time,
    and below 1; of more than `most` so many at most, the highest among them.
    """
    found: dict[Segment, set[float]] = {}
    for (segment, _), offered in paths.items():
        target = targets[segment]
        if target.otif and target.pieces_per_year > 0:
            needed = {target.otif / max(path.on_time_probability, target.otif) for path in offered}
            of_stock = {fill for fill in needed if target.fill_rate < fill < 1}
            found.setdefault(segment, set()).update(of_stock)
    return {
        segment: tuple(sorted(fills, reverse=True)[:: -(-len(fills) // most) or 1])
        for segment, fills in found.items()
    }


def in_promised_measure(targets: Mapping[Segment, SegmentTarget]) -> Mapping[Segment, SegmentTarget]:
    """Where cycle service is promised, the columns of the segment are measured in cycle service: so is its
    target.
    """
    return {
        segment: target
        if target.cycle_service_level is None
        else replace(target, fill_rate=target.cycle_service_level)
        for segment, target in targets.items()
    }

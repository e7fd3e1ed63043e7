"""What stock costs, takes and gives: the columns of all stocking options as sparse amounts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import Choices, ColumnSet, Segment, Shelf, StockingOption
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.master.keys import ByColumn, ByOption, ColumnKey, OptionKey, ShelfKey


@dataclass(frozen=True)
class PlannedFill:
    """A fill rate, linear in the decisions: constant + Σ by_column · weight."""

    constant: float
    by_column: ByColumn


@dataclass(frozen=True)
class StockingAmounts:
    """Yearly amounts of every column, by what asks for them. Zeros are left out."""

    item_classes: tuple[str, ...]
    options_of: Mapping[str, tuple[OptionKey, ...]]
    """Item class -> its options."""
    options_under: Mapping[tuple[str, str], tuple[OptionKey, ...]]
    """(item class, deployment) -> the options that use the deployment."""
    columns_of: Mapping[ShelfKey, tuple[ColumnKey, ...]]
    """Shelf -> what adds up to 1 when its option is chosen."""
    columns: tuple[ColumnKey, ...]
    """Everything that is decided about shelves."""
    cost: ByColumn
    """All parts, with lost sales."""
    logistics_cost: ByColumn
    """Without lost sales."""
    stock_value: ByColumn
    co2e_kg: ByColumn
    storage_m3: Mapping[str, ByColumn]
    """Location -> average storage."""
    pieces_short: Mapping[Segment, ByColumn]
    """Segment with demand -> pieces short a year (basis `segment`)."""
    fill_of_shelf: Mapping[tuple[Segment, ShelfKey], ByColumn]
    """(segment with demand, shelf that serves it) -> fill rate of the worst item (basis `every_item`)."""
    needing: Mapping[tuple[str, str], ByOption]
    """(item class, facility with a fixed cost) -> the options that need it open, each 1."""
    fill_in: Mapping[Segment, Mapping[str, PlannedFill]]
    """Segment with demand -> region -> planned fill rate there. Basis `segment`: one entry, the segment's
    own region, all its pieces together. Basis `every_item`: an entry for each region of the segment."""

    @property
    def options(self) -> tuple[OptionKey, ...]:
        """Every option of every item class."""
        return tuple(option for options in self.options_of.values() for option in options)


def stocking_amounts(scenario: Scenario, choices: Choices) -> StockingAmounts:
    """The columns of `choices`, laid out as the rules of the master model read them."""
    shelves = {key: columns for key, columns in choices.columns.items() if _offered(choices, key)}
    of_items = scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
    demanding = tuple(s for s, target in choices.targets.items() if target.pieces_per_year > 0)
    short = {} if of_items else _pieces_short(scenario, choices, demanding)
    of_segments = {s: {s[2]: fill_of_pieces(short[s], choices.targets[s].pieces_per_year)} for s in short}
    of_regions = {
        s: {region: _fill_of_worst_item(choices, s, region, scenario) for region in regions_of(scenario, s)}
        for s in demanding
        if of_items
    }
    columns_of = {key: tuple((*key, k) for k in range(columns.size)) for key, columns in shelves.items()}
    return StockingAmounts(
        item_classes=scenario.segmentation.items.classes,
        options_of=options_of(scenario, choices),
        options_under=options_under(choices),
        columns_of=columns_of,
        columns=tuple(column for columns in columns_of.values() for column in columns),
        cost=_by_column((key, columns.cost) for key, columns in shelves.items()),
        logistics_cost=_by_column(
            (key, columns.cost - columns.lost_sales_cost) for key, columns in shelves.items()
        ),
        stock_value=_by_column((key, columns.stock_value) for key, columns in shelves.items()),
        co2e_kg=_by_column((key, columns.co2e_kg) for key, columns in shelves.items()),
        storage_m3=_storage(choices),
        pieces_short=short,
        fill_of_shelf=_fill_of_shelves(scenario, choices, demanding) if of_items else {},
        needing=options_needing(choices),
        fill_in=of_segments | of_regions,
    )


def regions_of(scenario: Scenario, segment: Segment) -> tuple[str, ...]:
    """The regions of a segment: its own, or all when it is promised the same everywhere (`*`)."""
    every = tuple(region.name for region in scenario.segmentation.regions)
    return every if segment[2] == "*" else (segment[2],)


def _pieces_short(
    scenario: Scenario, choices: Choices, segments: Iterable[Segment]
) -> Mapping[Segment, ByColumn]:
    """Segment -> column -> pieces short a year of its customers in its regions, over all shelves."""
    short: dict[Segment, dict[ColumnKey, float]] = {s: {} for s in segments}
    for item_class in choices.options:
        for option, shelf, columns in _shelves(choices, item_class):
            if not columns.size:
                continue
            for s, pieces in _of_served(scenario, short.keys(), item_class, shelf, columns):
                short[s].update(_by_column([((item_class, option.name, shelf.name), pieces)]))
    return short


def _of_served(
    scenario: Scenario, segments: Collection[Segment], item_class: str, shelf: Shelf, columns: ColumnSet
) -> Iterator[tuple[Segment, Floats]]:
    """The segments that a shelf serves, each with (K,) the pieces that it is short of."""
    every_region = [region.name for region in scenario.segmentation.regions]
    everywhere = range(len(every_region))
    for i, customer_class in enumerate(scenario.segmentation.customers.classes):
        if shelf.customer_class in (None, customer_class):
            for region in (*shelf.regions, "*"):
                if (s := (customer_class, item_class, region)) in segments:
                    r = everywhere if region == "*" else [every_region.index(region)]
                    yield s, columns.pieces_short[:, i, r].sum(axis=1)


def _offered(choices: Choices, key: ShelfKey) -> bool:
    return any(option.name == key[1] for option in choices.options.get(key[0], ()))


def _shelves(choices: Choices, item_class: str) -> Iterator[tuple[StockingOption, Shelf, ColumnSet]]:
    """Every shelf of every option of the item class, with its columns."""
    for option in choices.options.get(item_class, ()):
        for shelf in option.shelves:
            yield option, shelf, choices.columns[item_class, option.name, shelf.name]


def _by_column(amounts: Iterable[tuple[ShelfKey, Floats]]) -> ByColumn:
    found: dict[ColumnKey, float] = {}
    for key, array in amounts:
        some = np.flatnonzero(array)
        found.update(zip([(*key, k) for k in some.tolist()], array[some].tolist(), strict=True))
    return found


def options_of(scenario: Scenario, choices: Choices) -> Mapping[str, tuple[OptionKey, ...]]:
    """Item class -> its options."""
    return {
        item_class: tuple((item_class, option.name) for option in choices.options.get(item_class, ()))
        for item_class in scenario.segmentation.items.classes
    }


def options_under(choices: Choices) -> Mapping[tuple[str, str], tuple[OptionKey, ...]]:
    """(item class, deployment) -> the options that use the deployment."""
    under: dict[tuple[str, str], list[OptionKey]] = defaultdict(list)
    for item_class, options in choices.options.items():
        for option in options:
            under[item_class, option.deployment].append((item_class, option.name))
    return {key: tuple(options) for key, options in under.items()}


def options_needing(choices: Choices) -> Mapping[tuple[str, str], ByOption]:
    """(item class, facility with a fixed cost) -> the options that need it open, each 1."""
    needing: dict[tuple[str, str], dict[OptionKey, float]] = defaultdict(dict)
    for item_class, options in choices.options.items():
        for option in options:
            for facility in choices.option_facilities.get((item_class, option.name), ()):
                if facility in choices.facility_cost:
                    needing[item_class, facility][item_class, option.name] = 1.0
    return needing


def _storage(choices: Choices) -> Mapping[str, ByColumn]:
    at: dict[str, dict[ColumnKey, float]] = defaultdict(dict)
    for item_class in choices.options:
        for option, shelf, columns in _shelves(choices, item_class):
            at[shelf.location].update(
                _by_column([((item_class, option.name, shelf.name), columns.storage_m3)])
            )
    return at


def _serves(shelf: Shelf, customer_class: str, region: str) -> bool:
    return shelf.customer_class in (None, customer_class) and region in shelf.regions


def fill_of_pieces(short: ByColumn, pieces_per_year: float) -> PlannedFill:
    """Planned fill rate of a segment, basis `segment`: 1 − Σ short · weight / pieces."""
    return PlannedFill(1.0, {column: -pieces / pieces_per_year for column, pieces in short.items()})


def _fill_of_worst_item(choices: Choices, segment: Segment, region: str, scenario: Scenario) -> PlannedFill:
    """Σ fill · weight over the one shelf of the chosen option that serves the class in the region."""
    customer_class, item_class, _ = segment
    i = scenario.segmentation.customers.classes.index(customer_class)
    serving = (
        ((item_class, option.name, shelf.name), columns.fill_rate[:, i])
        for option, shelf, columns in _shelves(choices, item_class)
        if _serves(shelf, customer_class, region)
    )
    return PlannedFill(0.0, _by_column(serving))


def _fill_of_shelves(
    scenario: Scenario, choices: Choices, segments: Iterable[Segment]
) -> Mapping[tuple[Segment, ShelfKey], ByColumn]:
    classes = scenario.segmentation.customers.classes
    fill: dict[tuple[Segment, ShelfKey], ByColumn] = {}
    for segment in segments:
        regions = regions_of(scenario, segment)
        for option, shelf, columns in _shelves(choices, segment[1]):
            if any(_serves(shelf, segment[0], region) for region in regions):
                key = (segment[1], option.name, shelf.name)
                fill[segment, key] = _by_column([(key, columns.fill_rate[:, classes.index(segment[0])])])
    return fill

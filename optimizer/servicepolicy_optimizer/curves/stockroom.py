"""All shelves of a scenario with their ladders. Shelves that several options share are computed once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial

import numpy as np

from servicepolicy_models.means import Location, StockPolicy, SupplyOption
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import Segment, SegmentTarget, Shelf, StockingOption
from servicepolicy_optimizer.curves.columns import StockedShelf, stocked_shelf
from servicepolicy_optimizer.curves.envelope_in_lots import with_steps
from servicepolicy_optimizer.curves.guarantee import least_reorder_points, promise_vectors
from servicepolicy_optimizer.curves.in_a_file import DOUBLE_BYTES, Space, in_a_file
from servicepolicy_optimizer.curves.ladder import Ladder, highest_reorder_points, ladder, pooled_ladder
from servicepolicy_optimizer.curves.ladder_in_lots import (
    Room,
    doubles_of,
    doubles_of_many,
    ladder_in_lots,
)
from servicepolicy_optimizer.curves.ladder_of_many import (
    is_of_many,
    ladder_of_many,
    lots_of_many,
    type_of_levels,
)
from servicepolicy_optimizer.curves.ladder_room import ShelfSize, require_room
from servicepolicy_optimizer.curves.lots import are_many
from servicepolicy_optimizer.curves.promise_measure import service_measure
from servicepolicy_optimizer.curves.recalled_ladder import recalled_ladder
from servicepolicy_optimizer.curves.shelf_items import ShelfItems, shelf_items
from servicepolicy_optimizer.curves.shelf_orders import ShelfOrders, ordered_rows, shelf_orders
from servicepolicy_optimizer.curves.stock import Stock, StockKnown, StockWhenAsked
from servicepolicy_optimizer.curves.together import Laid, Together
from servicepolicy_optimizer.facts import Facts, Floats, Ints
from servicepolicy_optimizer.recall import NOTHING_KEPT, Part, Recall

ShelfKey = tuple[str, str, str, str | None, tuple[str, ...], bool]
"""Item class, supply, location, customer class, regions, rationed: what tells two shelves apart."""

Place = tuple[str, str, str]
"""(item class, option name, shelf name): a shelf as the master model names it."""


@dataclass(frozen=True)
class Stockroom:
    """Every place of every option with its stocked shelf, and the promises asked of it."""

    shelves: Mapping[Place, StockedShelf]
    options: Mapping[Place, StockingOption]
    keys: Mapping[Place, ShelfKey]
    promises: Mapping[Place, Floats] = field(default_factory=dict)
    """Place -> (I,) least service asked of the shelf; for the basis `every_item`."""
    vectors: Mapping[Place, Floats] = field(default_factory=dict)
    """Place -> (K, I) promises worth a column each; for the basis `every_item`."""
    demand_sha256: str = ""
    """Of the facts of which the shelves were made."""
    laid: Laid = field(default_factory=dict)
    """Shelves that were laid together for other questions."""

    @cached_property
    def together(self) -> Together:
        """The shelves, ready to be priced together."""
        return Together(self.shelves, self.laid)

    def location(self, place: Place) -> str:
        """Where the shelf stands."""
        return self.keys[place][2]


def stockroom(
    scenario: Scenario,
    facts: Facts,
    options: Mapping[str, tuple[StockingOption, ...]],
    targets: Mapping[Segment, SegmentTarget],
    fills_for_otif: Mapping[Segment, tuple[float, ...]],
    made: dict[tuple[ShelfKey, bytes], StockedShelf],
    tell: Callable[[int, int], None] = lambda done, of: None,
    recall: Recall = NOTHING_KEPT,
    space: Space | None = None,
    laid: Laid | None = None,
) -> Stockroom:
    """Stock every shelf of every option; `tell` hears how many of how many are done.

    fills_for_otif: segment -> fill rates that its paths need for on time in full, as far as they are asked.
    made: shelves stocked before for the same demand and means; new ones are added to it. recall: where
    ladders are found that were computed for any question. space: where ladders lie; those of a question with
    very many items do not fit into memory. laid: shelves laid together before, see `Together`.
    """
    space = Space() if space is None else space
    places = {
        (item_class, option.name, shelf.name): (option, shelf)
        for item_class, offered in options.items()
        for option in offered
        for shelf in option.shelves
    }
    keys = {place: _key(option, shelf) for place, (option, shelf) in places.items()}
    promises = {
        place: _least_promises(scenario, targets, option, shelf) for place, (option, shelf) in places.items()
    }
    vectors = {
        place: _vectors(scenario, fills_for_otif, promises[place], option, shelf)
        for place, (option, shelf) in places.items()
        if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
    }
    known_as = {
        place: (keys[place], _told_apart_by(scenario, place[0], vectors.get(place))) for place in places
    }
    missing = {known_as[place]: place for place in places if known_as[place] not in made}
    require_room([_size(scenario, facts, *places[one], vectors.get(one)) for one in missing.values()], space)

    @cache
    def orders_on(item_class: str, shelf: Shelf) -> ShelfOrders:
        return shelf_orders(scenario, facts, item_class, shelf)

    @cache
    def items_on(item_class: str, supply: str, shelf: Shelf) -> ShelfItems:
        # A rationed shelf and a pooled one have the same.
        orders, at = orders_on(item_class, shelf), location_named(scenario, shelf.location)
        if space.is_full:
            orders_on.cache_clear()
        return space.shared(shelf_items(scenario, orders, supply_of(scenario, supply), at, recall))

    for done, (key, place) in enumerate(missing.items()):
        option, shelf = places[place]
        items = items_on(option.item_class, option.supply, shelf)
        made[key] = _stock(scenario, items, option, shelf.location, vectors.get(place), (recall, space))
        if space.is_full:
            items.describe.let_go()
        tell(done + 1, len(missing))
    return Stockroom(
        {place: made[key] for place, key in known_as.items()},
        {place: option for place, (option, _) in places.items()},
        keys,
        promises,
        vectors,
        facts.sha256,
        {} if laid is None else laid,
    )


def _size(
    scenario: Scenario, facts: Facts, option: StockingOption, shelf: Shelf, vectors: Floats | None
) -> ShelfSize:
    rows, _ = ordered_rows(facts, option.item_class, shelf)
    rationed = option.stock_policy is StockPolicy.RATIONED
    rungs = scenario.limits.rungs if vectors is None or rationed else len(vectors)
    name = option.item_class, option.name
    return ShelfSize(
        name, rows.size, doubles_of_many(rows.size, len(facts.customer_classes), rungs, rationed)
    )


def _told_apart_by(scenario: Scenario, item_class: str, vectors: Floats | None) -> bytes:
    """Shelves of the basis `every_item` are made for the promises asked, and for the measure that they are
    in: 0.9 of the cycles is another promise than 0.9 of the pieces. Others serve any promise.
    """
    if vectors is None:
        return b""
    return promised_cycle_service(scenario, item_class).tobytes() + vectors.tobytes()


def _vectors(
    scenario: Scenario,
    fills_for_otif: Mapping[Segment, tuple[float, ...]],
    least: Floats,
    option: StockingOption,
    shelf: Shelf,
) -> Floats:
    """(K, I) the targets, raised to rungs of the promise ladder, and to what on time in full needs."""
    needed = {
        fill
        for (customer_class, of_items, region), fills in fills_for_otif.items()
        if of_items == option.item_class
        and shelf.customer_class in (None, customer_class)
        and (region == "*" or region in shelf.regions)
        for fill in fills
    }
    rungs = sorted({*scenario.promise_ladder.fill_rates, *needed})
    return promise_vectors(least, rungs, own_raises=option.stock_policy is StockPolicy.RATIONED)


def supply_of(scenario: Scenario, name: str) -> SupplyOption:
    """The supply option of that name."""
    return next(supply for supply in scenario.supply if supply.name == name)


def location_named(scenario: Scenario, name: str) -> Location:
    """The location of that name."""
    return next(location for location in scenario.locations if location.name == name)


def promised_cycle_service(scenario: Scenario, item_class: str) -> np.ndarray:
    """(I,) True for the customer classes whose last word on this item class is a cycle service level."""
    kinds = {}
    for target in scenario.targets:
        if target.item_class not in ("*", item_class):
            continue
        for customer_class in scenario.segmentation.customers.classes:
            if target.customer_class in ("*", customer_class):
                if target.cycle_service_level is not None:
                    kinds[customer_class] = True
                elif target.fill_rate is not None:
                    kinds[customer_class] = False
    return np.array([kinds.get(name, False) for name in scenario.segmentation.customers.classes])


def _key(option: StockingOption, shelf: Shelf) -> ShelfKey:
    rationed = option.stock_policy is StockPolicy.RATIONED
    return (option.item_class, option.supply, shelf.location, shelf.customer_class, shelf.regions, rationed)


def _stock(
    scenario: Scenario,
    items: ShelfItems,
    option: StockingOption,
    location: str,
    vectors: Floats | None,
    kept: tuple[Recall, Space],
) -> StockedShelf:
    cycle = promised_cycle_service(scenario, option.item_class)
    stock = _stock_of(scenario, items, option.stock_policy, vectors, cycle, kept)
    return stocked_shelf(scenario, location_named(scenario, location), items, stock)


def _stock_of(
    scenario: Scenario,
    items: ShelfItems,
    policy: StockPolicy,
    vectors: Floats | None,
    cycle_service: np.ndarray,
    kept: tuple[Recall, Space],
) -> Stock:
    """The ladder of a shelf, recalled; where it does not fit into memory it is made lot by lot, for it would
    not fit among what is recalled either, and of very many items when it is asked for.
    """
    rungs, rationed = scenario.limits.rungs, policy is StockPolicy.RATIONED
    recall, space = kept

    many = vectors is None and not rationed and is_of_many(items)

    def make(some: ShelfItems) -> Ladder:
        if vectors is None or rationed:
            return ladder(some, policy, rungs)
        points = least_reorder_points(some, vectors, cycle_service, highest_reorder_points(some.demand))
        return pooled_ladder(some, points)

    def with_its_steps(made: Ladder) -> Ladder:
        # Columns by price are looked up on them.
        return made if vectors is not None else with_steps(made, are_many(items.rows.size))

    def of_lot(lot: Ints) -> Ladder:
        return with_its_steps(ladder_of_many(items, rungs, lot) if many else make(items.of(lot)))

    def of_many(room: Room) -> Ladder:
        return ladder_in_lots(items, of_lot, lots_of_many(items), room, type_of_levels(items))

    def served(made: Ladder) -> StockKnown:
        return StockKnown(made, service_measure(items, made, cycle_service))

    doubles = doubles_of(items, rungs if vectors is None or rationed else len(vectors), rationed)
    if items.rows.size and not space.holds(doubles):
        on_disk = partial(in_a_file, folder=space.folder)
        if many and not cycle_service.any():
            return StockWhenAsked(lambda room: served(of_many(room)), on_disk, doubles * DOUBLE_BYTES)
        lots = lots_of_many(items) if many else items.demand.parts()
        return served(ladder_in_lots(items, of_lot, lots, on_disk, type_of_levels(items) if many else float))
    if vectors is not None and not rationed:
        asked: tuple[Part, ...] = ("promised", vectors, cycle_service, items.pieces)
    else:
        # Classes share a rationed shelf by their pieces; every other one serves whoever comes.
        asked = ("rationed", rungs, items.pieces) if rationed else ("pooled", rungs)

    def in_memory() -> Ladder:
        return of_many(np.empty) if many else with_its_steps(make(items))

    return served(recalled_ladder(recall, items, asked, in_memory))


def _least_promises(
    scenario: Scenario, targets: Mapping[Segment, SegmentTarget], option: StockingOption, shelf: Shelf
) -> Floats:
    """(I,) the strictest stock promise of each customer class in the shelf's regions."""
    least = np.zeros(len(scenario.segmentation.customers.classes))
    for i, customer_class in enumerate(scenario.segmentation.customers.classes):
        if shelf.customer_class not in (None, customer_class):
            continue
        asked = [
            target.fill_rate
            for (of_class, of_items, region), target in targets.items()
            if (of_class, of_items) == (customer_class, option.item_class)
            and (region == "*" or region in shelf.regions)
        ]
        least[i] = max(asked, default=0.0)
    return least

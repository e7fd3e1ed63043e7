"""What stock costs and gives in the floor: not by column, but by what no choice of rungs can undercut."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices, Segment
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.master.keys import ByColumn, ColumnKey, ShelfKey
from servicepolicy_optimizer.master.stocking_amounts import (
    StockingAmounts,
    fill_of_pieces,
    options_needing,
    options_of,
    options_under,
    regions_of,
)

CHOSEN, LOGISTICS, LOST_SALES, STOCK_VALUE, STORAGE = "chosen", "logistics", "lost_sales", "stock_value", "m3"
PARTS = (LOGISTICS, LOST_SALES, STOCK_VALUE, STORAGE)
"""Of a shelf in the floor: its cost without and of lost sales, and what it takes up."""


@dataclass(frozen=True)
class Cut:
    """Prices, and the least that a shelf can come to at these prices, whatever rung each of its items has."""

    piece_short: Floats
    """(I, R) currency per piece short."""
    least: float
    """Currency a year: min over all rungs of (1 + money) · logistics cost + lost sales + Σ price · amount."""
    money: float = 0.0
    stock_value: float = 0.0
    storage_m3: float = 0.0


@dataclass(frozen=True)
class FloorShelf:
    """What is known of a shelf without choosing any rung."""

    location: str
    pieces: Floats
    """(I, R) pieces a year that it serves: it cannot be more short."""
    co2e_kg: float
    """Inbound, whatever the rungs."""
    cuts: tuple[Cut, ...]


def short_key(shelf: ShelfKey, customer_class: str, region: str) -> ColumnKey:
    """The key of the pieces that a shelf is short of for a customer class in a region."""
    return (*shelf, f"short|{customer_class}|{region}")


def short_keys(scenario: Scenario, key: ShelfKey, shelf: FloorShelf) -> Iterator[tuple[int, int, ColumnKey]]:
    """(number of the customer class, number of the region, key) where the shelf serves any pieces."""
    for i, customer_class in enumerate(scenario.segmentation.customers.classes):
        for r, region in enumerate(scenario.segmentation.regions):
            if shelf.pieces[i, r] > 0:
                yield i, r, short_key(key, customer_class, region.name)


def floor_amounts(
    scenario: Scenario, choices: Choices, shelves: Mapping[ShelfKey, FloorShelf]
) -> StockingAmounts:
    """Amounts as the rules of the master model read them. Basis `segment`."""
    logistics: dict[ColumnKey, float] = {(*key, LOGISTICS): 1.0 for key in shelves}
    lost: dict[ColumnKey, float] = {(*key, LOST_SALES): 1.0 for key in shelves}
    short = {
        key: [short for _, _, short in short_keys(scenario, key, shelf)] for key, shelf in shelves.items()
    }
    parts = [(*key, part) for key in shelves for part in PARTS]
    chosen = {key: ((*key, CHOSEN),) for key in shelves}
    pieces_short = _pieces_short(scenario, choices, shelves)
    return StockingAmounts(
        item_classes=scenario.segmentation.items.classes,
        options_of=options_of(scenario, choices),
        options_under=options_under(choices),
        columns_of=chosen,
        columns=(
            *(key for (key,) in chosen.values()),
            *parts,
            *(key for keys in short.values() for key in keys),
        ),
        cost=logistics | lost,
        logistics_cost=logistics,
        stock_value={(*key, STOCK_VALUE): 1.0 for key in shelves},
        co2e_kg={(*key, CHOSEN): shelf.co2e_kg for key, shelf in shelves.items() if shelf.co2e_kg},
        storage_m3=_storage(shelves),
        pieces_short=pieces_short,
        fill_of_shelf={},
        needing=options_needing(choices),
        fill_in={s: {s[2]: fill_of_pieces(pieces_short[s], _pieces(choices, s))} for s in pieces_short},
    )


def _pieces(choices: Choices, segment: Segment) -> float:
    return choices.targets[segment].pieces_per_year


def _pieces_short(
    scenario: Scenario, choices: Choices, shelves: Mapping[ShelfKey, FloorShelf]
) -> Mapping[Segment, ByColumn]:
    regions = [region.name for region in scenario.segmentation.regions]
    customers = scenario.segmentation.customers.classes
    return {
        s: {
            short: 1.0
            for key, shelf in shelves.items()
            if key[0] == s[1]
            for i, r, short in short_keys(scenario, key, shelf)
            if customers[i] == s[0] and regions[r] in regions_of(scenario, s)
        }
        for s in choices.targets
        if _pieces(choices, s) > 0
    }


def _storage(shelves: Mapping[ShelfKey, FloorShelf]) -> Mapping[str, ByColumn]:
    at: dict[str, dict[ColumnKey, float]] = defaultdict(dict)
    for key, shelf in shelves.items():
        at[shelf.location][*key, STORAGE] = 1.0
    return at

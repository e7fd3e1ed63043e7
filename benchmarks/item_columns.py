"""Columns of one stocking option: every item at its best for forty prices, against the bare closed form."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.closed_forms import every_rung, in_closed_form, known_of, whole_pieces
from benchmarks.race import Race
from servicepolicy_api.examples import example
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Shelf
from servicepolicy_optimizer.curves.columns import (
    StockedShelf,
    StockPrices,
    best_rungs_at,
    columns_of,
    stocked_shelf,
)
from servicepolicy_optimizer.curves.ladder_in_lots import ladder_in_lots
from servicepolicy_optimizer.curves.ladder_of_many import ladder_of_many, lots_of_many
from servicepolicy_optimizer.curves.promise_measure import service_measure
from servicepolicy_optimizer.curves.shelf_items import ShelfItems, shelf_items
from servicepolicy_optimizer.curves.shelf_orders import shelf_orders
from servicepolicy_optimizer.curves.stock import StockKnown
from servicepolicy_optimizer.facts import Facts, Floats
from servicepolicy_optimizer.profile import inline_facts

ITEMS, PRICES = 20_000, 40


@dataclass(frozen=True)
class Material:
    """One item class on one shelf, and its stocked shelf for those who do not make it themselves."""

    scenario: Scenario
    items: ShelfItems
    stocked: StockedShelf
    prices: Floats
    """(K,) currency per piece short."""


def prepare(folder: Path) -> Material:
    """The means of the scenario `spare-parts` with many items of one class, on one shared shelf."""
    scenario, items = shelf_of(ITEMS)
    return Material(scenario, items, _stocked(scenario, items), np.geomspace(0.05, 500.0, PRICES))


def shelf_of(count: int) -> tuple[Scenario, ShelfItems]:
    """So many items of one class on one shared shelf."""
    scenario = read_scenario(example("spare-parts"))
    shelf = Shelf(scenario.locations[0].name, None, tuple(one.name for one in scenario.segmentation.regions))
    item_class = scenario.segmentation.items.classes[0]
    orders = shelf_orders(scenario, _facts(scenario, count), item_class, shelf)
    return scenario, shelf_items(scenario, orders, scenario.supply[0], scenario.locations[0])


def _facts(scenario: Scenario, count: int) -> Facts:
    """Demand of many items from a seed: from one piece a month to fifty a day, lumpy and smooth."""
    rng = np.random.default_rng(7)
    rate = np.exp(rng.uniform(np.log(0.03), np.log(50.0), count))
    cost = np.exp(rng.normal(2.5, 1.0, count))
    size = 1.0 + rng.exponential(2.0, count)
    document = scenario.model_dump(mode="json")
    document["demand"] = {
        "kind": "inline",
        "items": [
            {
                "item": f"item {n}",
                "item_class": scenario.segmentation.items.classes[0],
                "unit_cost": float(cost[n]),
                "demand": [
                    {
                        "customer_class": name,
                        "region": scenario.segmentation.regions[0].name,
                        "pieces_per_day": float(rate[n]) / 3,
                        "lines_per_day": float(rate[n] / size[n]) / 3,
                        "order_size_second_moment_pieces2": float(2.0 * size[n] ** 2),
                    }
                    for name in scenario.segmentation.customers.classes
                ],
            }
            for n in range(count)
        ],
    }
    return inline_facts(read_scenario(document))


def _stocked(scenario: Scenario, items: ShelfItems) -> StockedShelf:
    make = partial(ladder_of_many, items, scenario.limits.rungs)
    rungs = ladder_in_lots(items, make, lots_of_many(items), np.empty)
    service = service_measure(items, rungs, np.zeros(len(scenario.segmentation.customers.classes), bool))
    return stocked_shelf(scenario, scenario.locations[0], items, StockKnown(rungs, service))


def ladder_only(material: Material) -> object:
    """What every reorder point of every item's ladder gives, whatever the price: once an option."""
    return _stocked(material.scenario, material.items)


def columns_only(material: Material) -> object:
    """Every item at its best rung for every price, added up: one column a price."""
    shelf = replace(material.stocked)
    _, classes, regions = shelf.items.pieces.shape
    prices = [StockPrices(np.full((classes, regions), price)) for price in material.prices]
    chosen = best_rungs_at(shelf, prices)
    return columns_of(shelf, chosen, np.repeat(material.prices[:, None], classes, axis=1))


def bare(material: Material) -> object:
    """(r, Q) with normal demand in closed form: tail probability, quantile, loss, sums; no whole pieces."""
    return in_closed_form(known_of(material.scenario, material.items), material.prices)


def whole(material: Material) -> object:
    """The closed form with whole pieces and the figures of a policy."""
    return whole_pieces(known_of(material.scenario, material.items), material.prices)


def special_functions(material: Material) -> object:
    """Every rung of every item by its own law."""
    return every_rung(material.items, known_of(material.scenario, material.items), material.prices)


def amount(material: Material) -> tuple[float, str]:
    """Items times prices."""
    return float(material.items.rows.size * material.prices.size), "item-prices"


RACE = Race(
    name="Columns of one stocking option, 20,000 items x 40 prices",
    about="One shared shelf, one thread. The ladder holds 40 whole reorder points an item, with gamma, "
    "Poisson or negative binomial demand and undershoot; it is computed once an option, whatever the prices. "
    "The bare closed form knows the normal law only, no whole pieces and no undershoot; the next one has "
    "both, and the fill rate and stock that ours has, of the normal law.",
    goal="ladder and columns together in at most 1.5 x the bare array arithmetic",
    prepare=prepare,
    contestants={
        "bare closed form": bare,
        "closed form, whole pieces, fill rate and stock": whole,
        "every rung by special functions": special_functions,
        "columns from a ready ladder": columns_only,
        "the ladder itself": ladder_only,
    },
    against="bare closed form",
    rounds=5,
    work=amount,
    clock=process_time,
)

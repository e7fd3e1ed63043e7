"""All items x all stocking options x all prices on both processors, against the bare closed form."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.item_columns import in_closed_form
from benchmarks.race import Race
from servicepolicy_api.examples import example
from servicepolicy_models.means import Location, StockPolicy, SupplyOption
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Shelf
from servicepolicy_optimizer.curves.columns import StockedShelf, lots_of, stocked_shelf
from servicepolicy_optimizer.curves.in_lots import columns_in_lots
from servicepolicy_optimizer.curves.ladder import ladder
from servicepolicy_optimizer.curves.promise_measure import service_measure
from servicepolicy_optimizer.curves.shelf_items import ShelfItems, shelf_items
from servicepolicy_optimizer.facts import Facts, Floats, ItemFacts
from servicepolicy_optimizer.inventory.side_by_side import side_by_side
from servicepolicy_optimizer.profile import inline_facts

PRICES = np.geomspace(0.05, 500.0, 40)
LEAD_TIMES_DAYS = (30.0, 21.0, 14.0, 10.0, 7.0, 5.0, 4.0, 3.0, 2.0)
"""One a stocking option."""


@dataclass(frozen=True)
class Material:
    """Demand of all items, and the stocking options."""

    scenario: Scenario
    facts: Facts
    options: tuple[SupplyOption, ...]


def prepare(items: int, folder: Path) -> Material:
    """The means of the scenario `spare-parts`, nine lead times, and many items of its first class."""
    scenario = read_scenario(example("spare-parts"))
    facts = inline_facts(scenario)
    options = tuple(
        scenario.supply[0].model_copy(
            update={"name": f"in {days:g} days", "lead_time_mean_days": days, "lead_time_sd_days": days / 5}
        )
        for days in LEAD_TIMES_DAYS
    )
    return Material(scenario, replace(facts, items=_demand(items, len(facts.customer_classes))), options)


def _demand(items: int, classes: int) -> ItemFacts:
    """From one piece a month to fifty a day, lumpy and smooth, from a seed; every class orders a share."""
    rng = np.random.default_rng(7)
    rate = np.exp(rng.uniform(np.log(0.03), np.log(50.0), items))
    size = 1.0 + rng.exponential(2.0, items)
    cost = np.exp(rng.normal(2.5, 1.0, items))
    pieces = rate[:, None] * rng.dirichlet(np.ones(classes), items)
    lines = pieces / size[:, None]
    second = np.repeat((2.0 * size**2)[:, None], classes, axis=1)
    covariance = np.zeros((items, classes, classes))
    covariance[:, range(classes), range(classes)] = lines * second
    nothing = np.zeros(items)
    return ItemFacts(
        items=("",) * items,
        item_class=np.zeros(items, np.intp),
        unit_cost=cost,
        unit_price=cost,
        unit_weight_kg=nothing,
        unit_volume_m3=nothing,
        pieces_per_day=pieces,
        lines_per_day=lines,
        order_size_second_moment_pieces2=second,
        covariance_pieces2_per_day=covariance,
    )


def _on_shelf(material: Material, option: SupplyOption) -> ShelfItems:
    scenario = material.scenario
    at = scenario.locations[0]
    shelf = Shelf(at.name, None, tuple(one.name for one in scenario.segmentation.regions))
    classes = scenario.segmentation.items.classes
    return shelf_items(scenario, material.facts, classes[0], option, at, shelf)


def _stocked(scenario: Scenario, location: Location, items: ShelfItems) -> StockedShelf:
    rungs = ladder(items, StockPolicy.POOLED, scenario.limits.rungs)
    service = service_measure(items, rungs, np.zeros(items.pieces.shape[1], dtype=bool))
    return stocked_shelf(scenario, location, items, rungs, service)


def ours(material: Material) -> object:
    """Every option: its items, their ladders, the best rung of all items for every price, and the columns."""
    scenario = material.scenario
    stock = partial(_stocked, scenario, scenario.locations[0])
    prices = np.repeat(PRICES[:, None], len(scenario.segmentation.customers.classes), axis=1)
    return [columns_in_lots(_on_shelf(material, option), stock, prices) for option in material.options]


def bare(material: Material) -> object:
    """Every option in closed form with normal demand on both processors, lot by lot: no whole pieces."""
    scenario, found = material.scenario, []
    for option in material.options:
        items = _on_shelf(material, option)
        lead, holding = items.demand.lead, scenario.carrying_rate_per_year * items.purchase_price
        yearly, quantity = items.pieces.sum(axis=(1, 2)), items.order_quantity_pieces
        known = (lead.mean_pieces, lead.sd_pieces, quantity, yearly, holding)
        work = partial(_closed_form, known)
        found.append(sum(side_by_side(work, lots_of(items.rows.size)), np.zeros((PRICES.size, 3))))
    return found


def _closed_form(known: tuple[Floats, ...], lot: slice) -> Floats:
    mean, deviation, quantity, yearly, holding = (one[lot] for one in known)
    return in_closed_form(mean, deviation, quantity, yearly, holding, PRICES)


def amount(material: Material) -> tuple[float, str]:
    """Items x options x prices."""
    items = len(material.facts.items.items)
    return float(items * len(material.options) * PRICES.size), "item-option-prices"


SHORT = Race(
    name="All items, 20,000 x 9 stocking options x 40 prices",
    about="From the demand of the items to the columns of every option, two threads. Ours holds no more than "
    "some lots of ladders at a time: 40 whole reorder points an item, gamma, Poisson or negative binomial "
    "demand, undershoot. The bare closed form knows the normal law only and no whole pieces.",
    goal="1 M items: at most 1.5 x the bare array arithmetic, memory below 4 GB",
    prepare=partial(prepare, 20_000),
    contestants={"bare closed form, two threads": bare, "all columns": ours},
    against="bare closed form, two threads",
    rounds=3,
    work=amount,
)
FULL = replace(
    SHORT,
    name="All items, 1,000,000 x 9 stocking options x 40 prices",
    prepare=partial(prepare, 1_000_000),
    rounds=1,
)

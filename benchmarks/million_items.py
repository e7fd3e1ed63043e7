"""All items x all stocking options x all prices on both processors, against bare array arithmetic."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.closed_forms import every_rung, in_closed_form, known_of, whole_pieces
from benchmarks.race import Race
from servicepolicy_api.examples import example
from servicepolicy_models.means import StockPolicy
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import StockingOption
from servicepolicy_optimizer.curves.first_columns import first_columns
from servicepolicy_optimizer.curves.in_a_file import Space
from servicepolicy_optimizer.curves.lots import lots_of
from servicepolicy_optimizer.curves.shelf_items import ShelfItems, shelf_items
from servicepolicy_optimizer.curves.shelf_orders import shelf_orders
from servicepolicy_optimizer.curves.stockroom import location_named, stockroom, supply_of
from servicepolicy_optimizer.facts import Facts, Floats, ItemFacts
from servicepolicy_optimizer.inventory.side_by_side import side_by_side
from servicepolicy_optimizer.options import stocking_options
from servicepolicy_optimizer.profile import inline_facts

PRICES, ENDS = 40, 2
"""Of the prices of a shelf two are its ends: nothing, and beyond every change."""
AT = np.geomspace(0.05, 500.0, PRICES)
LEAD_TIMES_DAYS = (30.0, 21.0, 14.0, 10.0, 7.0, 5.0, 4.0, 3.0, 2.0)
"""One a stocking option."""


@dataclass(frozen=True)
class Material:
    """Demand of all items, and the stocking options of every item class."""

    scenario: Scenario
    facts: Facts
    options: Mapping[str, tuple[StockingOption, ...]]


def prepare(items: int, folder: Path) -> Material:
    """The means of the scenario `spare-parts` with nine lead times, one shared shelf, and many items."""
    scenario = read_scenario(example("spare-parts"))
    facts = inline_facts(scenario)
    supply = tuple(
        scenario.supply[0].model_copy(
            update={"name": f"in {days:g} days", "lead_time_mean_days": days, "lead_time_sd_days": days / 5}
        )
        for days in LEAD_TIMES_DAYS
    )
    scenario = scenario.model_copy(
        update={
            "supply": supply,
            "deployments": scenario.deployments[:1],
            "stock_policies": (StockPolicy.POOLED,),
            "limits": scenario.limits.model_copy(update={"price_levels": PRICES - ENDS}),
        }
    )
    demand = _demand(items, len(facts.customer_classes), len(facts.item_classes))
    return Material(scenario, replace(facts, items=demand), stocking_options(scenario))


def _demand(items: int, classes: int, item_classes: int) -> ItemFacts:
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
        item_class=np.arange(items) % item_classes,
        unit_cost=cost,
        unit_price=cost,
        unit_weight_kg=nothing,
        unit_volume_m3=nothing,
        pieces_per_day=pieces,
        lines_per_day=lines,
        order_size_second_moment_pieces2=second,
        covariance_pieces2_per_day=covariance,
    )


def ours(material: Material) -> object:
    """As `solve` does it: the shelves of every option stocked, each with the ladders of its items; then the
    columns over the whole range of prices, every item at its best rung for each.
    """
    scenario = material.scenario
    room = stockroom(scenario, material.facts, material.options, {}, {}, {}, space=Space())
    return first_columns(scenario, room, {})


def bare(material: Material) -> object:
    """The closed form, lot by lot on both processors."""
    return _by_shelf(material, lambda items: in_closed_form(known_of(material.scenario, items), AT))


def whole(material: Material) -> object:
    """The closed form with whole pieces and the figures of a policy."""
    return _by_shelf(material, lambda items: whole_pieces(known_of(material.scenario, items), AT))


def special_functions(material: Material) -> object:
    """Every rung of every item by its own law."""
    return _by_shelf(material, lambda items: every_rung(items, known_of(material.scenario, items), AT))


def _by_shelf(material: Material, of_lot: Callable[[ShelfItems], Floats]) -> object:
    scenario, found = material.scenario, []
    for item_class, options in material.options.items():
        for option in options:
            for shelf in option.shelves:
                supply, at = supply_of(scenario, option.supply), location_named(scenario, shelf.location)
                orders = shelf_orders(scenario, material.facts, item_class, shelf)
                items = shelf_items(scenario, orders, supply, at)
                rows = np.arange(items.rows.size)
                lots = (items.of(rows[lot]) for lot in lots_of(rows.size))
                found.append(sum(side_by_side(of_lot, lots), np.zeros((PRICES, 3))))
    return found


def amount(material: Material) -> tuple[float, str]:
    """Items x options x prices."""
    return float(len(material.facts.items.items) * len(LEAD_TIMES_DAYS) * PRICES), "item-option-prices"


FULL = Race(
    name="All items, 1,000,000 x 9 stocking options x 40 prices",
    about="From the demand of the items to the columns of every option as `solve` makes them, two threads: a "
    "ladder of 40 whole reorder points an item and option, with gamma, Poisson or negative binomial demand "
    "and undershoot, and every item at its best for every price. Ladders beyond 0.5 GB lie one after another "
    "in the same memory; whoever refines has them made once more, into files. "
    "The bare closed form knows the normal law only, no whole pieces and no undershoot; the next one has "
    "both, and the fill rate and stock that ours has, of the normal law.",
    goal="1 M items: at most 1.5 x the bare array arithmetic, memory below 4 GB",
    prepare=partial(prepare, 1_000_000),
    contestants={
        "bare closed form": bare,
        "closed form, whole pieces, fill rate and stock": whole,
        "all columns": ours,
    },
    against="bare closed form",
    rounds=1,
    work=amount,
    clock=process_time,
    once=True,
)
SHORT = replace(
    FULL,
    name="All items, 20,000 x 9 stocking options x 40 prices",
    about=f"{FULL.about} The last takes each item's own law from scipy's special functions, rung by rung.",
    prepare=partial(prepare, 20_000),
    contestants={**FULL.contestants, "every rung by special functions": special_functions},
    rounds=3,
    once=False,
)

"""Published instances of facility location and of multiple-choice knapsacks, through the master model itself.

Knapsack: a group is a customer class, a thing to choose is a service path, a resource is the lines a day at a
location; value is a negative cost. The model is used as it is.
Facility location: a customer is a segment, a site is a service path with its facility. The published optima
let a customer be served from several sites, so here, and only here, the paths are made divisible.
"""

import json
from dataclasses import dataclass
from itertools import product

import numpy as np
import pyomo.environ as pyo
import pytest

from servicepolicy_models.means import StockPolicy
from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import (
    Choices,
    ColumnSet,
    SegmentTarget,
    ServicePath,
    Shelf,
    StockingOption,
)
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import solve

pytestmark = pytest.mark.oracle
EXACT = Limits(relative_gap=0.0)
KNAPSACKS = ("MCKP-I01", "MCKP-I03", "MCKP-I05")
LOCATIONS = tuple(f"FL-cap{number}" for number in (41, 43, 44, 61, 62, 64, 71, 73, 74))
NOT_HERE = {"MCKP-D01": "its groups (Khan's instance I02) are not among the shared files"}


@pytest.fixture(scope="module")
def cases(shared):
    found = json.loads((shared / "oracles" / "cases.json").read_text(encoding="utf-8"))
    listed = found["cases"] if isinstance(found, dict) else found
    return {case["id"]: case for case in listed}


@dataclass(frozen=True)
class Way:
    """One thing to choose: what it costs, what it uses where, what must be open."""

    cost: float
    use: dict[str, float]
    facilities: tuple[str, ...] = ()


def test_every_published_instance_is_tried_or_has_a_reason(cases):
    of_the_master = {name for name in cases if name.startswith(("FL-", "MCKP-"))}
    assert of_the_master == {*KNAPSACKS, *LOCATIONS, *NOT_HERE}


@pytest.mark.parametrize("name", KNAPSACKS)
def test_a_multiple_choice_knapsack_as_paths_within_line_capacities(cases, shared, name):
    capacity, groups = khan((shared / "oracles" / f"khan_{name.removeprefix('MCKP-')}.txt").read_text())
    ways = [[Way(-value, resources(weights)) for value, *weights in group] for group in groups]
    scenario, choices = as_master(ways, resources(capacity), classes=(len(ways), 1))
    solution = solve(build(scenario, choices), EXACT)
    assert solution.held is Held.OPTIMAL
    assert -solution.objective == pytest.approx(
        cases[name]["expected"]["optimum"], abs=cases[name]["tolerance"]
    )


@pytest.mark.parametrize("name", LOCATIONS)
def test_capacitated_facility_location_with_divisible_paths_and_openings(cases, shared, name):
    case = cases[name]
    sites, demand, cost = orlib((shared / "oracles" / "orlib_cap41.txt").read_text())
    fixed = [
        case["inputs"]["fixed_cost_site_11"] if n == 10 else case["inputs"]["fixed_cost"]
        for n in range(sites)
    ]
    ways = [
        [Way(c, {f"L{n}": d}, (f"location:L{n}",)) for n, c in enumerate(costs)]
        for d, costs in zip(demand, cost, strict=True)
    ]
    capacity = {f"L{n}": float(case["inputs"]["capacity"]) for n in range(sites)}
    facility_cost = {f"location:L{n}": float(f) for n, f in enumerate(fixed) if f > 0}
    scenario, choices = as_master(ways, capacity, classes=(10, 5), facility_cost=facility_cost)
    model = build(scenario, choices)
    for path in model.path.values():
        path.domain = pyo.UnitInterval
    solution = solve(model, EXACT)
    assert solution.held is Held.OPTIMAL
    assert solution.objective == pytest.approx(case["expected"]["optimum"], abs=case["tolerance"])


def resources(amounts):
    return {f"L{n}": float(amount) for n, amount in enumerate(amounts)}


def khan(text):
    """(capacity, groups of (value, weights...)). First line: groups, things a group, resources."""
    numbers = iter(float(word) for word in text.split())
    groups, things, dimensions = (int(next(numbers)) for _ in range(3))
    capacity = [next(numbers) for _ in range(dimensions)]
    found = []
    for _ in range(groups):
        next(numbers)  # the group's own number
        found.append([[next(numbers) for _ in range(dimensions + 1)] for _ in range(things)])
    return capacity, found


def orlib(text):
    """(sites, demand by customer, cost of serving all of a customer by site)."""
    numbers = iter(float(word) for word in text.split())
    sites, customers = int(next(numbers)), int(next(numbers))
    for _ in range(2 * sites):
        next(numbers)  # capacity and fixed cost are the case's
    demand, cost = [], []
    for _ in range(customers):
        demand.append(next(numbers))
        cost.append([next(numbers) for _ in range(sites)])
    return sites, demand, cost


def as_master(ways, capacity, classes, facility_cost=None):
    """A scenario whose only costs and limits are those of the paths: one free shelf for every item class."""
    customers, items = [f"C{n}" for n in range(classes[0])], [f"J{n}" for n in range(classes[1])]
    segments = [(i, j, "*") for i, j in product(customers, items)]
    option = {
        item: StockingOption(item, "any", "any", StockPolicy.POOLED, (Shelf("L0", None, ("all",)),))
        for item in items
    }
    choices = Choices(
        targets=dict.fromkeys(segments, SegmentTarget(0.0, None, 0.9, None, 1.0, 1.0)),
        options={item: (option[item],) for item in items},
        columns={(item, option[item].name, "L0"): free_column(len(customers)) for item in items},
        paths={(s, "any"): tuple(as_path(way) for way in ways[n]) for n, s in enumerate(segments)},
        option_facilities={},
        facility_cost=facility_cost or {},
    )
    return scenario_of(customers, items, capacity), choices


def free_column(classes):
    none = np.zeros(1)
    short = np.zeros((1, classes, 1))
    return ColumnSet(short[:, :, 0], none, none, none, none, none, none, none, short, np.ones((1, classes)))


def as_path(way):
    return ServicePath(
        channel="any",
        process="any",
        mode="any",
        frequency="any",
        response_cost=way.cost,
        transport_cost=0.0,
        warehousing_cost=0.0,
        lost_sales_cost=0.0,
        promised_response_hours=24.0,
        on_time_probability=1.0,
        mean_response_hours=20.0,
        channel_labour_hours=0.0,
        lines_per_day=way.use,
        weight_kg=0.0,
        co2e_kg=0.0,
        facilities=way.facilities,
    )


def scenario_of(customers, items, capacity):
    lane = {"bands": [{}], "time": {"mean_hours": 1.0}}
    demand = [{"customer_class": customers[0], "pieces_per_day": 1.0, "lines_per_day": 1.0}]
    return Scenario.model_validate(
        {
            "name": "published",
            "currency": "EUR",
            "carrying_rate_per_year": 0.2,
            "demand": {
                "kind": "inline",
                "items": [{"item": "x", "item_class": items[0], "unit_cost": 1.0, "demand": demand}],
            },
            "segmentation": {
                "customers": {"classes": customers, "measure": "given"},
                "items": {"classes": items, "measure": "given"},
            },
            "channels": [{"name": "any"}],
            "processes": [{"name": "any"}],
            "modes": [{"name": "any", "lanes": [lane]}],
            "supply": [{"name": "any", "lead_time_mean_days": 1.0}],
            "locations": [{"name": at, "capacity_lines_per_day": lines} for at, lines in capacity.items()],
            "deployments": [{"name": "any", "serves": {"*": "L0"}}],
        }
    )

"""Plants, item classes and deployments say what the published tables say."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from servicepolicy_models import Scenario
from servicepolicy_models.means import Deployment
from tests.scenarios.brunel.conftest import Built


def serves(deployment: Deployment, service: str) -> str:
    return deployment.serves.get(service, deployment.serves.get("*", ""))


def classes_of(scenario: Scenario, deployment: Deployment) -> tuple[str, ...]:
    return deployment.item_classes or scenario.segmentation.items.classes


def test_costs_and_capacities_are_the_published_ones(built, plants):
    for scenario in (built.scenario, built.as_published):
        for location in scenario.locations:
            assert location.cost_per_piece == plants.cost[location.name]
    published = {one.name: one.capacity_lines_per_day for one in built.as_published.locations}
    assert published == {name: plants.capacity[name] for name in published}


def test_a_relieved_capacity_is_what_the_plant_did_and_is_marked_as_assumed(built, plants, orders):
    did = orders["Plant Code"].value_counts()
    changed = {
        position: one
        for position, one in enumerate(built.scenario.locations)
        if one.capacity_lines_per_day != plants.capacity[one.name]
    }
    assert {one.name: one.capacity_lines_per_day for one in changed.values()} == {
        "PLANT03": did["PLANT03"],
        "PLANT12": did["PLANT12"],
    }
    marked = {one.field for one in built.scenario.assumptions}
    assert {f"/locations/{position}/capacity_lines_per_day" for position in changed} <= marked
    assert not [one for one in built.as_published.assumptions if "capacity" in one.field]


def test_every_product_that_was_ordered_is_in_one_class(built, orders):
    assert set(built.item_class) == set(orders["Product ID"])
    assert set(built.item_class.values()) == set(built.scenario.segmentation.items.classes)


def test_what_a_deployment_says_is_true_for_every_order_of_its_classes(built, orders, suppliers):
    asked = 0
    for product, service, able in zip(orders["Product ID"], orders["Service Level"], suppliers, strict=True):
        for deployment in built.scenario.deployments:
            if built.item_class[product] in classes_of(built.scenario, deployment):
                assert serves(deployment, service) in able
                asked += 1
    assert asked > len(orders)


def test_plants_left_out_cannot_supply_any_item_class(built, plants, orders, suppliers):
    there = {location.name for location in built.scenario.locations}
    assert set(built.mended["idle_plants"]) == set(plants.index) - there
    able = orders.assign(able=suppliers).groupby(orders["Product ID"].map(built.item_class))["able"]
    whole = {name: frozenset.intersection(*own) for name, own in able}
    assert frozenset.union(*whole.values()) <= there


def test_customers_of_reserved_plants_were_served_from_others(tables, orders):
    # So the list says whom a plant may serve, not where a customer must be served from.
    vmi = pd.read_csv(tables / "VmiCustomers.csv.gz")
    theirs = orders[orders["Customer"].isin(vmi["Customers"])]
    assert len(theirs) == 2089
    assert not theirs["Plant Code"].isin(vmi["Plant Code"]).any()


def loads(built: Built, scenario: Scenario, orders: pd.DataFrame) -> list[tuple[str, Counter[str], float]]:
    """(item class, orders a day by plant, warehouse cost a day in USD) for each deployment it may have."""
    cost = {one.name: one.cost_per_piece for one in scenario.locations}
    of_class = orders.groupby([orders["Product ID"].map(built.item_class), "Service Level"])["Unit quantity"]
    found = []
    for deployment in scenario.deployments:
        for name in classes_of(scenario, deployment):
            load, dollars = Counter(), 0.0
            for service in ("DTD", "DTP", "CRF"):
                if (name, service) in of_class.groups:
                    pieces = of_class.get_group((name, service))
                    load[serves(deployment, service)] += len(pieces)
                    dollars += pieces.sum() * cost[serves(deployment, service)]
            found.append((name, load, dollars))
    return found


def cheapest_day(built: Built, scenario: Scenario, orders: pd.DataFrame) -> float | None:
    """Warehouse cost of the best choice of deployments within the capacities; None when there is none."""
    choices = loads(built, scenario, orders)
    names = scenario.segmentation.items.classes
    one_each = np.array([[one == name for one, _, _ in choices] for name in names], dtype=float)
    used = np.array([[load[one.name] for _, load, _ in choices] for one in scenario.locations], dtype=float)
    room = [one.capacity_lines_per_day for one in scenario.locations]
    answer = milp(
        [dollars for _, _, dollars in choices],
        integrality=np.ones(len(choices)),
        constraints=[LinearConstraint(one_each, 1, 1), LinearConstraint(used, -np.inf, room)],
    )
    return float(answer.fun) if answer.success else None


def test_with_relief_there_is_a_way_to_serve_the_day_and_as_published_there_is_none(built, orders):
    assert cheapest_day(built, built.as_published, orders) is None
    assert cheapest_day(built, built.scenario, orders) is not None


def order_by_order(orders, suppliers, plants, capacity, cost_per_order, at_least):
    """Lowest cost when every order may go its own way; a relaxation, so a lower bound."""
    pairs = [(n, plant) for n, able in enumerate(suppliers) for plant in sorted(able)]
    ones = np.ones(len(pairs))
    column = np.arange(len(pairs))
    row = [n for n, _ in pairs]
    at = [plants.index.get_loc(plant) for _, plant in pairs]
    once = csr_array((ones, (row, column)), shape=(len(orders), len(pairs)))
    used = csr_array((ones, (at, column)), shape=(len(plants), len(pairs)))
    return milp(
        [cost_per_order(n, plant) for n, plant in pairs],
        bounds=(0, 1),
        constraints=[LinearConstraint(once, at_least, 1), LinearConstraint(used, -np.inf, capacity)],
    )


def test_as_published_a_quarter_of_the_day_can_be_served(orders, suppliers, plants):
    most = order_by_order(orders, suppliers, plants, plants.capacity, lambda n, plant: -1.0, at_least=0)
    assert -most.fun == pytest.approx(2444)


def test_choosing_by_item_class_costs_little_more_than_choosing_order_by_order(
    built, orders, suppliers, plants
):
    pieces = orders["Unit quantity"].to_numpy()
    relieved = {one.name: one.capacity_lines_per_day for one in built.scenario.locations}
    capacity = [relieved.get(plant, plants.capacity[plant]) for plant in plants.index]
    cost = plants.cost.to_dict()
    bound = order_by_order(
        orders, suppliers, plants, capacity, lambda n, plant: pieces[n] * cost[plant], at_least=1
    )
    by_class = cheapest_day(built, built.scenario, orders)
    assert bound.fun <= by_class <= 1.0013 * bound.fun


def test_the_current_policy_is_how_most_orders_went(built, orders):
    unlike = 0
    said = [one for one in built.scenario.current_policy if one.deployment is not None]
    current = {(one.item_class, one.region): one for one in said}
    deployment_of = {one.name: one for one in built.scenario.deployments}
    by_cell = orders.groupby([orders["Product ID"].map(built.item_class), "Service Level"])
    assert set(current) == set(by_cell.groups)
    for cell, own in by_cell:
        plant = serves(deployment_of[current[cell].deployment], cell[1])
        days = 0 if cell[1] == "CRF" else int(current[cell].mode.split()[2])
        carrier = current[cell].mode.split()[0]
        same = (own["Plant Code"] == plant) & (own["Carrier"] == carrier)
        same &= (cell[1] == "CRF") | (own["TPT"] == days)
        unlike += len(own) - int(same.sum())
    assert unlike == built.mended["orders_unlike_the_current_policy"]
    assert unlike < 0.01 * len(orders)

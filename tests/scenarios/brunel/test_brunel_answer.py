"""The answer, recomputed order by order from the published tables alone."""

import math
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from servicepolicy_models import Held, Policy, Scenario
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.question import Known
from servicepolicy_optimizer.recall import InMemory
from tests.scenarios.brunel.conftest import Built
from tests.scenarios.brunel.test_brunel_rates import charged

pytestmark = pytest.mark.slow
DAYS = 365


@pytest.fixture(scope="module")
def known() -> Known:
    """As in the service: one question finds the baselines of the other, which ask nothing of capacities."""
    return Known(recall=InMemory(1_000_000_000))


def answered(built: Built, scenario: Scenario, tables: Path, known: Known) -> Policy:
    files = DemandFiles(built.folder, orders=tables / "OrderList.csv.gz")
    return recommend(scenario, read_demand(scenario, files), time.perf_counter, lambda *_: None, known=known)


@pytest.fixture(scope="module")
def policy(built: Built, tables: Path, known: Known) -> Policy:
    """The answer with relieved capacities."""
    return answered(built, built.scenario, tables, known)


@pytest.fixture(scope="module")
def sent(built: Built, policy: Policy, orders: pd.DataFrame) -> pd.DataFrame:
    """The orders with the plant and the mode that the policy gives them."""
    pieces = orders.groupby("Customer")["Unit quantity"].sum().sort_values(ascending=False)
    ends = [math.ceil(share * len(pieces)) for share in (0.05, 0.20)]
    rank = dict(zip(pieces.index, range(len(pieces)), strict=True))
    customer_class = ["ABC"[sum(rank[customer] >= end for end in ends)] for customer in orders["Customer"]]
    chosen = {(one.customer_class, one.item_class, one.region): one for one in policy.segments}
    serves = {one.name: one.serves for one in built.scenario.deployments}
    item_class = orders["Product ID"].map(built.item_class)
    own = [chosen[key] for key in zip(customer_class, item_class, orders["Service Level"], strict=True)]
    plants = [serves[one.deployment].get(one.region, serves[one.deployment].get("*")) for one in own]
    return orders.assign(plant=plants, mode=[one.mode for one in own])


def test_it_is_proved(policy):
    assert policy.proof.held is Held.OPTIMAL
    assert policy.proof.audit_difference < 1e-6  # beyond it, the audit refuses


def test_the_warehouses_cost_what_the_orders_cost_there(policy, sent, plants):
    dollars = (sent["Unit quantity"] * sent["plant"].map(plants.cost)).sum() * DAYS
    assert policy.cost.warehousing == pytest.approx(dollars, rel=1e-9)


def test_no_plant_gets_more_orders_than_it_can_handle_or_one_it_cannot_supply(built, sent, suppliers):
    load = Counter(sent["plant"])
    room = {one.name: one.capacity_lines_per_day for one in built.scenario.locations}
    assert all(load[plant] <= room[plant] for plant in load)
    assert all(plant in able for plant, able in zip(sent["plant"], suppliers, strict=True))


def test_the_freight_is_that_of_the_orders(built, policy, sent):
    # The policy prices a segment's shipments in ten weights; the orders have 9,215.
    lanes = {
        (mode.name, lane.location, lane.region): lane for mode in built.scenario.modes for lane in mode.lanes
    }
    paid = sent[sent["Service Level"] != "CRF"]
    dollars = sum(
        charged(lanes[order.mode, order.plant, order.service], order.weight)
        for order in paid.rename(columns={"Service Level": "service", "Weight": "weight"}).itertuples()
    )
    assert policy.cost.transport == pytest.approx(dollars * DAYS, rel=0.01)


def test_it_costs_less_than_the_way_the_orders_went(policy):
    (current,) = [one for one in policy.baselines if one.name == "current_policy"]
    assert not current.feasible
    assert any("PLANT08" in sentence for sentence in current.breaks)
    saved = {
        part: getattr(current.cost, part) - getattr(policy.cost, part)
        for part in ("warehousing", "transport")
    }
    assert saved["warehousing"] > 0.006 * current.cost.warehousing
    assert saved["transport"] > 0


def test_with_the_published_capacities_there_is_none(built, tables, known):
    refused = answered(built, built.as_published, tables, known)
    assert refused.proof.held is Held.INFEASIBLE
    assert any("PLANT03" in f"{one.where} {one.sentence}" for one in refused.conflicts)

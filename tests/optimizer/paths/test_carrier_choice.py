"""TM-01: the carrier selection of Eastern Electric (Chopra & Meindl), its freight priced as service paths."""

import json

import pytest

from servicepolicy_optimizer.paths import every_path
from servicepolicy_optimizer.targets import resolve_targets
from tests.optimizer.paths.worlds import facts, scenario

DAYS = 365.0


@pytest.fixture(scope="module")
def case(shared):
    cases = json.loads((shared / "oracles" / "cases.json").read_text(encoding="utf-8"))
    listed = cases if isinstance(cases, list) else cases["cases"]
    return next(one for one in listed if one["id"] == "TM-01")


def freight(option, demand: float, weight: float) -> float:
    """What a year of full lots costs as a path: the lot is the visit, the weight counts in hundredweights."""
    lane = {
        "bands": [{"cost_per_kg": option["rate_per_cwt"]}],
        "time": {"mean_hours": 24.0 * option["transit_days"]},
    }
    world = scenario(modes=[{"name": option["carrier"], "lanes": [lane]}])
    lots = facts(
        ["all"], ["A"], ["A"], orders_per_year=demand / option["Q"], visit_weight_kg=option["Q"] * weight
    )
    (path,) = every_path(world, lots, resolve_targets(world, lots)).paths[("A", "A", "*"), "central"]
    return path.transport_cost


@pytest.mark.oracle
def test_freight_and_inventory_of_each_carrier_and_the_best(case):
    given, expected = case["inputs"], case["expected"]
    demand, holding = given["annual_demand"], given["unit_cost"] * given["carry_rate"]
    totals = []
    for option in given["options"]:
        in_transit = demand * option["transit_days"] / DAYS
        safety = demand * (option["transit_days"] + 1) / DAYS / 2
        stock = option["Q"] / 2 + safety + in_transit
        totals.append(freight(option, demand, given["weight_cwt"]) + holding * stock)
    assert totals == pytest.approx(expected["total"], abs=case["tolerance"]["total"])
    assert totals.index(min(totals)) == expected["best_index"]

"""Which ways exist, which the rules leave, and why none is left."""

import numpy as np
import pytest

from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_optimizer.paths import WhyNone, every_path, service_paths
from servicepolicy_optimizer.targets import resolve_targets
from tests.optimizer.paths.worlds import facts, regions, scenario

MEANS = {
    "channels": [{"name": "EDI"}, {"name": "phone"}],
    "processes": [{"name": "wave"}, {"name": "express"}],
    "modes": [
        {"name": name, "lanes": [{"bands": [{"cost_per_kg": 1}], "time": {"mean_hours": hours}}]}
        for name, hours in (("Road", 20), ("Air", 6))
    ],
    "frequencies": [{"name": "each order"}, {"name": "daily", "shipments_per_week": 7}],
}
CENTRAL = [{"name": "central", "serves": {"*": "Leeds"}}]


def found(demand=None, **changes):
    world = scenario(**(MEANS | changes))
    demand = demand or facts()
    return every_path(world, demand, resolve_targets(world, demand))


def names(path_set, segment=("A", "A", "*"), deployment="central"):
    return {path.name for path in path_set.paths[segment, deployment]}


def with_means(kind, position, **fields):
    means = [dict(one) for one in MEANS[kind]]
    means[position] |= fields
    return {kind: means}


def test_every_combination_of_means_is_a_way():
    ways = names(found())
    assert len(ways) == 16
    assert "phone|express|Air|daily" in ways


@pytest.mark.parametrize(
    ("kind", "classes", "segment"),
    [
        ("channels", "customer_classes", ("B", "A", "*")),
        ("processes", "customer_classes", ("B", "A", "*")),
        ("processes", "item_classes", ("A", "B", "*")),
        ("modes", "customer_classes", ("B", "B", "*")),
        ("modes", "item_classes", ("B", "B", "*")),
    ],
)
def test_a_means_serves_only_the_classes_it_lists(kind, classes, segment):
    path_set = found(**with_means(kind, 1, **{classes: ["A"]}))
    assert len(names(path_set)) == 16
    assert len(names(path_set, segment)) == 8


def test_a_process_may_exist_only_where_it_is_listed():
    both = [*CENTRAL, {"name": "south", "serves": {"*": "Rome"}}]
    means = with_means("processes", 1, only_at_listed=True, at=[{"location": "Rome"}])
    path_set = found(**means, locations=[{"name": "Leeds"}, {"name": "Rome"}], deployments=both)
    assert len(names(path_set)) == 8
    assert len(names(path_set, deployment="south")) == 16


def test_without_consolidation_every_order_leaves_alone():
    path_set = found(terms=[{"consolidation": False}, {"customer_class": "B", "consolidation": True}])
    assert all(name.endswith("|each order") for name in names(path_set))
    assert len(names(path_set, ("B", "A", "*"))) == 16


def lanes(**cost_by_lane):
    """Lanes `location_region` (x: any), told apart by their cost per kg."""
    return [
        {
            "location": location.replace("x", "*"),
            "region": region.replace("x", "*"),
            "bands": [{"cost_per_kg": cost}],
            "time": {"mean_hours": 5},
        }
        for (location, region), cost in ((key.split("_"), cost) for key, cost in cost_by_lane.items())
    ]


@pytest.mark.parametrize(
    ("offered", "used"),
    [
        ({"x_x": 1, "x_North": 2, "Leeds_x": 3, "Leeds_North": 4}, 4),
        ({"x_x": 1, "x_North": 2, "Leeds_x": 3, "Leeds_South": 4}, 3),
        ({"x_x": 1, "x_North": 2, "Rome_x": 3, "Rome_North": 4}, 2),
        ({"x_x": 1, "x_South": 2, "Rome_x": 3}, 1),
    ],
)
def test_the_most_specific_lane_applies(offered, used):
    path_set = found(
        facts(["North"], visit_weight_kg=1.0, order_visits_per_year=100.0),
        segmentation=regions("North"),
        modes=[{"name": "Road", "lanes": lanes(**offered)}],
        frequencies=[{"name": "each order"}],
    )
    costs = [path.transport_cost for path in path_set.paths[("A", "A", "*"), "central"]]
    assert costs == pytest.approx([100.0 * used] * 4)


def test_a_mode_must_reach_every_region_that_orders():
    modes = [{"name": "Road", "lanes": lanes(x_North=1)}, {"name": "Air", "lanes": lanes(x_x=1)}]
    means = {"segmentation": regions("North", "South"), "modes": modes}
    assert {name.split("|")[2] for name in names(found(facts(["North", "South"]), **means))} == {"Air"}
    only_north = np.array([9.0, 0.0])
    demand = facts(["North", "South"], lines_per_year=only_north, pieces_per_year=only_north)
    assert {name.split("|")[2] for name in names(found(demand, **means))} == {"Air", "Road"}


def test_an_item_class_has_only_its_own_deployments():
    mine = [*CENTRAL, {"name": "local", "serves": {"*": "Leeds"}, "item_classes": ["B"]}]
    keys = set(found(deployments=mine).paths)
    assert (("A", "B", "*"), "local") in keys
    assert (("A", "A", "*"), "local") not in keys


def test_a_region_served_from_nowhere_has_no_path():
    path_set = found(
        facts(["North", "South"]),
        segmentation=regions("North", "South"),
        deployments=[{"name": "central", "serves": {"North": "Leeds"}}],
    )
    assert path_set.paths[("A", "A", "*"), "central"] == ()
    assert path_set.why_none[("A", "A", "*"), "central"] is WhyNone.NO_MEANS


def ruled(fixed=(), forbidden=(), **changes):
    return found(rules={"fixed": list(fixed), "forbidden": list(forbidden)}, **changes)


def test_fixed_means_are_the_only_ones_where_they_apply():
    path_set = ruled(fixed=[{"customer_class": "A", "channel": "EDI"}, {"mode": "Air", "frequency": "daily"}])
    assert names(path_set) == {"EDI|wave|Air|daily", "EDI|express|Air|daily"}
    assert len(names(path_set, ("B", "A", "*"))) == 4


def test_forbidden_means_are_gone_and_a_combination_only_together():
    path_set = ruled(
        forbidden=[{"item_class": "A", "mode": "Air"}, {"channel": "phone", "process": "express"}]
    )
    assert not any("Air" in name or "phone|express" in name for name in names(path_set))
    assert len(names(path_set)) == 6
    assert len(names(path_set, ("A", "B", "*"))) == 12


def test_a_combination_with_a_deployment_is_forbidden_only_there():
    both = [*CENTRAL, {"name": "other", "serves": {"*": "Leeds"}}]
    path_set = ruled(
        forbidden=[{"mode": "Air", "deployment": "other"}, {"deployment": "central"}], deployments=both
    )
    assert len(names(path_set)) == 16
    assert len(names(path_set, deployment="other")) == 8


def test_a_combination_with_a_supply_option_cannot_be_read():
    with pytest.raises(ScenarioRejected) as refused:
        ruled(
            forbidden=[
                {"mode": "Air"},
                {"mode": "Air", "supply": "maker"},
                {"channel": "EDI", "stock_policy": "pooled"},
            ]
        )
    assert [finding.where for finding in refused.value.findings] == [
        "/rules/forbidden/1",
        "/rules/forbidden/2",
    ]


def test_a_rule_for_one_region_binds_the_path_of_all_its_regions():
    two = {"segmentation": regions("North", "South"), "demand_facts": None}
    two.pop("demand_facts")
    path_set = ruled(forbidden=[{"region": "South", "mode": "Air"}], demand=facts(["North", "South"]), **two)
    assert {name.split("|")[2] for name in names(path_set)} == {"Road"}
    apart = ruled(
        forbidden=[{"region": "South", "mode": "Air"}],
        demand=facts(["North", "South"]),
        segmentation=regions("North", "South", by_region=True),
    )
    assert len(names(apart, ("A", "A", "North"))) == 16
    assert len(names(apart, ("A", "A", "South"))) == 8


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"channels": [{"name": "EDI", "customer_classes": []}]}, WhyNone.NO_MEANS),
        ({"rules": {"fixed": [{"channel": "EDI"}, {"channel": "phone"}]}}, WhyNone.FIXED),
        ({"rules": {"fixed": [{"mode": "Air"}], "forbidden": [{"mode": "Air"}]}}, WhyNone.FORBIDDEN),
        ({"targets": [{"response_hours": 4}]}, WhyNone.TOO_LATE),
    ],
)
def test_nothing_left_has_a_reason(changes, why):
    path_set = found(**changes)
    assert set(path_set.why_none.values()) == {why}
    assert not any(path_set.paths.values())


def test_too_late_tells_how_fast_it_could_be():
    """Road takes 20 h, Air 6 h, a daily departure up to 24 h more: Air without waiting keeps 8 h."""
    path_set = found(targets=[{"response_hours": 4}, {"customer_class": "B", "response_hours": 8}])
    assert path_set.fastest_rung == {("A", "A", "*"): 8.0, ("A", "B", "*"): 8.0}
    assert path_set.late_paths == 2 * 16 + 2 * 12
    assert all("Air|each order" in name for name in names(path_set, ("B", "A", "*")))


def test_a_segment_beyond_the_last_rung_is_late_and_names_no_rung():
    slow = [{"name": "Ship", "lanes": [{"bands": [{"cost_per_kg": 1}], "time": {"mean_hours": 500}}]}]
    path_set = found(modes=slow)
    assert set(path_set.why_none.values()) == {WhyNone.TOO_LATE}
    assert path_set.fastest_rung == {}


def no_orders(*regions_):
    zero = dict.fromkeys(
        ("orders_per_year", "lines_per_year", "pieces_per_year", "customers", "revenue_per_year"), 0.0
    )
    return facts(regions_ or ("all",), **zero)


def test_a_segment_that_orders_nothing_is_free_and_takes_the_fastest_way():
    path_set = found(no_orders())
    (path,) = path_set.paths[("A", "A", "*"), "central"]
    assert path.name == "EDI|express|Air|each order"
    assert (path.cost, path.promised_response_hours, path.lines_per_day, path.facilities) == (
        0.0,
        8.0,
        {},
        (),
    )


def test_a_promise_to_nobody_is_never_late():
    path_set = found(no_orders(), targets=[{"response_hours": 4}])
    assert all(len(paths) == 1 for paths in path_set.paths.values())
    assert (path_set.fastest_rung, path_set.why_none) == ({}, {})


def test_a_segment_that_orders_nothing_leaves_every_channel_open_when_channels_are_counted():
    path_set = found(no_orders(), rules={"one_channel_per_customer_class": True})
    assert {path.channel for path in path_set.paths[("A", "A", "*"), "central"]} == {"EDI", "phone"}


def test_a_segment_that_orders_nothing_needs_means_for_one_region_only():
    means = {
        "segmentation": regions("North", "South"),
        "modes": [{"name": "Road", "lanes": lanes(x_South=1)}],
    }
    assert len(found(no_orders("North", "South"), **means).paths[("A", "A", "*"), "central"]) == 1
    nowhere = {"rules": {"forbidden": [{"mode": "Road"}]}}
    assert set(found(no_orders("North", "South"), **means, **nowhere).why_none.values()) >= {WhyNone.NO_MEANS}


def test_pruning_leaves_only_ways_that_exist():
    world, demand = scenario(**MEANS), facts()
    targets = resolve_targets(world, demand)
    everything, pruned = every_path(world, demand, targets), service_paths(world, demand, targets)
    assert everything.pruned_paths == 0
    assert pruned.pruned_paths == sum(map(len, everything.paths.values())) - sum(
        map(len, pruned.paths.values())
    )
    assert all(path in everything.paths[key] for key, paths in pruned.paths.items() for path in paths)
    assert all(pruned.paths.values())

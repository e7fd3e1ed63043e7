"""Which means are scarce."""

import pytest

from servicepolicy_optimizer.paths.facilities import facility_costs
from servicepolicy_optimizer.paths.scarcity import scarcity
from servicepolicy_optimizer.paths.ways import ways_of
from tests.optimizer.paths.worlds import facts, regions, scenario


def found(demand=None, **changes):
    world = scenario(**changes)
    return scarcity(world, demand or facts(), ways_of(world), facility_costs(world))


def test_nothing_is_scarce_without_capacity_fixed_cost_or_counting():
    none = found()
    assert not (none.channel.any() or none.process(["Leeds"]).any() or none.mode.any())


@pytest.mark.parametrize(("hours", "scarce"), [(39.9, True), (40.0, True), (40.1, False)])
def test_a_channel_is_scarce_when_all_orders_would_overload_it(hours, scarce):
    """4 segments × 100 orders × 0.1 hours."""
    channel = {"name": "EDI", "labour_hours_per_order": 0.1, "labour_capacity_hours_per_year": hours}
    assert found(channels=[channel]).channel.tolist() == [scarce]


@pytest.mark.parametrize(("kg", "scarce"), [(1599.0, True), (1601.0, False)])
def test_a_mode_is_scarce_when_all_weight_would_overload_it(kg, scarce):
    mode = scenario().modes[0].model_dump() | {"capacity_kg_per_year": kg}
    assert found(modes=[mode]).mode.tolist() == [scarce]


def test_a_process_is_scarce_by_location_where_the_lines_it_could_get_overload_it():
    """Leeds could get both regions' 2 × 800 lines in 250 days, Rome only the South's."""
    scarce = found(
        facts(["North", "South"]),
        segmentation=regions("North", "South"),
        locations=[{"name": "Leeds"}, {"name": "Rome"}],
        deployments=[
            {"name": "one", "serves": {"*": "Leeds"}},
            {"name": "two", "serves": {"North": "Leeds", "*": "Rome"}},
        ],
        processes=[
            {"name": "wave", "capacity_lines_per_day": 5.0},
            {"name": "express", "at": [{"location": "Rome", "capacity_lines_per_day": 3.0}]},
        ],
    )
    assert scarce.process(["Leeds"]).tolist() == [True, False]
    assert scarce.process(["Rome"]).tolist() == [False, True]
    assert scarce.process(["Leeds", "Rome"]).tolist() == [True, True]


def test_a_fixed_cost_makes_a_means_scarce():
    costly = {"fixed_cost_per_year": 1.0}
    scarce = found(
        channels=[{"name": "EDI"} | costly],
        processes=[{"name": "wave"} | costly],
        modes=[scenario().modes[0].model_dump() | costly],
    )
    assert scarce.channel.all() and scarce.process(["Leeds"]).all() and scarce.mode.all()


def test_counted_channels_are_scarce():
    assert found(rules={"one_channel_per_customer_class": True}).channel.all()

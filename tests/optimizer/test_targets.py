"""Targets and terms: wildcards, refinement, defaults, regions."""

import numpy as np
import pytest

from servicepolicy_optimizer.targets import SegmentTerms, resolve_targets, resolve_terms
from tests.optimizer.paths.worlds import facts, regions, scenario


def targets(*entries, demand=None, **changes):
    return resolve_targets(scenario(targets=list(entries), **changes), demand or facts())


def test_a_segment_nobody_speaks_of_is_promised_nothing():
    asked = targets()["A", "B", "*"]
    assert (asked.fill_rate, asked.response_hours, asked.otif, asked.cycle_service_level) == (
        0.0,
        None,
        None,
        None,
    )
    assert asked.on_time_probability == 0.95
    assert (asked.pieces_per_year, asked.lines_per_year) == (600.0, 200.0)


def test_later_entries_refine_earlier_ones_field_by_field():
    found = targets(
        {"fill_rate": 0.9, "response_hours": 72},
        {"customer_class": "A", "response_hours": 24, "on_time_probability": 0.99},
        {"customer_class": "A", "item_class": "B", "fill_rate": 0.8},
    )
    assert [(found[s].fill_rate, found[s].response_hours, found[s].on_time_probability) for s in found] == [
        (0.9, 24, 0.99),
        (0.8, 24, 0.99),
        (0.9, 72, 0.95),
        (0.9, 72, 0.95),
    ]


def test_order_decides_not_how_narrow_an_entry_is():
    found = targets({"customer_class": "A", "fill_rate": 0.99}, {"fill_rate": 0.9})
    assert found["A", "A", "*"].fill_rate == 0.9


def test_fill_rate_and_cycle_service_replace_each_other():
    found = targets(
        {"fill_rate": 0.9},
        {"customer_class": "A", "cycle_service_level": 0.95},
        {"customer_class": "A", "item_class": "B", "fill_rate": 0.8},
    )
    both = [(found[s].fill_rate, found[s].cycle_service_level) for s in found]
    assert both == [(0.0, 0.95), (0.8, None), (0.9, None), (0.9, None)]


def test_by_region_each_segment_has_its_own_target_and_demand():
    pieces = np.array([[[10.0, 20.0], [0.0, 5.0]], [[1.0, 2.0], [3.0, 4.0]]])
    found = targets(
        {"response_hours": 48},
        {"region": "South", "response_hours": 96},
        demand=facts(["North", "South"], pieces_per_year=pieces),
        segmentation=regions("North", "South", by_region=True),
    )
    assert found["A", "A", "North"].response_hours == 48
    assert found["A", "A", "South"].response_hours == 96
    assert found["A", "B", "South"].pieces_per_year == 5.0


def test_one_promise_for_several_regions_is_the_strictest_of_theirs():
    demand = facts(["North", "South"])
    asked = targets(
        {"region": "North", "fill_rate": 0.9, "response_hours": 24, "on_time_probability": 0.9},
        {"region": "South", "fill_rate": 0.95, "response_hours": 48, "otif": 0.8},
        demand=demand,
        segmentation=regions("North", "South"),
    )["A", "A", "*"]
    assert (asked.fill_rate, asked.response_hours, asked.on_time_probability, asked.otif) == (
        0.95,
        24,
        0.95,
        0.8,
    )
    assert asked.pieces_per_year == 1200.0


def test_a_region_that_orders_nothing_does_not_make_the_promise_stricter():
    ordered = np.array([600.0, 0.0])
    asked = targets(
        {"response_hours": 48},
        {"region": "South", "response_hours": 8},
        demand=facts(["North", "South"], pieces_per_year=ordered, lines_per_year=ordered),
        segmentation=regions("North", "South"),
    )["A", "A", "*"]
    assert asked.response_hours == 48


def test_terms_refine_each_other_and_absent_ones_cost_nothing():
    world = scenario(
        terms=[
            {"returns_share_of_lines": 0.1, "cost_per_returned_line": 4.0, "consolidation": False},
            {"customer_class": "B", "consolidation": True, "small_order_share": 0.0},
        ]
    )
    found = resolve_terms(world, facts())
    assert found["A", "A", "*"] == SegmentTerms(0.1, 4.0, consolidation=False)
    assert found["B", "A", "*"] == SegmentTerms(0.1, 4.0, small_order_share=0.0, consolidation=True)


@pytest.mark.parametrize("by_region", [False, True])
def test_every_segment_has_a_target_and_terms(by_region):
    world, demand = scenario(segmentation=regions("N", "S", by_region=by_region)), facts(["N", "S"])
    expected = {(c, i, r) for c in "AB" for i in "AB" for r in ("NS" if by_region else "*")}
    assert set(resolve_targets(world, demand)) == set(resolve_terms(world, demand)) == expected

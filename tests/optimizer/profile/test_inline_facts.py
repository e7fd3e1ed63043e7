"""Demand handed in as numbers."""

import numpy as np
import pytest

from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_optimizer.profile import facts, inline_facts
from tests.optimizer.profile.questions import cleaned_lines, order_lines, question, write_lines

SIDES = {
    "customers": {"classes": ["A", "B"], "cut_offs": [0.5]},
    "items": {"classes": ["X", "Y"], "cut_offs": [0.5]},
    "regions": [{"name": "N", "values": ["N"]}, {"name": "S", "values": ["*"]}],
}


def inline(items, segments=()):
    return question(
        {"kind": "inline", "items": items, "segments": list(segments)}, segmentation=SIDES, days_per_year=100
    )


def pool(customer_class="A", region="N", pieces=2.0, lines=1.0, **more):
    return {
        "customer_class": customer_class,
        "region": region,
        "pieces_per_day": pieces,
        "lines_per_day": lines,
        **more,
    }


BOLT = {"item": "bolt", "item_class": "X", "unit_cost": 3.0, "unit_weight_kg": 0.5, "demand": [pool()]}
NUT = {
    "item": "nut",
    "item_class": "Y",
    "unit_cost": 1.0,
    "unit_price": 4.0,
    "unit_volume_m3": 0.1,
    "demand": [
        pool("B", "S", 6.0, 2.0, variance_pieces2_per_day=7.0, order_size_second_moment_pieces2=12.0),
        pool("A", "S", 0.0, 0.0),
    ],
}


def test_items_are_what_was_said_and_the_rest_follows():
    found = inline_facts(inline([BOLT, NUT])).items
    assert found.items == ("bolt", "nut") and list(found.item_class) == [0, 1]
    assert found.unit_price.tolist() == [3, 4] and found.unit_volume_m3.tolist() == [0, 0.1]
    assert found.pieces_per_day.tolist() == [[2, 0, 0, 0], [0, 0, 0, 6]]
    assert found.lines_per_day.tolist() == [[1, 0, 0, 0], [0, 0, 0, 2]]
    assert found.order_size_second_moment_pieces2.tolist() == [[4, 0, 0, 0], [0, 0, 0, 12]]
    assert found.covariance_pieces2_per_day[0].tolist() == np.diag([4.0, 0, 0, 0]).tolist()
    assert found.covariance_pieces2_per_day[1].tolist() == np.diag([0.0, 0, 0, 7.0]).tolist()


def test_segments_are_derived_from_the_items():
    found = inline_facts(inline([BOLT, NUT])).segments
    bolts, nuts = (0, 0, 0), (1, 1, 1)
    for name, expected in (
        ("lines_per_year", (100, 200)),
        ("pieces_per_year", (200, 600)),
        ("orders_per_year", (100, 200)),
        ("order_visits_per_year", (100, 200)),
        ("customers", (100, 200)),
        ("weight_kg_per_year", (100, 0)),
        ("revenue_per_year", (600, 2400)),
    ):
        array = getattr(found, name)
        assert (array[bolts], array[nuts]) == expected, name
        assert array.sum() == sum(expected), name
    assert found.visit_weight_kg[bolts].tolist() == [1.0] * 10
    assert found.order_value_quantiles[nuts].tolist() == [12.0] * 101


def test_segments_are_what_was_said():
    said = {"customer_class": "A", "item_class": "X", "region": "N"}
    segments = inline_facts(
        inline([BOLT], [{**said, "orders_per_year": 20, "order_visits_per_year": 40}])
    ).segments
    assert segments.orders_per_year[0, 0, 0] == 20
    assert segments.order_visits_per_year[0, 0, 0] == segments.customers[0, 0, 0] == 40
    assert segments.visit_weight_kg[0, 0, 0].tolist() == [2.5] * 10
    assert segments.order_value_quantiles[0, 0, 0, 50] == 30
    assert inline_facts(inline([BOLT], [{**said, "customers": 7}])).segments.customers[0, 0, 0] == 7


def test_numbers_taken_from_order_lines_give_the_same_facts(desk, tmp_path):
    rows = [
        ("o1", "x", 5, "2021-01-01", 2.0, "k1", "N"),
        ("o1", "y", 1, "2021-01-01", 9.0, "k1", "N"),
        ("o2", "x", 2, "2021-01-09", 2.0, "k2", "S"),
        ("o3", "x", 3, "2021-01-10", 2.0, "k1", "S"),
    ]
    source = order_lines(orders_arrive="poisson")
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows), source)
    scenario = question(
        source, items={"unit_cost": 1.5, "unit_weight_kg": 0.2}, segmentation=SIDES, days_per_year=100
    )
    read = facts(scenario, cleaned)
    items = []
    for n, item in enumerate(read.items.items):
        demand = [
            pool(
                "AB"[a % 2],
                "NS"[a // 2],
                read.items.pieces_per_day[n, a],
                read.items.lines_per_day[n, a],
                order_size_second_moment_pieces2=read.items.order_size_second_moment_pieces2[n, a],
            )
            for a in range(4)
        ]
        items.append(
            {
                "item": item,
                "item_class": "XY"[read.items.item_class[n]],
                "unit_cost": 1.5,
                "unit_price": read.items.unit_price[n],
                "unit_weight_kg": 0.2,
                "demand": demand,
            }
        )
    told = inline_facts(inline(items))
    for name in (
        "pieces_per_day",
        "lines_per_day",
        "order_size_second_moment_pieces2",
        "covariance_pieces2_per_day",
    ):
        assert getattr(told.items, name) == pytest.approx(getattr(read.items, name)), name
    for name in ("lines_per_year", "pieces_per_year", "weight_kg_per_year", "revenue_per_year"):
        assert getattr(told.segments, name) == pytest.approx(getattr(read.segments, name)), name


@pytest.mark.parametrize(
    ("items", "segments", "where", "rule"),
    [
        ([BOLT, BOLT], [], "/demand/items", "demand.repeated_item"),
        ([{**BOLT, "item_class": "Q"}], [], "/demand/items/0/item_class", "segmentation.unknown_name"),
        (
            [{**BOLT, "demand": [pool("Q")]}],
            [],
            "/demand/items/0/demand/0/customer_class",
            "segmentation.unknown_name",
        ),
        (
            [{**BOLT, "demand": [pool(region="Q")]}],
            [],
            "/demand/items/0/demand/0/region",
            "segmentation.unknown_name",
        ),
        ([{**BOLT, "demand": [pool(), pool()]}], [], "/demand/items/0/demand/1", "demand.repeated_pool"),
        ([{**BOLT, "demand": [pool(lines=0)]}], [], "/demand/items/0/demand/0", "demand.lines_and_pieces"),
        (
            [{**BOLT, "demand": [pool(order_size_second_moment_pieces2=3.9)]}],
            [],
            "/demand/items/0/demand/0/order_size_second_moment_pieces2",
            "demand.order_size_moment",
        ),
        (
            [BOLT],
            [{"customer_class": "A", "item_class": "X", "region": "Q"}],
            "/demand/segments/0/region",
            "segmentation.unknown_name",
        ),
        (
            [BOLT],
            [{"customer_class": "A", "item_class": "X", "region": "N"}] * 2,
            "/demand/segments/1",
            "demand.repeated_segment",
        ),
    ],
)
def test_contradictions_are_told_with_their_place(items, segments, where, rule):
    with pytest.raises(ScenarioRejected) as caught:
        inline_facts(inline(items, segments))
    assert [(one.where, one.rule) for one in caught.value.findings] == [(where, rule)]


def test_the_hash_knows_every_number_and_name():
    base = inline_facts(inline([BOLT, NUT])).sha256
    assert inline_facts(inline([BOLT, NUT])).sha256 == base
    for changed in (
        [NUT, BOLT],
        [{**BOLT, "item": "bolts"}, NUT],
        [{**BOLT, "unit_cost": 3.0000001}, NUT],
        [{**BOLT, "demand": [pool(region="S")]}, NUT],
        [{**BOLT, "item_class": "Y"}, NUT],
    ):
        assert inline_facts(inline(changed)).sha256 != base


SIZES = [{"pieces": 1, "share": 0.75}, {"pieces": 5, "share": 0.25}]


def test_order_sizes_are_kept_and_give_their_second_moment():
    bolt = {**BOLT, "demand": [pool(order_sizes=SIZES, lines=1.0), pool("B", "S")]}
    found = inline_facts(inline([bolt, NUT])).items
    assert found.order_size_second_moment_pieces2[0].tolist() == [7.0, 0, 0, 4.0]
    sizes = found.order_sizes
    assert (sizes.item.tolist(), sizes.atom.tolist()) == ([0, 0], [0, 0])
    assert (sizes.pieces.tolist(), sizes.lines_per_day.tolist()) == ([1.0, 5.0], [0.75, 0.25])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"order_size_second_moment_pieces2": 7.0}, "both given"),
        ({"order_sizes": [{"pieces": 2, "share": 0.5}]}, "sum to 0.5"),
        ({"pieces": 2.5}, "lines of 2 pieces on average"),
    ],
)
def test_order_sizes_that_cannot_be_are_refused(changes, words):
    bolt = {**BOLT, "demand": [pool(**({"order_sizes": SIZES} | changes))]}
    with pytest.raises(ScenarioRejected) as rejected:
        inline_facts(inline([bolt]))
    assert any(one.rule == "demand.order_sizes" and words in one.what for one in rejected.value.findings)

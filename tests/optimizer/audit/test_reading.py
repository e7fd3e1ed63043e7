"""A policy that cannot be read against its scenario is refused, with everything that is wrong."""

import pytest

from servicepolicy_models.errors import AuditFailed
from servicepolicy_optimizer.audit import audit
from tests.optimizer.audit.small_question import DOCUMENT, decided, facts, scenario


def changed(rows, at, **fields):
    return tuple(row.model_copy(update=fields) if n == at else row for n, row in enumerate(rows))


def refused(policy, **changes):
    with pytest.raises(AuditFailed) as failure:
        audit(scenario(**changes), facts(), policy)
    return [(finding.where, finding.what) for finding in failure.value.findings]


def with_segment(**fields):
    policy = decided()
    return policy.model_copy(update={"segments": changed(policy.segments, 1, **fields)})


def with_item(**fields):
    policy = decided()
    return policy.model_copy(update={"items": changed(policy.items, 0, **fields)})


@pytest.mark.parametrize("means", ["channel", "process", "mode", "frequency", "deployment"])
def test_unknown_means(means):
    ((where, what),) = refused(with_segment(**{means: "pigeon"}))
    assert where == f"/segments/1/{means}"
    assert what.startswith("'pigeon' is not in the scenario; known are [")


@pytest.mark.parametrize("means", ["supply", "deployment"])
def test_unknown_stocking_means(means):
    policy = decided()
    classes = changed(policy.item_classes, 0, **{means: "moon"})
    ((where, _),) = refused(policy.model_copy(update={"item_classes": classes}))
    assert where == f"/item_classes/0/{means}"


def test_a_segment_that_is_missing_and_one_that_is_not_known():
    policy = decided()
    rows = changed(policy.segments, 1, customer_class="Z")
    said = refused(policy.model_copy(update={"segments": rows}))
    assert said == [
        ("/segments", "segment ('B', 'X', '*') has 0 rows; it must have one."),
        ("/segments", "segment ('Z', 'X', '*') is not in the demand facts."),
    ]


def test_promises_by_region_need_rows_by_region():
    said = refused(decided(), segmentation=DOCUMENT["segmentation"] | {"promise_by_region": True})
    assert ("/segments", "segment ('A', 'X', 'North') has 0 rows; it must have one.") in said


def test_an_item_table_that_was_left_out():
    ((where, what),) = refused(decided().model_copy(update={"items": ()}))
    assert where == "/items" and "was left out" in what


def test_an_item_that_is_missing_and_one_that_nobody_asks_for():
    assert refused(with_item(item="nut")) == [
        ("/items", "item 'bolt' of class 'X' has no row for its shelf 'Leeds'/'*'."),
        ("/items", "item 'nut' of class 'X': nobody asks for it on shelf 'Leeds'/'*'."),
    ]


def test_an_item_that_is_there_twice():
    policy = decided()
    ((_, what),) = refused(policy.model_copy(update={"items": policy.items * 2}))
    assert what == "item 'bolt' of class 'X' is there twice on shelf 'Leeds'/'*'."


def test_a_region_that_nobody_serves():
    deployments = [{"name": "central", "serves": {"North": "Leeds"}}]
    said = refused(decided(), deployments=deployments)
    assert ("/segments/0/deployment", "'central' serves 'South' from nowhere.") in said


def test_a_region_without_a_lane():
    lane = {"bands": [{}], "time": {"mean_hours": 30}, "region": "North"}
    said = refused(decided(), modes=[{"name": "road", "lanes": [lane]}])
    assert said[0] == ("/segments/0/mode", "'road' has no lane from 'Leeds' to 'South'.")


@pytest.mark.parametrize(
    ("levels", "what"),
    [
        ({"A": 0.0, "B": 1.0}, "has critical levels on a shelf that is not rationed"),
        ({"C": 1.0}, "names classes that do not exist"),
    ],
)
def test_critical_levels_where_there_are_none(levels, what):
    ((where, said),) = refused(with_item(critical_level_pieces=levels))
    assert where == "/items/0/critical_level_pieces" and what in said


def test_critical_levels_that_fall():
    shelves = {("Leeds", "*"): {"critical_level_pieces": {"A": 2.0, "B": 1.0}}}
    ((_, said),) = refused(decided(stock_policy="rationed", shelves=shelves))
    assert "must start at 0 and never fall" in said


def test_a_negative_order_quantity():
    ((where, _),) = refused(with_item(order_quantity_pieces=-4.0))
    assert where == "/items/0/order_quantity_pieces"


def test_everything_is_said_at_once():
    policy = with_segment(channel="pigeon", mode="balloon")
    classes = changed(policy.item_classes, 0, supply="moon")
    assert len(refused(policy.model_copy(update={"item_classes": classes}))) == 3


def test_a_policy_without_an_answer_claims_nothing():
    empty = decided().model_copy(update={"segments": (), "item_classes": (), "items": (), "cost": None})
    found = audit(scenario(), facts(), empty)
    assert (found.differences, found.broken, found.cost.objective) == ((), (), 0)

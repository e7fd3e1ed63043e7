"""Every number of a Policy is a decision, commentary, or a claim that the audit checks."""

import pytest

from servicepolicy_models.noun import Noun
from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.audit.claims import COMMENTARY
from tests.optimizer.audit.small_question import completed, decided, facts, scenario

DECISIONS = ("reorder_point_pieces", "order_quantity_pieces", "critical_level_pieces")
"""Of a row of the item table. Changed, they are another policy: what follows from them differs."""

PROOF_CLAIMS = ("objective", "item_level_gap")
"""What the proof says that follows from the policy. The rest of it is the solver's."""

QUESTION = {
    "carrying_rate_per_year": 0.25,
    "targets": [{"fill_rate": 0.8, "response_hours": 120, "otif": 0.5, "on_time_probability": 0.9}],
    "terms": [
        {
            "returns_share_of_lines": 0.1,
            "cost_per_returned_line": 7,
            "value_added_cost_per_line": 0.3,
            "minimum_order_value": 50,
            "small_order_surcharge": 2,
        }
    ],
    "channels": [
        {
            "name": "web",
            "cost_per_order": 1.5,
            "labour_hours_per_line": 0.1,
            "labour_cost_per_hour": 20,
            "labour_capacity_hours_per_year": 100,
            "fixed_cost_per_year": 90,
        }
    ],
    "modes": [
        {
            "name": "road",
            "lanes": [
                {
                    "bands": [{"cost_per_shipment": 4, "cost_per_kg": 0.5}],
                    "time": {"mean_hours": 30, "sd_hours": 9},
                    "co2e_kg_per_kg": 0.2,
                }
            ],
        }
    ],
    "frequencies": [{"name": "each order"}, {"name": "twice", "shipments_per_week": 2}],
    "supply": [
        {
            "name": "maker",
            "lead_time_mean_days": 45,
            "unit_cost_factor": 1.1,
            "fixed_cost_per_order": 30,
            "owns_pipeline": True,
            "review_days": 7,
        }
    ],
    "locations": [
        {"name": "Leeds", "storage_cost_per_m3_year": 50, "storage_capacity_m3": 3, "cost_per_piece": 0.3}
    ],
    "stockout_reactions": [{"shortage_factor": 0.4, "demand_lost_share_per_day": 0.01}],
    "budgets": {"inventory_value": 1e6, "total_cost": 1e6, "co2e_kg": 1e6},
}


@pytest.fixture(scope="module")
def question():
    return scenario(**QUESTION)


@pytest.fixture(scope="module")
def policy(question):
    """A right answer, with everything in it that an answer can have."""
    own = {"reorder_point_pieces": 5.0, "critical_level_pieces": {"A": 0.0, "B": 2.0}}
    raw = decided(stock_policy="rationed", shelves={("Leeds", "*"): own}, path={"frequency": "twice"})
    right = completed(question, facts(), raw)
    objective = right.cost.objective
    proof = {"objective": objective, "item_level_bound": 0.9 * objective, "item_level_gap": 0.1}
    return right.model_copy(update={"proof": right.proof.model_copy(update=proof)})


def leaves(value, place=()):
    """(place, value) of every scalar below a value; a place is a path of field names, keys and positions."""
    if isinstance(value, Noun):
        for name in type(value).model_fields:
            yield from leaves(getattr(value, name), (*place, name))
    elif isinstance(value, tuple | dict):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(below, (*place, key))
    else:
        yield place, value


def changed(value, place, new):
    """The value with what stands at a place replaced."""
    if not place:
        return new
    first, *rest = place
    if isinstance(value, Noun):
        return value.model_copy(update={first: changed(getattr(value, first), rest, new)})
    if isinstance(value, dict):
        return value | {first: changed(value[first], rest, new)}
    return tuple(changed(below, rest, new) if n == first else below for n, below in enumerate(value))


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_commentary(place):
    if place[0] == "proof":
        return place[1] not in PROOF_CLAIMS
    return place[0] != "items" and any(name in COMMENTARY for name in place)


def pointer(place):
    return "/" + "/".join(map(str, place))


def test_a_right_answer_passes(question, policy):
    found = audit(question, facts(), policy)
    assert (found.differences, found.broken) == ((), ())
    assert found.largest_relative_difference < 1e-12


def test_the_question_gives_every_figure_something_to_say(policy):
    """A claim of zero cannot be changed by a thousandth: as few as can be."""
    zero = {
        place[-1]
        for place, value in leaves(policy)
        if is_number(value) and value == 0 and place[0] != "proof"
    }
    assert zero <= {"supply", "A", "warehousing", "response", "transport", "lost_sales"}


def test_every_number_that_is_wrong_by_a_thousandth_is_noticed(question, policy):
    wrong = [
        (place, value)
        for place, value in leaves(policy)
        if is_number(value) and not is_commentary(place) and place[-2:-1] != ("critical_level_pieces",)
    ]
    assert len(wrong) > 90
    unseen = []
    for place, value in wrong:
        bad = changed(policy, place, value * 1.001 if value else 0.01)
        found = audit(question, facts(), bad)
        seen = {finding.where for finding in found.differences}
        if pointer(place) not in seen and not (place[-1] in DECISIONS and seen):
            unseen.append(pointer(place))
        assert not seen or found.largest_relative_difference > 1e-6
    assert unseen == []


def test_every_word_that_is_wrong_is_noticed(question, policy):
    """Names of means that do not exist are refused (test_reading); here what was only copied wrongly."""
    for place in (
        ("scenario",),
        ("currency",),
        ("fill_rate_basis",),
        ("segments", 0, "supply"),
        ("items", 0, "distribution"),
        ("items", 0, "supply"),
    ):
        found = audit(question, facts(), changed(policy, place, "wrong"))
        assert pointer(place) in {finding.where for finding in found.differences}, place


def test_another_reserve_is_another_policy(question, policy):
    found = audit(question, facts(), changed(policy, ("items", 0, "critical_level_pieces", "B"), 3.0))
    seen = {finding.where for finding in found.differences}
    assert {"/items/0/unit_fill_rate/A", "/items/0/unit_fill_rate/B", "/stock_value/reserve"} <= seen


def test_a_figure_that_is_missing_is_a_difference(question, policy):
    for place in (("cost",), ("fill_rate",), ("uses",), ("segments", 0, "target_response_hours")):
        empty = () if place == ("uses",) else None
        found = audit(question, facts(), changed(policy, place, empty))
        assert any(finding.where.startswith(pointer(place)) for finding in found.differences), place


def test_a_class_that_orders_must_have_its_fill_rate_in_the_item_table(question, policy):
    bad = changed(
        policy, ("items", 0, "unit_fill_rate"), {"A": policy.items[0].unit_fill_rate["A"], "Z": 1.0}
    )
    seen = {finding.where for finding in audit(question, facts(), bad).differences}
    assert seen == {"/items/0/unit_fill_rate/B", "/items/0/unit_fill_rate/Z"}


def test_every_field_that_is_not_checked_is_named_with_its_reason():
    names = {name for noun in _nouns(type(decided())) for name in noun.model_fields}
    assert set(COMMENTARY) <= names
    assert all(COMMENTARY.values())


def _nouns(noun):
    yield noun
    for field in noun.model_fields.values():
        for kind in [field.annotation, *getattr(field.annotation, "__args__", ())]:
            if isinstance(kind, type) and issubclass(kind, Noun):
                yield from _nouns(kind)


def test_a_difference_says_where_and_what(question, policy):
    bad = changed(policy, ("segments", 1, "cost", "transport"), 99.0)
    (finding,) = audit(question, facts(), bad).differences
    assert finding.where == "/segments/1/cost/transport"
    assert finding.what.startswith("the policy says 99, recomputed it is ")
    assert finding.rule == "audit.difference" and finding.mend

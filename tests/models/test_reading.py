"""A document is a scenario, or a list of findings that name the place; never anything else."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicepolicy_models.complaints import nearest
from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_models.reading import MOST_FINDINGS, read_scenario
from servicepolicy_models.scenario import Scenario


def findings(document):
    """Pointer -> (rule, what, mend) of a document that must be rejected."""
    with pytest.raises(ScenarioRejected) as rejected:
        read_scenario(document)
    assert all(one.where == "" or one.where.startswith("/") for one in rejected.value.findings)
    return {one.where: (one.rule, one.what, one.mend) for one in rejected.value.findings}


def test_text_and_parsed_text_give_the_same_scenario(inline):
    assert read_scenario(json.dumps(inline).encode()) == read_scenario(inline)


def test_a_byte_order_mark_is_read_over(inline):
    assert read_scenario(b"\xef\xbb\xbf" + json.dumps(inline).encode()).name == "spare-parts"


def test_what_is_written_is_read_back(lines):
    scenario = read_scenario(lines)
    assert read_scenario(scenario.model_dump_json().encode()) == scenario


@pytest.mark.parametrize(
    ("change", "where", "rule", "mend"),
    [
        ({"chanels": []}, "/chanels", "scenario.unknown_field", 'Did you mean "channels"?'),
        ({"zzzzzz": 1}, "/zzzzzz", "scenario.unknown_field", "Remove it; known here: schema_version, name"),
        ({"currency": "euro"}, "/currency", "scenario.wrong_value", "[A-Z]{3}"),
        ({"on_time_probability": "0.2"}, "/on_time_probability", "scenario.wrong_type", "Write a number."),
        ({"on_time_probability": True}, "/on_time_probability", "scenario.wrong_type", "Write a number."),
        ({"carrying_rate_per_year": -1}, "/carrying_rate_per_year", "scenario.out_of_range", "or above 0."),
        ({"on_time_probability": 1}, "/on_time_probability", "scenario.out_of_range", "below 1."),
        ({"days_per_year": 0}, "/days_per_year", "scenario.out_of_range", "above 0."),
        ({"days_per_year": 400}, "/days_per_year", "scenario.out_of_range", "at or below 366."),
        ({"limits": {"seed": 1.5}}, "/limits/seed", "scenario.wrong_type", "Write a whole number."),
        ({"limits": None}, "/limits", "scenario.wrong_type", "Write an object."),
        ({"count_lost_sales": "yes"}, "/count_lost_sales", "scenario.wrong_type", "Write true or false."),
        ({"name": 7}, "/name", "scenario.wrong_type", "Write a text."),
        ({"name": ""}, "/name", "scenario.wrong_length", "Give 1 or more characters."),
        ({"name": "x" * 121}, "/name", "scenario.wrong_length", "Give 120 or fewer characters."),
        ({"channels": "web"}, "/channels", "scenario.wrong_type", "Write a list."),
        ({"channels": []}, "/channels", "scenario.wrong_length", "Give 1 or more entries."),
        ({"stock_policies": ["poled"]}, "/stock_policies/0", "scenario.wrong_value", '"pooled", "separate"'),
        ({"schema_version": "2"}, "/schema_version", "scenario.wrong_value", 'Write "1".'),
        ({"demand": {}}, "/demand", "scenario.missing_field", '"kind": "order_lines" or "kind": "inline"'),
        ({"demand": {"kind": "erp"}}, "/demand", "scenario.wrong_value", '"kind": "order_lines" or'),
        ({"demand": {"kind": "inline"}}, "/demand/items", "scenario.missing_field", "Add it"),
        ({"demand": [1]}, "/demand", "scenario.wrong_type", "Write an object."),
        ({"targets": [{"otif": "x"}]}, "/targets/0/otif", "scenario.wrong_type", "Write a number."),
        (
            {"targets": [{"fill_rate": 0.9, "cycle_service_level": 0.9}]},
            "/targets/0", "scenario.contradiction", "Say which one is promised.",
        ),
        (
            {"deployments": [{"name": "d", "serves": {"UK/Ireland": 3}}]},
            "/deployments/0/serves/UK~1Ireland", "scenario.wrong_type", "Write a text.",
        ),
    ],
)  # fmt: skip
def test_a_wrong_field_is_told_with_its_place_and_mend(inline, change, where, rule, mend):
    found = findings({**inline, **change})
    assert list(found) == [where]
    assert found[where][0] == rule
    assert mend in found[where][2]


def test_everything_wrong_is_told_at_once(inline):
    del inline["currency"]
    inline["channels"][0]["nam"] = inline["channels"][0].pop("name")
    inline["modes"][0]["lanes"][0]["bands"][0]["to_kg"] = 0
    inline["demand"]["items"][3]["demand"][1]["pieces_per_day"] = None
    assert set(findings(inline)) == {
        "/currency",
        "/channels/0/name",
        "/channels/0/nam",
        "/modes/0/lanes/0/bands/0/to_kg",
        "/demand/items/3/demand/1/pieces_per_day",
    }


def test_a_missing_field_says_what_it_means(inline):
    del inline["carrying_rate_per_year"]
    assert "holding stock worth one unit" in findings(inline)["/carrying_rate_per_year"][2]


def test_too_many_findings_are_cut_and_counted(inline):
    inline["targets"] = [{"fill_rate": 2}] * (MOST_FINDINGS + 50)
    found = findings(inline)
    assert len(found) == MOST_FINDINGS + 1
    assert "50 more" in found[""][1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "EOF"),
        (b'{"name": "x",\n  "currency": }', "line 2 column 15"),
        (b'{"name": "\xff"}', "unicode"),
        (b'{"name": ' + b"[" * 100_000, "recursion"),
        (b'{"days_per_year": ' + b"9" * 5000 + b"}", "out of range"),
        (b"[1, 2", "line 1 column 5"),
    ],
)
def test_a_text_that_is_no_json_is_one_finding(text, says):
    ((where, (rule, what, _)),) = findings(text).items()
    assert (where, rule) == ("", "json.syntax")
    assert says in what


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "-1e999", "9" * 400])
def test_a_number_that_is_none_names_its_place(inline, number):
    text = json.dumps(inline).replace('"carrying_rate_per_year": 0.22', f'"carrying_rate_per_year": {number}')
    rule = findings(text.encode())["/carrying_rate_per_year"][0]
    assert rule in {"scenario.wrong_type", "scenario.out_of_range"}


@pytest.mark.parametrize("unfit", [{1, 2}, b"x", object()])
def test_a_document_that_json_cannot_say_is_rejected(inline, unfit):
    assert findings({**inline, "name": unfit})[""][0] == "json.syntax"


def test_a_document_without_end_is_rejected(inline):
    inline["notes"] = [inline]
    assert findings(inline)[""][0] == "json.syntax"


def test_the_nearest_name_is_found_whatever_its_case():
    assert nearest("cHanels", ["channels", "modes"]) == "channels"
    assert nearest("qqq", ["channels", "modes"]) is None


def places(value, path=()):
    """Every place in a document, as a tuple of steps."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in inner:
        yield from places(child, (*path, step))


JUNK = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=8),
        st.sampled_from(["A", "*", "pooled", "inline", "order_lines", "web shop"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutation_gives_anything_but_a_scenario_or_a_rejection(inline, lines, data):
    document = copy.deepcopy(data.draw(st.sampled_from([inline, lines])))
    for _ in range(data.draw(st.integers(1, 3))):
        *above, last = data.draw(st.sampled_from([place for place in places(document) if place]))
        parent = document
        for step in above:
            parent = parent[step]
        match data.draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                parent[last] = data.draw(JUNK)
            case "remove":
                del parent[last]
            case "add" if isinstance(parent, dict):
                parent[data.draw(st.text(max_size=8))] = data.draw(JUNK)
            case "add":
                parent.append(data.draw(JUNK))
    try:
        assert isinstance(read_scenario(document), Scenario)
    except ScenarioRejected as rejected:
        assert rejected.findings


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=60))
def test_no_bytes_give_anything_but_a_rejection(text):
    with pytest.raises(ScenarioRejected):
        read_scenario(text)

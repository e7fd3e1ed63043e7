"""For every rule about how the parts of a scenario fit together: a scenario that breaks it, and it alone."""

import re
from pathlib import Path

import pytest

from servicepolicy_models import consistency
from servicepolicy_models.consistency import RULES, check, is_sound, known, require
from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_models.findings import Severity
from servicepolicy_models.reading import read_scenario
from tests.models.broken import INLINE, LINES


def put(document, place, value):
    """Set what a place like `targets.0.fill_rate` holds; `+` appends to a list."""
    *above, last = place.split(".")
    for step in above:
        document = document[int(step)] if isinstance(document, list) else document.setdefault(step, {})
    if last == "+":
        document.append(value)
    else:
        document[int(last) if isinstance(document, list) else last] = value


CASES = [("inline", *case) for case in INLINE] + [("lines", *case) for case in LINES]


@pytest.mark.parametrize(("base", "rule", "where", "words", "changes"), CASES)
def test_a_rule_that_is_broken_is_told_once(request, base, rule, where, words, changes):
    document = request.getfixturevalue(base)
    for place, value in changes.items():
        put(document, place, value)
    (finding,) = check(read_scenario(document))
    assert not is_sound(read_scenario(document))
    assert (finding.where, finding.rule) == (where, rule)
    assert words in f"{finding.what} {finding.mend}"
    assert finding.mend


@pytest.mark.parametrize("base", ["inline", "lines"])
def test_what_no_rule_finds_anything_in_is_sound(request, base):
    scenario = read_scenario(request.getfixturevalue(base))
    assert (check(scenario), is_sound(scenario)) == ((), True)


def test_whether_all_is_sound_needs_no_suggestion(inline, monkeypatch):
    monkeypatch.setattr(known, "nearest", lambda name, listed: pytest.fail("compared"))
    inline["targets"][0]["customer_class"] = "AA"
    assert not is_sound(read_scenario(inline))


def test_one_customer_class_makes_two_stock_policies_needless(inline):
    inline["segmentation"] = {"customers": {"classes": ["A"], "measure": "none", "cut_offs": []}}
    inline["targets"] = [one for one in inline["targets"] if one["customer_class"] == "A"]
    for item in inline["demand"]["items"]:
        item["demand"] = item["demand"][:1]
    (finding,) = check(read_scenario(inline))
    assert (finding.rule, finding.severity) == ("stock_policy.single_class", Severity.NOTE)
    assert "separate and rationed" in finding.what


def test_an_example_exists_for_every_rule_code():
    files = Path(consistency.__file__).parent.glob("*.py")
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    codes = set(re.findall(r'"([a-z_]+\.[a-z_]+)"', source))
    assert codes == {rule for _, rule, *_ in CASES} | {"stock_policy.single_class"}


def test_every_rule_says_in_words_what_it_asks():
    assert [rule.__name__ for rule in RULES if not rule.__doc__] == []


def test_all_findings_come_at_once_and_errors_reject(inline):
    put(inline, "targets.0.region", "Norway")
    put(inline, "channels.0.customer_classes", ["D"])
    put(inline, "budgets", {"co2e_kg": 0})
    with pytest.raises(ScenarioRejected) as rejected:
        require(read_scenario(inline))
    assert [one.rule for one in rejected.value.findings] == ["name.unknown", "name.unknown", "budget.zero"]


def test_warnings_alone_do_not_reject(inline):
    put(inline, "budgets", {"co2e_kg": 0})
    assert [one.rule for one in require(read_scenario(inline))] == ["budget.zero"]


def test_fixing_a_combination_and_forbidding_another_is_no_contradiction(inline):
    put(inline, "rules", {
        "fixed": [{"mode": "parcel", "item_class": "A"}],
        "forbidden": [{"mode": "parcel", "process": "express"}, {"mode": "parcel", "item_class": "B"}],
    })  # fmt: skip
    assert check(read_scenario(inline)) == ()


def test_equal_order_sizes_with_a_rounded_mean_are_possible(inline):
    put(inline, "demand.items.0.demand.0", {
        "customer_class": "A", "pieces_per_day": 0.333333, "lines_per_day": 0.111111,
        "order_size_second_moment_pieces2": 9,
    })  # fmt: skip
    assert check(read_scenario(inline)) == ()


@pytest.mark.parametrize(("base", "changes"), [(one[0], one[4]) for one in CASES if one[1] == "name.unknown"])
def test_names_are_told_as_if_each_had_been_asked_about(request, monkeypatch, base, changes):
    document = request.getfixturevalue(base)
    for place, value in changes.items():
        put(document, place, value)
    scenario = read_scenario(document)
    told = list(known.names_are_known(scenario))
    monkeypatch.setattr(known, "_all_known", lambda nouns, _: not nouns)
    assert told == list(known.names_are_known(scenario)) != []

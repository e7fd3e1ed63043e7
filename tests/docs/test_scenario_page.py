"""docs/scenario.md says what the models say."""

from enum import StrEnum

import pytest

from docs import scenario_fields
from servicepolicy_models.scenario import Scenario


def test_the_committed_page_is_what_the_models_say(capsys):
    assert scenario_fields.main(["--check"]) == 0, capsys.readouterr().out


def test_every_noun_of_the_schema_has_its_place():
    told = [noun.__name__ for nouns in scenario_fields.SUBJECTS.values() for noun in nouns]
    assert sorted(told) == sorted([*Scenario.model_json_schema()["$defs"], "Scenario"])


def test_every_noun_but_the_largest_has_an_example():
    shown = {*scenario_fields.shipped_examples(), *scenario_fields.WRITTEN_BY_HAND}
    nouns = {noun for nouns in scenario_fields.SUBJECTS.values() for noun in nouns}
    without = {noun.__name__ for noun in nouns if not issubclass(noun, StrEnum)} - {
        one.__name__ for one in shown
    }
    assert without <= {"Scenario", "InlineDemand"}


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 1e15}, "number, above 0"),
        ({"type": "integer", "minimum": 4, "maximum": 200}, "whole number, 4 to 200"),
        ({"type": "string", "pattern": "^[A-Z]{3}$"}, "text that matches `^[A-Z]{3}$`"),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, "number"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "object: name -> text"),
    ],
)
def test_a_value_is_told_in_words(field, words):
    assert scenario_fields.value(field) == words

"""The glossary names fields that exist."""

import re
from typing import get_args

import pytest
from pydantic import BaseModel

from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.simulation import Simulation

ROOTS = {"Scenario": Scenario, "Policy": Policy, "Simulation": Simulation}


def nouns_in(annotation):
    """The nouns within an annotation: those of a list, of a union, or itself."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [noun for inner in get_args(annotation) for noun in nouns_in(inner)]


def exists(path):
    """Tell whether a dotted path leads from a root to a field."""
    root, *names = path.split(".")
    nouns = [ROOTS[root]]
    for name in names:
        fields = [noun.model_fields[name] for noun in nouns if name in noun.model_fields]
        if not fields:
            return False
        nouns = [noun for field in fields for noun in nouns_in(field.annotation)]
    return True


@pytest.fixture(scope="module")
def page(checkout):
    return (checkout / "docs" / "glossary.md").read_text(encoding="utf-8")


def test_every_field_that_is_named_exists(page):
    named = re.findall(r"`((?:Scenario|Policy|Simulation)[\w.]*)`", page)
    assert len(named) > 30
    assert [path for path in named if not exists(path)] == []


def test_a_field_that_does_not_exist_is_seen():
    assert exists("Policy.segments.otif")
    assert not exists("Policy.segments.fill_rates")


def test_every_part_of_the_cost_is_explained(page):
    parts = Policy.model_fields["cost"].annotation
    (cost,) = nouns_in(parts)
    assert [part for part in cost.model_fields if f"`Policy.cost.{part}`" not in page] == []


def test_rows_have_four_cells(page):
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert [row for row in rows if row.count("|") != 5] == []

"""Every scenario that is shipped can be asked, and says what it assumes."""

import json

import pytest

from servicepolicy_models.consistency import check
from servicepolicy_models.pointer import pointer
from servicepolicy_models.reading import read_scenario

NAMES = ("online-retail", "spare-parts", "synthetic-wholesaler")
PUBLISHED = {
    ("A", "A"): (0.99, 24), ("A", "B"): (0.95, 24), ("A", "C"): (0.85, 48),
    ("B", "A"): (0.97, 24), ("B", "B"): (0.9, 48), ("B", "C"): (0.8, 72),
    ("C", "A"): (0.9, 48), ("C", "B"): (0.75, 72), ("C", "C"): (0.5, 96),
}  # fmt: skip
# How the order lines are read and how the solver is limited: not statements about the company.
NOT_ABOUT_THE_COMPANY = ("/days_per_year", "/demand/period_days", "/limits")


def numbers(value, path=()):
    """The pointers of all numbers in a document."""
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for step, child in inner:
            yield from numbers(child, (*path, step))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield pointer(*path)


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


def test_it_is_valid_without_a_finding(checkout, name):
    assert check(read_scenario((checkout / "scenarios" / name / "scenario.json").read_bytes())) == ()


def test_it_is_called_like_its_folder_and_has_a_page(checkout, name):
    folder = checkout / "scenarios" / name
    assert json.loads((folder / "scenario.json").read_bytes())["name"] == name
    assert "servicepolicy " in (folder / "README.md").read_text(encoding="utf-8")


def test_its_targets_are_the_published_nine(checkout, name):
    scenario = read_scenario((checkout / "scenarios" / name / "scenario.json").read_bytes())
    nine = {
        (one.customer_class, one.item_class): (one.fill_rate, one.response_hours)
        for one in scenario.targets
        if one.fill_rate is not None
    }
    assert nine == PUBLISHED


def test_the_published_nine_are_the_published_nine(shared):
    cases = json.loads((shared / "oracles" / "cases.json").read_bytes())
    (policy,) = (case["inputs"]["policy"] for case in cases if case["id"] == "SEG-01")
    assert {tuple(segment.split("-")): tuple(values) for segment, values in policy.items()} == PUBLISHED


def test_every_number_about_the_real_company_is_marked_as_assumed(checkout):
    document = json.loads((checkout / "scenarios" / "online-retail" / "scenario.json").read_bytes())
    covered = (*NOT_ABOUT_THE_COMPANY, *(one["field"] for one in document["assumptions"]))
    unmarked = [
        place for place in numbers(document)
        if not any(place == above or place.startswith(f"{above}/") for above in covered)
    ]  # fmt: skip
    assert unmarked == []
    assert all(len(one["text"]) > 20 for one in document["assumptions"])

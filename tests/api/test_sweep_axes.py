"""The axes of a sweep are read back from its patches."""

import itertools
import json

import pytest

from servicepolicy_api.sweep_axes import axes_of, called, figures_of, patch_of
from servicepolicy_models.merge_patch import merged
from servicepolicy_models.scenario import Scenario


@pytest.fixture
def written(document):
    """The smallest complete question with all its defaults, as a run keeps it."""
    return Scenario.model_validate(document).model_dump(mode="json")


def test_what_was_chosen_comes_back_as_axes(written):
    chosen = {
        "/carrying_rate_per_year": (0.2, 0.22, 0.3),
        "/modes/1/lanes/0/bands/0/cost_per_shipment": (5, 6),
    }
    points = list(itertools.product(*chosen.values()))
    patches = [patch_of(written, dict(zip(chosen, point, strict=True))) for point in points]
    found = axes_of(written, patches)
    assert {axis.where: axis.values for axis in found.axes} == chosen
    assert [dict(zip((one.where for one in found.axes), at, strict=True)) for at in found.at] == [
        dict(zip(chosen, point, strict=True)) for point in points
    ]


def test_two_figures_of_one_list_do_not_undo_each_other(written):
    both = {"/targets/0/fill_rate": 0.97, "/targets/8/fill_rate": 0.6}
    changed = merged(written, patch_of(written, both))
    assert [changed["targets"][n]["fill_rate"] for n in (0, 8)] == [0.97, 0.6]
    assert changed["targets"][1] == written["targets"][1]


def test_a_budget_that_was_not_there_is_an_axis(written):
    where = "/budgets/inventory_value"
    assert figures_of(written)[where] is None
    patches = [patch_of(written, {where: 40_000}), patch_of(written, {where: 50_000}), {}]
    (axis,) = axes_of(written, patches).axes
    assert (axis.where, axis.values) == (where, (40_000, 50_000, None))


def test_what_is_removed_is_absent(written):
    budget = written | {"budgets": {"inventory_value": 40_000.0}}
    (axis,) = axes_of(budget, [{"budgets": {"inventory_value": None}}, {}]).axes
    assert axis.values == (40_000.0, None)


def test_figures_are_named_so_that_each_can_be_chosen(written):
    names = {where: called(written, where) for where in figures_of(written)}
    assert names["/modes/0/lanes/0/bands/0/cost_per_kg"].startswith("modes · courier · lanes")
    assert names["/targets/1/fill_rate"] == "targets · A/B · fill rate"
    assert not any(where.startswith("/demand") for where in names)
    json.dumps(names)


def test_patches_that_are_all_the_same_have_no_axis(written):
    found = axes_of(written, [{"name": "x"}, {"name": "y"}, {}])
    assert found.axes == () and found.at == ((), (), ())

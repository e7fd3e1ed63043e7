"""The picture is well formed and shows the policy's own numbers."""

from xml.etree import ElementTree

import pytest

from docs import picture
from servicepolicy_api.show.amounts import hours, promise
from servicepolicy_models.cost import COST_PARTS
from tests.api import policies

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def policy():
    return policies.policy()


def words(drawn):
    return [one.text for one in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def test_every_promise_is_written_in_its_cell(policy):
    told = words(picture.picture(policy))
    for segment in policy.segments:
        assert promise(segment.promised_fill_rate) in told
        assert f"within {hours(segment.promised_response_hours)}" in told


def test_every_part_of_the_cost_is_written_for_every_policy(policy):
    told = words(picture.picture(policy))
    for cost in (policy.cost, *(one.cost for one in policy.baselines if one.cost)):
        amounts = [getattr(cost, part) for part in COST_PARTS]
        assert {picture.thousands(amount) for amount in (*amounts, cost.objective)} <= set(told)


def test_every_coloured_cell_and_bar_has_a_number(policy):
    root = ElementTree.fromstring(picture.picture(policy))
    texts = [(float(one.get("x")), float(one.get("y")), one.text) for one in root.iter(f"{SVG}text")]
    boxes = [one for one in root.iter(f"{SVG}rect") if one.get("rx") == "2"]
    assert boxes
    for box in boxes:
        left, top, height = (float(box.get(name)) for name in ("x", "y", "height"))
        beside = [text for x, y, text in texts if left <= x <= left + 160 and top <= y <= top + height]
        assert any(any(letter.isdigit() for letter in text) for text in beside)


def test_a_name_may_hold_any_letters(policy):
    named = policy.model_copy(update={"scenario": 'a < b & "c"'})
    assert any('a < b & "c"' in text for text in words(picture.picture(named)))


def test_the_committed_picture_can_be_read(checkout):
    assert len(words((checkout / "docs" / "picture.svg").read_text(encoding="utf-8"))) > 50


def test_two_files_are_asked_for(capsys):
    assert picture.main(["only one"]) == 2
    assert "usage" in capsys.readouterr().out

"""The answers of the worked story add up: the page runs too long, so their sums are computed again."""

import re
from itertools import pairwise

import pytest

from docs import console
from servicepolicy_api.cli import COMMANDS

NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="module")
def printed(checkout):
    """What a command of the page printed, by its first words."""
    told = console.steps((checkout / "docs" / "worked-story.md").read_text(encoding="utf-8"))

    def of(words):
        (step,) = (one for one in told if one.command.startswith(f"servicepolicy {words}"))
        return step.printed

    of.commands = [one.command for one in told]
    return of


def rows(lines, like):
    """The numbers of every line that matches."""
    return [[_number(one) for one in NUMBER.findall(line)] for line in lines if re.search(like, line)]


def _number(text):
    return float(text.replace(",", ""))


def test_every_command_of_the_page_is_one(printed):
    names = {command.__name__ for command in COMMANDS}
    asked = [one.split()[1] for one in printed.commands if one.startswith("servicepolicy")]
    assert set(asked) <= names
    assert {"solve", "repairs", "frontier", "prices", "compare", "robust", "classes", "qualify"} <= set(asked)


@pytest.mark.parametrize("words", ["solve base", "solve child"])
def test_the_six_parts_are_the_cost_and_the_audit_agrees(printed, words):
    lines = printed(words)
    parts = "response|inventory|supply|transport|warehousing|lost sales"
    by_part = [row[0] for row in rows(lines, rf"^ ({parts})  ")]
    ((total, *_),) = rows(lines, r"^ all six ")
    assert len(by_part) == 6 and sum(by_part) == pytest.approx(total, abs=3)
    ((objective,),) = rows(lines, r"^ objective ")
    assert objective == total
    ((difference,),) = [[float(line.split()[-2])] for line in lines if "audit, largest" in line]
    assert difference < 1e-6


def test_a_repair_costs_more_than_the_reference_by_what_is_told(printed):
    lines = printed("repairs")
    (reference,) = (re.search(r"counted from ([\d,]+)", one) for one in lines if "counted from" in one)
    repairs = rows(lines, r"^ [12]    Promise")
    assert len(repairs) == 2
    for row in repairs:
        *_, cost, difference = row
        assert cost - _number(reference.group(1)) == pytest.approx(difference, abs=1)


def test_the_bridge_leads_from_the_one_cost_to_the_other_to_the_cent(printed):
    lines = printed("compare")
    start = next(n for n, line in enumerate(lines) if line.startswith("From "))
    amounts = [row[-1] for row in rows(lines[start + 1 :], r"\d\.\d\d$")]
    before, *moves, after = amounts[: 2 + len([one for one in lines if re.search(r"[+-][\d,]+\.\d\d$", one)])]
    assert moves and round(100 * before) + sum(round(100 * one) for one in moves) == round(100 * after)


def test_a_frontier_rises_and_what_is_left_on_the_table_is_the_difference(printed):
    points = rows(printed("frontier"), r"^ +\d\d\.\d\d %  ")
    assert len(points) == 25
    for (service, cost, at_least, *_), (more, dearer, *_) in pairwise(points):
        assert more > service and dearer >= cost >= at_least
    known = rows(printed("frontier"), r"^ (this policy|one size|no promises).* (yes|no)$")
    compared = [row for row in known if len(row) == 4]
    assert compared
    for _, cost, frontier, left in compared:
        assert cost - frontier == pytest.approx(left, abs=1)


def test_the_mean_over_the_futures_is_the_cost_and_regrets_are_differences(printed):
    lines = printed("robust")
    futures = rows(lines, r"^ \S.* \d+\.0 %  ")
    assert len(futures) == 5
    for weight, cost, own, regret in futures:
        assert cost - own == pytest.approx(regret, abs=1) and 0 < weight <= 100
    (mean,) = (re.search(r"^Mean cost ([\d,]+)", one) for one in lines if one.startswith("Mean cost"))
    assert sum(row[0] / 100 * row[1] for row in futures) == pytest.approx(_number(mean.group(1)), abs=1)


def test_the_classings_are_told_against_the_best(printed):
    found = [row for row in rows(printed("classes"), r"^ \dx\d .*\d,\d{3}")]
    best = min(row[-2] for row in found)
    assert len(found) >= 3
    assert all(row[-2] - best == pytest.approx(row[-1], abs=1) for row in found)

"""Races are timed in turn, memory is that of a process of its own, what is around the measured part stays."""

from dataclasses import replace
from functools import partial
from operator import mul

import pytest

from benchmarks import run as bench
from benchmarks.page import PAGE, with_text
from benchmarks.race import Race, alone, run

MEGABYTES = 200


def make_nothing(folder):
    return [3, 1, 2]


def one_item_more(material):
    return (float(len(material)), "items")


RACE = Race(
    "Sorting",
    "Both sort.",
    "as fast",
    make_nothing,
    {"sorted": sorted, "list": list},
    "list",
    3,
    one_item_more,
)


def test_every_contestant_is_compared_with_the_one_named():
    laps, work = run(RACE)
    assert [lap.name for lap in laps] == ["sorted", "list"]
    assert laps[1].ratio == 1.0
    assert laps[0].ratio_from <= laps[0].ratio <= laps[0].ratio_to
    assert work == (3.0, "items")
    text = bench.section(RACE, laps, *work)
    assert "time / time of list" in text and text.endswith("Goal: as fast.\n")


def test_memory_is_what_the_contestant_itself_takes():
    found = alone(partial(mul, b"x"), MEGABYTES * 1_000_000)
    assert found.peak_mb - found.waiting_mb == pytest.approx(MEGABYTES, rel=0.05)


def test_who_runs_once_is_measured_by_itself():
    laps, _ = run(replace(RACE, once=True))
    assert [lap.name for lap in laps] == ["sorted", "list"] and laps[1].ratio == 1.0
    assert all(lap.peak_mb >= lap.waiting_mb > 0 for lap in laps)


def test_every_race_has_the_one_it_is_compared_with():
    races = [race for race in {**bench.SHORT, **bench.FULL}.values() if isinstance(race, Race)]
    assert [race.name for race in races if race.against not in race.contestants] == []


def test_every_section_has_its_place_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    for name in {**bench.SHORT, **bench.FULL}:
        assert "## A race" in with_text(page, f"bench: {name}", "## A race")

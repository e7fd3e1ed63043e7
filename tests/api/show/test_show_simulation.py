"""The terminal says first which promises do not hold, and takes names as names."""

import io

import pytest
from rich.console import Console

from servicepolicy_api.show.simulation import print_simulation
from tests.api.simulations import simulation


@pytest.fixture
def text():
    file = io.StringIO()
    print_simulation(simulation(), Console(file=file, width=150, markup=False, emoji=False, highlight=False))
    return file.getvalue()


def test_the_verdict_comes_first(text):
    lines = text.splitlines()
    assert lines[0] == "by hand: 10 runs of 3 years (1,095 days), demand assumed, seed 1"
    assert lines[1] == "1 of 4 promises do not hold, 1 are open."
    assert lines[2] == "Fill rate below its promise: A-A."


def test_the_figures_stand_beside_promise_and_plan(text):
    row = next(line for line in text.splitlines() if line.startswith(" A-A"))
    told = ["92.5 %", "93.12 %", "91.1 ± 1.0 %", "92.2 ± 1.0 %", "73.3 ± 1.0 %", "84.4 ± 1.0 %", "broken"]
    assert [row.index(one) for one in told] == sorted(row.index(one) for one in told)
    for part in ("97.7 ± 1.0 %", "88.8 ± 1.0 %", "89.9 ± 1.0 %", "0.66", "60 h", "not asked"):
        assert part in text


def test_names_stay_names(text):
    assert "[red]B-A" in text
    assert "[blink]odd[/blink]. (3 times)" in text
    assert "Played :smile:." in text

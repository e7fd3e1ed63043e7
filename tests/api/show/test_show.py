"""The terminal shows what the answer holds, and takes names as names."""

import io

import pytest
from rich.console import Console

from servicepolicy_api.show.answer import print_policy
from servicepolicy_api.show.screen import screen
from tests.api.policies import nothing_held, refusal


@pytest.fixture
def shown():
    """What a policy looks like, as text."""

    def text(policy, width=150):
        file = io.StringIO()
        console = Console(file=file, width=width, markup=False, emoji=False, highlight=False)
        print_policy(policy, console)
        return file.getvalue()

    return text


def test_promises_come_first_by_region_then_costs_and_proof(policy, shown):
    text = shown(policy)
    order = ["response time, North", "response time, South", "Segments", "Cost per year", "Stock by", "Proof"]
    assert [text.index(one) for one in order] == sorted(text.index(one) for one in order)
    assert "92.5 % within 48 h" in text


def test_savings_are_against_each_baseline(policy, shown):
    text = shown(policy)
    assert "21,000 (20.0 %)" in text
    assert "policy in force: As today. It breaks: Too late." in text


def test_names_stay_names(policy, shown):
    text = shown(policy)
    for name in ("[bold]web", "[blink]odd[/blink]", "[i]invented[/i]"):
        assert name in text


def test_a_refusal_says_what_cannot_be_kept_and_that_it_is_proven(shown):
    text = shown(refusal())
    assert "24 h needs a courier." in text
    assert "no policy keeps every promise" in text
    assert "Segments" not in text


def test_nothing_held_says_so(shown):
    text = shown(nothing_held().model_copy(update={"conflicts": refusal().conflicts}))
    text = " ".join(text.split())
    assert "No policy was found that keeps every promise" in text
    assert "nor a proof that there is none" in text
    assert "Proven" not in text


def test_proof_and_uses_are_told(policy, shown):
    text = shown(policy)
    for told in ("0.012 %", "3.4 %", "stock 1.25", "97.0 %", "ab" * 32):
        assert told in text


@pytest.mark.parametrize("width", [20, 40, 80, 300])
def test_every_width_can_be_printed(policy, shown, width):
    assert shown(policy, width)


def test_a_pipe_is_wide_enough_for_every_number(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert screen().width == 150

"""Every field of a scenario changed by itself: what was found for all the others is no part of the answer."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from servicepolicy_models.consistency import require
from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer import item_by_item
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.recall import NOTHING_KEPT, InMemory, Recall
from servicepolicy_optimizer.settle import objective, settle
from tests.optimizer.small_inline import small_scenario

Pointer = tuple[str | int, ...]

UNSAID = (0.97, 50.0)
"""What is tried for a field that is 0 or absent."""


def fields(part: Any, at: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """Every field that is no noun and no list, by where it stands."""
    if isinstance(part, dict | list):
        inside = part.items() if isinstance(part, dict) else enumerate(part)
        for name, value in inside:
            yield from fields(value, (*at, name))
    else:
        yield at, part


def others(value: Any) -> tuple[Any, ...]:
    """Other values of a field; none of a text."""
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value + 1,)
    if isinstance(value, float) and value:
        return (0.7 * value, 1.3 * value)
    return UNSAID if value is None or value == 0.0 else ()


def changed(document: dict[str, Any]) -> Iterator[tuple[Pointer, Scenario]]:
    """The scenario once for every field, the first noun of a list standing for all."""
    for at, value in fields(document):
        if any(isinstance(step, int) and step > 0 for step in at):
            continue
        for other in others(value):
            patched = deepcopy(document)
            part: Any = patched
            for step in at[:-1]:
                part = part[step]
            part[at[-1]] = other
            try:
                scenario = Scenario.model_validate(patched)
                require(scenario)
            except (ValidationError, ScenarioRejected):
                continue
            yield at, scenario
            break


def settled(scenario: Scenario, recall: Recall) -> tuple[Any, ...] | str:
    """Every digit of what is decided, and of the columns and prices that led to it."""
    try:
        asked = question(scenario, inline_facts(scenario), Known(recall=recall), in_silence)
        found = settle(asked, in_silence)
    except ScenarioRejected as refused:
        return str(refused)
    decided, curves = found.decided, found.question.curves
    return (
        (objective(found), found.solution.objective, found.solution.bound, found.solution.held),
        None if decided is None else (decided.options, decided.paths, decided.price_per_piece_short),
        None if decided is None else {place: one.tobytes() for place, one in decided.rungs.items()},
        {place: [one.tobytes() for one in some] for place, some in curves.rungs.items()},
        {place: one.cost.tobytes() for place, one in curves.columns.items()},
        found.question.short_price,
    )


@pytest.mark.parametrize("seed", [13])
def test_no_field_finds_what_another_value_left(seed, monkeypatch):
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    scenario, recall = small_scenario(seed), InMemory(1_000_000_000)
    settled(scenario, recall)
    seen = set[Pointer]()
    for at, other in changed(scenario.model_dump(mode="json")):
        assert settled(other, recall) == settled(other, NOTHING_KEPT), at
        seen.add(at)
    assert {("carrying_rate_per_year",), ("targets", 0, "otif"), ("limits", "seed")} <= seen

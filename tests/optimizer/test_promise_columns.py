"""Columns that keep the promises, option by option: against the master's own prices, and found again."""

from dataclasses import replace

import numpy as np
import pytest

from servicepolicy_models.rules import Budgets
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer import item_by_item, recalled_promises
from servicepolicy_optimizer.baselines import without_limits
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.openings_alone import settled_by_openings
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.promise_columns import promise_columns
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.realise import by_promises
from servicepolicy_optimizer.recall import NOTHING_KEPT, InMemory
from servicepolicy_optimizer.recalled_promises import with_promise_columns
from servicepolicy_optimizer.refine import GOOD_ENOUGH, refined
from servicepolicy_optimizer.settle import objective, settle
from servicepolicy_optimizer.solve import relax
from tests.optimizer.small_inline import _item, small_scenario


def asked_of(scenario, known=None):
    return question(scenario, inline_facts(scenario), known or Known(), in_silence)


def single_options(asked):
    """The question with one option for every item class: the first of all, the second of all, and so on."""
    for n in range(max(map(len, asked.choices.options.values()))):
        only = {name: (some[min(n, len(some) - 1)],) for name, some in asked.choices.options.items()}
        taken = {(name, some[0].name) for name, some in only.items()}
        shelves = {place: one for place, one in asked.room.shelves.items() if place[:2] in taken}
        room = replace(asked.room, shelves=shelves)
        yield replace(asked, room=room, choices=replace(asked.choices, options=only))


@pytest.mark.parametrize("seed", range(12))
def test_no_more_columns_lower_what_an_option_costs(seed):
    scenario = without_limits(small_scenario(seed))
    for asked in single_options(with_promise_columns(asked_of(scenario))):
        cost = relax(build(scenario, asked.choices), scenario.limits).objective
        better = refined(scenario, asked.facts, asked.choices, asked.room, asked.curves, lambda number: None)
        choices = replace(asked.choices, columns=better.curves.columns)
        least = relax(build(scenario, choices), scenario.limits).objective
        assert least == pytest.approx(cost, rel=len(asked.choices.options) * GOOD_ENOUGH)


@pytest.mark.parametrize("seed", range(12))
def test_the_answer_costs_no_more_than_from_the_first_columns(seed, monkeypatch):
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    asked = asked_of(small_scenario(seed))
    found = settle(asked, in_silence)
    with monkeypatch.context() as patched:
        patched.setattr("servicepolicy_optimizer.wide.master.with_promise_columns", lambda asked: asked)
        plain = settle(asked, in_silence)
    assert (found.decided is None) == (plain.decided is None)
    if found.solution.bound is not None and plain.solution.objective is not None:
        # Columns of the relaxation: more of them lower what a mix costs, and whole items lie above it.
        assert found.solution.bound <= plain.solution.objective * (1 + 1e-6)
    if found.decided is not None:
        assert objective(found) >= found.solution.bound * (1 - 1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_the_rounds_end_first_the_last_mix_is_taken_and_no_cost_is_said(seed, monkeypatch):
    asked = asked_of(without_limits(small_scenario(seed)))
    ended = {one: promise_columns(asked, one) for one in asked.choices.options}
    monkeypatch.setattr("servicepolicy_optimizer.promise_columns.MOST_ROUNDS", 1)
    unended = {one: promise_columns(asked, one) for one in asked.choices.options}
    assert not any(np.isnan(one.cost).any() for one in ended.values())
    assert any(np.isnan(one.cost).any() for one in unended.values())
    for name, one in unended.items():
        said = ~np.isnan(one.cost)
        assert one.cost[said] == pytest.approx(ended[name].cost[said], rel=GOOD_ENOUGH)
        for rungs, prices in zip(one.rungs, one.class_prices, strict=True):
            assert rungs.shape[1] == len(prices)
    assert settled_by_openings(asked) is None


def test_other_freight_inbound_costs_and_budgets_find_columns_and_whole_items(monkeypatch):
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    scenario, recall = without_limits(small_scenario(3)), InMemory(10**9)
    first = settle(asked_of(scenario, Known(recall=recall)), in_silence)
    bands = (scenario.modes[0].lanes[0].bands[0].model_copy(update={"cost_per_shipment": 4.1}),)
    lanes = (scenario.modes[0].lanes[0].model_copy(update={"bands": bands}),)
    modes = (scenario.modes[0].model_copy(update={"lanes": lanes}),)
    supply = tuple(one.model_copy(update={"inbound_cost_per_piece": 0.001}) for one in scenario.supply)
    for changes in ({"modes": modes}, {"budgets": Budgets(total_cost=1e9)}, {"supply": supply}):
        with monkeypatch.context() as patched:
            patched.setattr(recalled_promises, "promise_columns", None)
            patched.setattr(by_promises, "realise_class", None)
            again = settle(asked_of(scenario.model_copy(update=changes), Known(recall=recall)), in_silence)
        assert all((again.decided.rungs[place] == one).all() for place, one in first.decided.rungs.items())


def test_without_a_promise_there_is_nothing_to_add():
    scenario = small_scenario(5).model_copy(update={"targets": ()})
    asked = asked_of(scenario)
    for item_class in asked.choices.options:
        assert promise_columns(asked, item_class).piece_short.size == 0


def promised(asked):
    """The prices that promises alone lead to, and the rungs of every column, to the last bit."""
    found = with_promise_columns(asked)
    rungs = {place: [one.tobytes() for one in some] for place, some in found.curves.rungs.items()}
    prices = {place: one.price_per_piece_short.tobytes() for place, one in found.curves.columns.items()}
    return found.short_price, rungs, prices


@pytest.mark.parametrize("seed", [1, 2, 3, 11])
def test_columns_that_others_refined_leave_nothing_behind(seed):
    """A point of a frontier is settled with the columns that all points share."""
    scenario, recall = small_scenario(seed), InMemory(10**9)
    asked = asked_of(scenario, Known(recall=recall))
    better = refined(scenario, asked.facts, asked.choices, asked.room, asked.curves, lambda number: None)
    with_promise_columns(asked.with_curves(better.curves))
    assert promised(asked_of(scenario, Known(recall=recall))) == promised(asked_of(scenario))


@pytest.mark.parametrize("seed", [1, 14, 17])
def test_a_shelf_that_lost_its_neighbours_finds_nothing_of_theirs(seed):
    """One shelf is priced by itself, several together: the last digits differ."""
    rng, recall = np.random.default_rng(seed), InMemory(10**9)
    document = small_scenario(seed).model_dump(mode="json")
    document |= {"stock_policies": ["pooled"], "supply": document["supply"][:1]}
    document["limits"]["rungs"] = 20
    items = [_item(rng, f"X{n}", "X") for n in range(12)]
    for classes, own in ((["X", "Y"], [*items, _item(rng, "Y0", "Y")]), (["X"], items)):
        document["segmentation"]["items"]["classes"] = classes
        document["demand"]["items"] = own
        scenario = Scenario.model_validate(document)
        assert promised(asked_of(scenario, Known(recall=recall))) == promised(
            asked_of(scenario, Known(recall=NOTHING_KEPT))
        )

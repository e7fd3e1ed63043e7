"""What is named as a conflict is one: without it there is a policy, and with it there is none."""

from dataclasses import replace
from functools import cache

import pytest

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.conflicts import conflicts
from servicepolicy_optimizer.conflicts.demands import DEMAND_OF, Demand
from servicepolicy_optimizer.conflicts.words import where
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import solve
from tests.optimizer.master.test_brute_force import SHAPES
from tests.optimizer.master.worlds import Shape, replace_parts, world

ANY = Limits(relative_gap=0.5)
WORLDS = 15


def named_rows(model, named):
    """The rows behind conflicts, found by the names that a reader sees."""
    for family, (demand_family, where_of) in DEMAND_OF.items():
        for index, row in model.component(family).items():
            if (demand_family, where(Demand(demand_family, where_of(index)))) in named:
                yield row


@cache
def asked(seed, shape):
    """A world, and what is named as its conflicts."""
    scenario, choices = world(seed, shape)
    return scenario, choices, conflicts(scenario, choices)


def held_without(scenario, choices, named):
    model = build(scenario, choices)
    for row in named_rows(model, {(conflict.family, conflict.where) for conflict in named}):
        row.deactivate()
    return solve(model, ANY).held is not Held.INFEASIBLE


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_without_what_cannot_be_kept_there_is_a_policy_and_each_of_it_is_needed(shape):
    infeasible = 0
    for seed in range(WORLDS):
        scenario, choices, found = asked(seed, shape)
        feasible = solve(build(scenario, choices), ANY).held is not Held.INFEASIBLE
        assert feasible == (not found)
        if feasible:
            continue
        infeasible += 1
        given_up = [conflict for conflict in found if "cannot be kept" in conflict.sentence]
        assert held_without(scenario, choices, found)
        assert held_without(scenario, choices, given_up)
        for conflict in given_up:
            assert not held_without(scenario, choices, [other for other in given_up if other != conflict])
    assert infeasible > 0


def test_what_stands_against_something_contradicts_it_and_nothing_of_it_is_needless():
    partners = 0
    for shape in SHAPES.values():
        for seed in range(WORLDS):
            scenario, choices, named = asked(seed, shape)
            found = {(conflict.family, conflict.where): conflict for conflict in named}
            given_up = {key for key, conflict in found.items() if "cannot be kept" in conflict.sentence}
            if len(given_up) != 1:
                continue  # With several it is not said which of them a partner stands against first.
            always = set(given_up) | taken_for_granted(choices)
            against = set(found) - given_up
            assert not held_with_only(scenario, choices, always | against)
            for one in against:
                assert held_with_only(scenario, choices, always | against - {one})
                partners += 1
    assert partners > 10


def taken_for_granted(choices):
    unpromised = {s for s, target in choices.targets.items() if target.response_hours is None}
    served = {("one_path", where(Demand("one_path", s))) for s in unpromised}
    return served | {("one_stocking_option", item_class) for item_class in choices.options}


def held_with_only(scenario, choices, kept):
    model = build(scenario, choices)
    rows = {id(row) for row in named_rows(model, kept)}
    for family in DEMAND_OF:
        for row in model.component(family).values():
            if id(row) not in rows:
                row.deactivate()
    return solve(model, ANY).held is not Held.INFEASIBLE


def small():
    """A world without limits and rules, with a policy."""
    return world(4, Shape(customers=2, items=1, likely=0.0, ordered=0.0))


def sentences(scenario, choices):
    return [conflict.sentence for conflict in conflicts(scenario, choices)]


def test_a_budget_says_what_would_do_and_that_much_does():
    scenario, choices = small()
    tight = replace_parts(scenario, budgets={"inventory_value": 10.0})
    told = sentences(tight, choices)
    assert told[0].startswith("The inventory budget of 10 EUR cannot be kept; ")
    assert told[0].endswith(" EUR would do.")
    needed = float(told[0].split("; ")[1].split()[0].replace(",", ""))
    for budget, held in ((needed * 1.001, Held.OPTIMAL), (needed * 0.999, Held.INFEASIBLE)):
        within = replace_parts(scenario, budgets={"inventory_value": budget})
        assert solve(build(within, choices), ANY).held is held


def test_a_fill_rate_beyond_every_column_says_what_is_possible():
    scenario, choices = small()
    s = next(s for s, target in choices.targets.items() if target.pieces_per_year > 0)
    strict = replace(choices, targets={**choices.targets, s: replace(choices.targets[s], fill_rate=0.9999)})
    told = conflicts(scenario, strict)
    assert [(conflict.family, conflict.where) for conflict in told] == [("fill_rate_floor", f"{s[0]}/{s[1]}")]
    assert told[0].sentence.startswith(f"The fill rate of 99.99 % for {s[0]}/{s[1]} cannot be kept; ")
    possible = float(told[0].sentence.split("; ")[1].split(" %")[0]) / 100
    for fill_rate, held in ((possible - 1e-4, Held.OPTIMAL), (possible + 1e-4, Held.INFEASIBLE)):
        asked = {**choices.targets, s: replace(choices.targets[s], fill_rate=fill_rate)}
        assert solve(build(scenario, replace(choices, targets=asked)), ANY).held is held


def test_a_segment_that_no_path_serves_in_time_says_the_fastest_response():
    scenario, choices = small()
    s = next(iter(choices.targets))
    hurried = replace(
        choices,
        targets={**choices.targets, s: replace(choices.targets[s], response_hours=4.0)},
        paths={key: () if key[0] == s else paths for key, paths in choices.paths.items()},
        slowest_promise={s: 24.0},
    )
    assert sentences(scenario, hurried) == [
        f"Serving {s[0]}/{s[1]} within 4 h cannot be kept; 24 h is possible."
    ]


def test_an_item_class_without_options_is_named():
    scenario, choices = small()
    bare = replace(choices, options={"X": ()}, columns={})
    assert "Stocking item class X cannot be kept." in sentences(scenario, bare)


def test_without_time_everything_is_named_rather_than_something_wrong():
    scenario, choices = small()
    hasty = replace_parts(scenario, budgets={"inventory_value": 10.0}, limits={"time_limit_seconds": 1e-9})
    told = conflicts(hasty, choices)
    assert held_without(scenario, choices, told)

"""Sets of changes on small random worlds: what the search finds is what trying every set finds."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csc_array, vstack

from servicepolicy_models.changes import Aim, ChangeKind, RepairWishes, Weight
from servicepolicy_models.errors import QuestionRejected
from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.explain.changed import without_rule
from servicepolicy_optimizer.explain.correction_sets import Correction, Search
from servicepolicy_optimizer.explain.elastic_arrays import elastic
from servicepolicy_optimizer.explain.limits import limits_of, with_limit
from servicepolicy_optimizer.explain.loosened import Loose
from servicepolicy_optimizer.explain.moves import PROMISES, Thing, moves
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve.arrays import arrays
from servicepolicy_optimizer.solve.highs import relaxed, run
from tests.optimizer.master.trying_everything import cheapest
from tests.optimizer.master.worlds import Shape, world

SHAPES = {
    "many limits": Shape(items=1, regions=2, likely=0.6),
    "two item classes": Shape(items=2, options=2, likely=0.4),
    "every item": Shape(items=1, options=2, basis="every_item", likely=0.5),
    "ordered": Shape(options=2, likely=0.2, ordered=0.9),
}
SETS = 60
NOTHING = RepairWishes()


def looking(scenario: Scenario, choices: Choices, wishes: RepairWishes = NOTHING) -> Search:
    allowed = moves(scenario, choices, wishes)
    slack = elastic(Loose(scenario, choices, {}, {}), arrays(build(scenario, choices)), allowed)
    return Search(slack, allowed, scenario.limits, 600.0)


def without(scenario: Scenario, choices: Choices, things: tuple[Thing, ...]) -> tuple[Scenario, Choices]:
    """The world with these things given up altogether."""
    targets = dict(choices.targets)
    for thing in things:
        if thing.kind in PROMISES:
            field = {"otif": None} if thing.kind is ChangeKind.OTIF else {"fill_rate": 0.0}
            targets[thing.where] = replace(targets[thing.where], **field)  # type: ignore[arg-type, index]
        elif thing.kind is ChangeKind.RULE:
            scenario = without_rule(scenario, thing.where[0])
        else:
            scenario = with_limit(scenario, thing.demand, None)
    return scenario, replace(choices, targets=targets)


def tried(scenario: Scenario, choices: Choices, most: int) -> set[frozenset[Thing]]:
    """Every set of at most so many things that is enough and holds no smaller one, by trying all."""
    things = [
        move.thing for move in moves(scenario, choices, NOTHING) if move.thing.kind is not ChangeKind.RESPONSE
    ]
    found: set[frozenset[Thing]] = set()
    for size in range(1, most + 1):
        for some in combinations(things, size):
            smaller = any(one <= set(some) for one in found)
            if not smaller and cheapest(*without(scenario, choices, some)) is not None:
                found.add(frozenset(some))
    return found


def infeasible(shape: Shape, worlds: int) -> Iterator[tuple[Scenario, Choices]]:
    for seed in range(worlds):
        scenario, choices = world(seed, shape)
        served = all(
            any(choices.paths.get((s, option.deployment)) for option in choices.options[s[1]])
            for s in choices.targets
        )
        if served and cheapest(scenario, choices) is None:
            yield scenario, choices


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_sets_are_those_that_trying_every_set_finds(shape: Shape) -> None:
    worlds = 0
    for scenario, choices in infeasible(shape, 10):
        search = looking(scenario, choices)
        found = list(search.sets(SETS))
        assert search.complete and all(one.proven for one in found)
        most = min(max((len(one.things) for one in found), default=2), 2)
        small = {one.things for one in found if len(one.things) <= most}
        assert small == tried(scenario, choices, most)
        assert [one.weight for one in found] == sorted(one.weight for one in found)
        worlds += bool(small)
    assert worlds >= 1


def one_model_after_the_other(search: Search, most: int) -> list[tuple[float, float]]:
    """Weight, and with sizes, of set after set: each the optimum of the whole model without those before."""
    found, problem = [], search.weighed()
    numbers = np.array([search.elastic.changed[move.thing] for move in search.allowed])
    for _ in range(most):
        outcome = run(problem, search.limits.model_copy(update={"relative_gap": 0.0}))
        if outcome.values is None or outcome.objective is None:
            break
        cut = np.zeros((1, problem.cost.size))
        cut[0, numbers] = outcome.values[numbers] > 0.5
        found.append((cut.sum(), outcome.objective))
        problem = replace(
            problem,
            matrix=csc_array(vstack([problem.matrix, csc_array(cut)])),
            row_lower=np.append(problem.row_lower, -np.inf),
            row_upper=np.append(problem.row_upper, cut.sum() - 1.0),
            rows=(*problem.rows, ("forbidden", len(found))),
        )
    return found


@pytest.mark.parametrize("most", [2, 5, SETS])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_set_after_set_weighs_what_the_whole_model_finds(shape: Shape, most: int) -> None:
    worlds = 0
    for scenario, choices in infeasible(shape, 6):
        search = looking(scenario, choices)
        found = list(search.sets(most))
        expected = one_model_after_the_other(search, most + 1)
        assert search.complete == (len(expected) <= most)
        told = [(one.weight, one.weight + search.size_counts() * size_of(search, one)) for one in found]
        assert told == [pytest.approx(one, abs=1e-6) for one in expected[:most]]
        worlds += len(found) > 1
    assert worlds >= 1


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_sizes_that_are_not_looked_for_are_those_that_the_model_does_not_find(shape: Shape) -> None:
    told_by_relaxation = 0
    for scenario, choices in infeasible(shape, 6):
        search = looking(scenario, choices)
        number = {move.thing: n for n, move in enumerate(search.allowed)}
        for one in search.sets(SETS):
            some, size = frozenset(number[thing] for thing in one.things), size_of(search, one)
            assert search.least_sizes(some, math.inf).objective == pytest.approx(size, abs=1e-6)
            assert search.least_sizes(some, size + 0.01).objective == pytest.approx(size, abs=1e-6)
            for less_than in (0.9 * size, 0.5 * size, 0.0):
                found = search.least_sizes(some, less_than)
                if size > 1e-3:
                    assert found.held in (Held.NOTHING, Held.FEASIBLE) and found.bound == less_than
                    assert found.objective is None or found.objective >= size - 1e-6
                    mixed = run(relaxed(search.sized(one.things)), search.limits).objective
                    told_by_relaxation += mixed is not None and mixed > less_than
    assert told_by_relaxation >= 1


def size_of(search: Search, one: Correction) -> float:
    """The least sizes of a set, by the model with these things changed."""
    size = run(search.sized(one.things), search.limits.model_copy(update={"relative_gap": 0.0})).objective
    assert size is not None
    return size


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_amounts_and_rungs_of_a_set_are_enough_and_no_less_would_do(shape: Shape) -> None:
    single = 0
    for scenario, choices in infeasible(shape, 14):
        for one in looking(scenario, choices).sets(SETS):
            if one.given_up or len(one.things) > 1:
                continue
            single += 1
            assert cheapest(*changed(scenario, choices, one, 1e-6)) is not None
            assert cheapest(*changed(scenario, choices, one, -1e-3)) is None
    assert single >= 1


def changed(scenario: Scenario, choices: Choices, one: Correction, more: float) -> tuple[Scenario, Choices]:
    """The world with the one change of a set, a little more of it or (negative) less: of a rung, one less."""
    for thing, amount in one.amounts.items():
        limit = limits_of(scenario, choices)[thing.demand]
        return with_limit(scenario, thing.demand, limit + amount + more * max(amount, 1.0)), choices
    ((thing, rung),) = one.rungs.items()
    segment = (thing.where[0], thing.where[1], thing.where[2])
    target = choices.targets[segment]
    field = "otif" if thing.kind is ChangeKind.OTIF else "fill_rate"
    if more < 0:
        rungs = [*scenario.promise_ladder.fill_rates, getattr(target, field)]
        rung = min(other for other in rungs if other > rung)
    targets = {**choices.targets, segment: replace(target, **{field: rung})}
    return scenario, replace(choices, targets=targets)


def test_what_is_untouchable_is_not_touched_and_what_is_dear_comes_last() -> None:
    seen = 0
    for scenario, choices in infeasible(SHAPES["many limits"], 10):
        first = next(iter(looking(scenario, choices).sets(1)), None)
        if first is None:
            continue
        kinds = {thing.kind for thing in first.things}
        aims = tuple(Aim(kind=kind) for kind in kinds)
        for one in looking(scenario, choices, RepairWishes(untouchable=aims)).sets(5):
            assert not {thing.kind for thing in one.things} & kinds
        dear = tuple(Weight(kind=kind, weight=100.0) for kind in kinds)
        for one in looking(scenario, choices, RepairWishes(weights=dear)).sets(5):
            weight = sum(100.0 if thing.kind in kinds else 1.0 for thing in one.things)
            assert one.weight == pytest.approx(weight)
        seen += 1
    assert seen >= 2


def test_a_feasible_world_needs_no_change() -> None:
    scenario, choices = world(4, Shape(customers=2, items=1, likely=0.0, ordered=0.0))
    search = looking(scenario, choices)
    assert [one.things for one in search.sets(3)] == [frozenset()]
    assert search.complete


def test_wishes_about_what_is_not_there_are_told_all_at_once() -> None:
    scenario, choices = world(4, Shape())
    wishes = RepairWishes(
        untouchable=(Aim(customer_class="Z"), Aim(name="Atlantis")), weights=(Weight(region="X", weight=2),)
    )
    with pytest.raises(QuestionRejected) as rejected:
        moves(scenario, choices, wishes)
    assert [one.where for one in rejected.value.findings] == [
        "/untouchable/0/customer_class", "/untouchable/1/name", "/weights/0/region",
    ]  # fmt: skip

"""Decisions by means take nothing from what may be decided, and share capacities out among segments."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from servicepolicy_models.proof import Held
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import solved
from servicepolicy_optimizer.solve.arrays import arrays
from servicepolicy_optimizer.solve.highs import relaxed, run
from servicepolicy_optimizer.wide.takes import SHARED, with_takes
from tests.optimizer.master.trying_everything import cheapest
from tests.optimizer.master.worlds import Shape, world
from tests.optimizer.wide.test_price_and_fix import EXACTLY

SHAPES = {
    "one shelf, three classes": Shape(customers=3, items=1, paths=4, likely=0.6),
    "two regions, two promises": Shape(items=1, regions=2, by_region=True, options=2, paths=3, likely=0.6),
    "counted promises": Shape(items=1, options=2, columns=2, paths=4, distinct=True, likely=0.4),
    "every item": Shape(items=2, options=2, paths=3, basis="every_item", likely=0.5),
}
WORLDS = 40


def by_means(choices):
    """Choices in which paths of one segment that take a means use as much of it, as real ones do; and none
    takes the same as another.
    """
    paths = {}
    for serving, ways in choices.paths.items():
        known = {}
        for path in ways:
            known.setdefault((path.channel, path.process, path.mode), path)
        alike = list(known.values())
        hours, weight, lines = ({} for _ in range(3))
        paths[serving] = tuple(
            replace(
                path,
                channel_labour_hours=hours.setdefault(path.channel, path.channel_labour_hours),
                weight_kg=weight.setdefault(path.mode, path.weight_kg),
                lines_per_day=lines.setdefault(path.process, path.lines_per_day),
            )
            for path in alike
        )
    return replace(choices, paths=paths)


@pytest.mark.parametrize("alter", [by_means, lambda choices: choices], ids=["by means", "any"])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_optimum_is_what_trying_everything_finds(shape, alter):
    held = set()
    for seed in range(WORLDS):
        scenario, choices = world(seed, shape)
        choices = alter(choices)
        problem = arrays(build(scenario, choices))
        found = solved(with_takes(problem, choices), EXACTLY)
        best = cheapest(scenario, choices)
        assert (seed, found.held) == (seed, Held.INFEASIBLE if best is None else Held.OPTIMAL)
        held.add(found.held)
        if best is not None:
            assert (seed, found.objective) == (seed, pytest.approx(best, rel=1e-6))
            assert set(found.path) == set(choices.targets)
    assert held == {Held.OPTIMAL, Held.INFEASIBLE}, "the worlds must test both answers"


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_relaxation_stays_as_it_is(shape):
    for seed in range(WORLDS):
        scenario, choices = world(seed, shape)
        choices = by_means(choices)
        problem = arrays(build(scenario, choices))
        before, after = (run(relaxed(one), EXACTLY) for one in (problem, with_takes(problem, choices)))
        assert (seed, after.held) == (seed, before.held)
        if before.objective is not None:
            assert after.objective == pytest.approx(before.objective, rel=1e-7)


def test_a_capacity_is_written_over_what_segments_take():
    families = set()
    for seed in range(WORLDS):
        scenario, choices = world(seed, SHAPES["one shelf, three classes"])
        choices = by_means(choices)
        problem = with_takes(arrays(build(scenario, choices)), choices)
        for number, (family, index) in enumerate(problem.rows):
            if family not in SHARED:
                continue
            row = problem.matrix.tocsr()[[number]]
            written = {
                problem.columns[n][1]: value for n, value in zip(row.indices, row.data, strict=True) if value
            }
            assert written == pytest.approx(used(choices, family, index))
            families.add(family)
    assert families == set(SHARED)


def used(choices, family, index):
    """What a segment uses of a capacity when it takes its means, by plain reading of its paths."""
    found = {}
    for (s, d), ways in choices.paths.items():
        if not any(option.deployment == d for option in choices.options[s[1]]):
            continue
        for path in ways:
            if family == "channel_labour" and path.channel == index:
                found[(s, d), "channel", index] = path.channel_labour_hours
            if family == "mode_weight" and path.mode == index:
                found[(s, d), "mode", index] = path.weight_kg
            if family == "process_lines" and path.process == index[0] and index[1] in path.lines_per_day:
                found[(s, d), "process", index[0]] = path.lines_per_day[index[1]]
    return found


def test_paths_that_take_the_same_stay_whole():
    scenario, choices = world(0, SHAPES["every item"])
    twice = {serving: (*ways, *ways) for serving, ways in choices.paths.items()}
    choices = replace(choices, paths=twice)
    problem = with_takes(arrays(build(scenario, choices)), choices)
    paths = np.array([component == "path" for component, _ in problem.columns])
    assert paths.any() and problem.integral[paths].all()


def test_paths_that_are_told_apart_are_whole_by_what_they_take():
    scenario, choices = world(0, SHAPES["every item"])
    choices = by_means(choices)
    problem = with_takes(arrays(build(scenario, choices)), choices)
    integral = defaultdict(set)
    for (component, _), whole in zip(problem.columns, problem.integral.tolist(), strict=True):
        integral[component].add(whole)
    assert integral["path"] == {False}
    assert integral["takes"] == {True}

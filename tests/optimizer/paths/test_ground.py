"""What no promise, rule, capacity or budget changes is laid once, and is what it would be laid anew."""

import numpy as np
import pytest

from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import CurrentPromise
from servicepolicy_optimizer.baselines import baseline_scenarios
from servicepolicy_optimizer.paths import service_paths
from servicepolicy_optimizer.paths.ground import terrain_of
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, means_of
from servicepolicy_optimizer.recall import InMemory
from servicepolicy_optimizer.synthetic import Matrix, distributor
from servicepolicy_optimizer.targets import resolve_targets


def world(seed):
    """Two customer classes, two item classes, two regions, with a policy in force."""
    scenario = read_scenario(distributor(np.random.default_rng(seed), Matrix(2, 2, 2)))
    in_force = (CurrentPromise(fill_rate=0.8, channel=scenario.channels[0].name),)
    return scenario.model_copy(update={"current_policy": in_force})


def told(found):
    """Everything that serving can choose from, path by path."""
    return {key: tuple(paths) for key, paths in found.paths.items()}, found.late_paths, found.why_none


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_baselines_have_the_paths_that_they_have_by_themselves(seed):
    scenario, known = world(seed), Known(recall=InMemory(10**8))
    facts = inline_facts(scenario)
    asked = resolve_targets(scenario, facts)
    means_of(scenario, facts, in_silence, known)
    terrain = known.terrain
    names = set()
    for one in baseline_scenarios(scenario, asked):
        names.add(one.name)
        found = means_of(one.scenario, facts, in_silence, known)
        assert known.terrain is terrain
        assert told(found.paths) == told(service_paths(one.scenario, facts, found.targets))
    assert len(names) == 4


@pytest.mark.parametrize("means", ["channels", "processes", "modes", "frequencies", "promise_ladder"])
def test_other_means_are_laid_anew(means):
    scenario, known = world(1), Known(recall=InMemory(10**8))
    facts = inline_facts(scenario)
    means_of(scenario, facts, in_silence, known)
    other = world(1).model_copy(update={means: getattr(world(2), means)})
    if means == "promise_ladder":
        slower = (*scenario.promise_ladder.response_hours, 999.0)
        ladder = scenario.promise_ladder.model_copy(update={"response_hours": slower})
        other = scenario.model_copy(update={means: ladder})
    if means == "frequencies":
        rarer = [one.model_copy(update={"shipments_per_week": 0.5}) for one in scenario.frequencies]
        other = scenario.model_copy(update={means: tuple(rarer)})
    found = means_of(other, facts, in_silence, known)
    assert told(found.paths) == told(service_paths(other, facts, found.targets))


def test_a_timetable_is_found_by_its_times():
    scenario, recall = world(1), InMemory(10**8)
    facts = inline_facts(scenario)
    first, again = terrain_of(scenario, facts, recall), terrain_of(scenario, facts, recall)
    alone = terrain_of(scenario, facts)
    assert first.times.within.tobytes() == again.times.within.tobytes() == alone.times.within.tobytes()
    assert first.times.within.strides == again.times.within.strides

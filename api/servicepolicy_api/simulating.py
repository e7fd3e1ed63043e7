"""A policy and its files become a simulation: the road that every door shares."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from servicepolicy_models.consistency import require
from servicepolicy_models.demand import OrderLines
from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.simulation import DemandMode, Simulation, SimulationSettings
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand, require_read
from servicepolicy_optimizer.question import Tell
from servicepolicy_optimizer.simulate import Each, read_recorded, simulate


def simulated(
    scenario: Scenario,
    files: DemandFiles,
    policy: Policy,
    settings: SimulationSettings,
    tell: Tell,
    each: Each = map,
) -> Simulation:
    """Read the demand of a scenario and play a policy of it, from a file or from a saved run.

    Raises ScenarioRejected, OrderLinesRejected or TableRejected for what is wrong with scenario and demand,
    PolicyRejected for a policy that does not answer them, SimulationRejected for settings that do not fit.
    """
    require(scenario)
    require_read(scenario, files)
    tell("demand", 0.0, "")
    source = scenario.demand
    if isinstance(source, OrderLines) and settings.demand is not DemandMode.ASSUMED:
        facts, recorded = read_recorded(scenario, source, files)
    else:
        facts, recorded = read_demand(scenario, files), None
    return simulate(scenario, facts, policy, settings, recorded, _telling(each, settings.runs, tell))


def usual_demand(scenario: Scenario) -> DemandMode:
    """Where lines come from unless somebody says: the record where there is one."""
    return DemandMode.BOOTSTRAP if isinstance(scenario.demand, OrderLines) else DemandMode.ASSUMED


@contextmanager
def in_processes(workers: int) -> Iterator[Each]:
    """`map` over so many processes (1: in this one); answers come back in their order."""
    if workers == 1:
        yield map
        return
    context = get_context("forkserver")
    context.set_forkserver_preload(["servicepolicy_optimizer.simulate.run"])
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield pool.map


def _telling(each: Each, runs: int, tell: Tell) -> Each:
    """The same `each`, with a word after every run."""

    def told(play: Callable[[Any], Any], chances: Iterable[Any]) -> Iterator[Any]:
        tell("runs", 0.0, f"0 of {runs}")
        for number, run in enumerate(each(play, chances), start=1):
            tell("runs", number / runs, f"{number} of {runs}")
            yield run

    return told

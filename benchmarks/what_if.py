"""What-ifs against the first solve of the same scenario: whole answers, each in a process of its own.

A what-if begins with what a first solve left behind as bytes, as in the service, where every run is a
process. It leaves nothing for the next. A first solve keeps what it computes, as there; and every process
has answered another question before, as there, where it takes fifty runs.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.race import Race
from servicepolicy_api.wholesaler_files import write_wholesaler
from servicepolicy_models.futures import ScaledInput
from servicepolicy_models.policy import Policy
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.rules import Budgets
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.targets import Target
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand
from servicepolicy_optimizer.explain.asking import ask
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.scaled_inputs import scaled
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.question import Known, in_silence
from servicepolicy_optimizer.recall import InMemory

ROOM_BYTES = 4_000_000_000

MORE = 1.1
"""Times as much, where a what-if scales something."""


@dataclass(frozen=True)
class Left:
    """What a first solve left behind; it may be read, and takes nothing more."""

    recall: InMemory

    def get(self, key: str) -> bytes | None:
        """See `Recall`."""
        return self.recall.get(key)

    def put(self, key: str, value: bytes) -> None:
        """What-ifs do not know of each other."""


@dataclass(frozen=True)
class Material:
    """A scenario that was solved once, with its demand."""

    scenario: Scenario
    facts: Facts
    policy: Policy
    left: Left


def prepared(customers: int, items: int, lines: int) -> Callable[[Path], Material]:
    """Make a synthetic wholesaler with nine segments and solve it once."""

    def prepare(folder: Path) -> Material:
        scenario = read_scenario(write_wholesaler(folder, 7, customers, items, lines).read_bytes())
        facts, recall = read_demand(scenario, DemandFiles(folder)), InMemory(ROOM_BYTES)
        policy = recommend(scenario, facts, perf_counter, in_silence, known=Known(recall=recall))
        return Material(scenario, facts, policy, Left(recall))

    return prepare


@contextmanager
def as_in_a_run() -> Iterator[None]:
    """What was loaded before is not looked through for dead objects, as in the process of a run."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def another_question() -> None:
    """A small one, about another wholesaler."""
    with TemporaryDirectory(prefix="servicepolicy-bench-") as folder:
        prepared(30, 12, 800)(Path(folder))


def first_solve(material: Material) -> object:
    """Nothing is known, and what is found is kept."""
    known = Known(recall=InMemory(ROOM_BYTES))
    with as_in_a_run():
        return recommend(material.scenario, material.facts, perf_counter, in_silence, known=known)


def same(material: Material) -> object:
    """The same question again."""
    return _asked(material, material.scenario)


def promise(material: Material) -> object:
    """A stricter promise for the smallest segment."""
    return _asked(material, _stricter(material.scenario))


def promise_alone(material: Material) -> object:
    """The same, only the audited policy: no baselines, no bound of the item level, no waits."""
    with as_in_a_run():
        return ask(_stricter(material.scenario), material.facts, Memory(recall=material.left))


def budget(material: Material) -> object:
    """A budget just above what the policy costs."""
    assert material.policy.cost is not None
    budgets = Budgets(total_cost=1.02 * material.policy.cost.total)
    return _asked(material, material.scenario.model_copy(update={"budgets": budgets}))


def freight(material: Material) -> object:
    """Freight a tenth dearer."""
    return _scaled(material, ScaledInput.FREIGHT)


def inbound(material: Material) -> object:
    """Inbound freight a tenth dearer: other costs on every shelf, the same ladders."""
    return _scaled(material, ScaledInput.INBOUND)


def demand(material: Material) -> object:
    """A tenth more demand, and room for as many more lines a day: every ladder is another."""
    locations = tuple(
        one.model_copy(update={"capacity_lines_per_day": MORE * one.capacity_lines_per_day})
        if one.capacity_lines_per_day is not None
        else one
        for one in material.scenario.locations
    )
    roomier = material.scenario.model_copy(update={"locations": locations})
    return _scaled(replace(material, scenario=roomier), ScaledInput.DEMAND)


def _stricter(scenario: Scenario) -> Scenario:
    stricter = Target(customer_class="C", item_class="C", fill_rate=0.9)
    return scenario.model_copy(update={"targets": (*scenario.targets, stricter)})


def _scaled(material: Material, what: ScaledInput) -> object:
    scenario, facts = scaled((material.scenario, material.facts), {what: MORE})
    return _asked(replace(material, facts=facts), scenario)


def _asked(material: Material, scenario: Scenario) -> object:
    known = Known(recall=material.left)
    with as_in_a_run():
        return recommend(scenario, material.facts, perf_counter, in_silence, known=known)


def items(material: Material) -> tuple[float, str]:
    """How many items have a policy."""
    return float(len(material.facts.items.items)), "items"


def race(customers: int, items_asked: int, lines: int) -> Race:
    """The same what-ifs on a wholesaler of some size."""
    return Race(
        name=f"What-ifs, nine segments, {items_asked:,} items",
        about=f"{customers:,} customers, {lines:,} order lines. Whole answers, with baselines, bound of the "
        "item level, audit and waits, where nothing else is said: the answer of a what-if is that from "
        "nothing, to the last bit. Every contestant is a process of its own, measured in processor seconds, "
        "which has answered a small question about something else before: a process of the service takes "
        "fifty runs, the first of which takes some 0.04 s more. The first solve keeps what it finds.",
        goal="a what-if takes at most 0.1 of the first solve",
        prepare=prepared(customers, items_asked, lines),
        contestants={
            "first solve": first_solve,
            "the same again": same,
            "another promise": promise,
            "another promise, the policy alone": promise_alone,
            "another budget": budget,
            "other freight rates": freight,
            "other inbound costs": inbound,
            "more demand, and room for it": demand,
        },
        against="first solve",
        rounds=1,
        once=True,
        warm_up=another_question,
        work=items,
    )


SMALL = race(120, 80, 8_000)
RACE = race(500, 1_500, 60_000)

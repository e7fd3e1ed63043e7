"""How soon a first policy is held: of the simplest way, with the lines read before, and of all options."""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from benchmarks.race import Race
from servicepolicy_api.wholesaler_files import write_wholesaler
from servicepolicy_models.policy import Policy
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import DemandFiles, read_demand
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.first_policy import first_policy
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.recall import InMemory, Recall

CUSTOMERS, ITEMS, LINES = 2_000, 3_000, 400_000


@dataclass(frozen=True)
class Material:
    """A question, its tables, and a memory of them."""

    scenario: Scenario
    files: DemandFiles
    recall: Recall


class Enough(Exception):
    """A first policy is held: the rest is not measured."""


def prepare(folder: Path) -> Material:
    """A wholesaler with as many items as a distributor."""
    scenario = read_scenario(write_wholesaler(folder, 7, CUSTOMERS, ITEMS, LINES).read_bytes())
    files = DemandFiles(folder, orders=folder / "order_lines.csv", items=folder / "items.csv")
    recall = InMemory(1_000_000_000)
    read_demand(scenario, replace(files, recall=recall))
    return Material(scenario, files, recall)


def simplest_way(material: Material) -> object:
    """The lines are read, and each item class is stocked in the simplest way."""
    facts = read_demand(material.scenario, material.files)
    return _first_held(material.scenario, facts)


def lines_read_before(material: Material) -> object:
    """The same, with what was read kept from an earlier question."""
    facts = read_demand(material.scenario, replace(material.files, recall=material.recall))
    return _first_held(material.scenario, facts)


def all_options(material: Material) -> object:
    """The lines are read, and every shelf of every option is stocked before a policy is held."""
    facts = read_demand(material.scenario, material.files)
    return first_policy(question(material.scenario, facts, Known(), in_silence))


def _first_held(scenario: Scenario, facts: Facts) -> Policy:
    held: list[Policy] = []

    def keep(policy: Policy) -> None:
        held.append(policy)
        raise Enough

    with suppress(Enough):
        recommend(scenario, facts, perf_counter, in_silence, keep=keep)
    return held[0]


def lines(material: Material) -> tuple[float, str]:
    """How many order lines there are."""
    return float(LINES), "lines"


RACE = Race(
    name="A first policy of long order lines",
    about=f"{ITEMS:,} items, {CUSTOMERS:,} customers. From the file to the first audited policy, which is "
    "what a deadline that ends then gives. Each runs once and alone, and is measured in processor seconds.",
    goal="a first policy in a quarter of the time that all options take",
    prepare=prepare,
    contestants={
        "every option stocked": all_options,
        "the simplest way first": simplest_way,
        "the same, lines read before": lines_read_before,
    },
    against="every option stocked",
    rounds=1,
    work=lines,
    once=True,
)

"""A scenario and its files become an answer: the road that the command line and the service share."""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from servicepolicy_models.consistency import require
from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import ScenarioRejected, error
from servicepolicy_models.policy import Policy
from servicepolicy_models.profile import Profile
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.demand_reading import (
    DemandFiles,
    Kept,
    read_demand,
    read_tables,
    recalled,
    require_read,
)
from servicepolicy_optimizer.profile import activity, activity_of, place
from servicepolicy_optimizer.question import Tell
from servicepolicy_optimizer.recall import Packed, packed, unpacked

if TYPE_CHECKING:
    from pandas import DataFrame


Keep = Callable[[Policy], None]


def answer(scenario: Scenario, files: DemandFiles, tell: Tell, keep: Keep | None = None) -> Policy:
    """Read the demand, find the policy, and add what was found about the scenario itself.

    keep: is handed what is held before the answer is complete.

    Raises ScenarioRejected, OrderLinesRejected or TableRejected for what is wrong with the question, and that
    may be that tables are handed in and not read; SolverFailed or AuditFailed for what is wrong with us.
    """
    # The model and its solver take seconds to load; who profiles or replays order lines needs neither.
    from servicepolicy_optimizer.curves.in_a_file import Space
    from servicepolicy_optimizer.pipeline import recommend
    from servicepolicy_optimizer.question import Known

    remarks = require(scenario)
    require_read(scenario, files)
    tell("demand", 0.0, "")
    facts = read_demand(scenario, replace(files, heard=tell))
    known = Known(recall=files.recall, space=Space(folder=files.spill))
    policy = recommend(scenario, facts, perf_counter, tell, keep=keep, known=known)
    return policy.model_copy(update={"findings": (*remarks, *policy.findings)})


def profile(scenario: Scenario, files: DemandFiles) -> Profile:
    """Read the order lines of a scenario and say what customers, items and their cells amount to."""
    with read_tables(scenario, order_lines_of(scenario), files) as tables:
        found = activity(scenario, tables.lines, tables.items, tables.customers)
    return found.model_copy(update={"findings": (*require(scenario), *found.findings)})


def profile_and_accounts(scenario: Scenario, files: DemandFiles) -> tuple[Profile, dict[str, "DataFrame"]]:
    """The profile, and the same customer by customer and item by item (name of the table -> its rows); the
    order lines are read once.
    """
    from servicepolicy_optimizer.profile.account_rows import customer_rows, item_rows

    source = order_lines_of(scenario)
    with read_tables(scenario, source, files) as tables:
        placement = place(scenario, tables.lines, tables.items, tables.customers)
        found = activity_of(scenario, placement)
        rows = {
            "customers": customer_rows(scenario, placement),
            "items": item_rows(scenario, placement, source),
        }
    return found.model_copy(update={"findings": (*require(scenario), *found.findings)}), rows


def customer_places(scenario: Scenario, files: DemandFiles) -> "DataFrame":
    """Where every named customer belongs: columns customer and customer_class."""
    from servicepolicy_optimizer.profile.account_rows import customer_rows

    def compute() -> "DataFrame":
        with read_tables(scenario, order_lines_of(scenario), files) as tables:
            placement = place(scenario, tables.lines, tables.items, tables.customers)
            rows = customer_rows(scenario, placement)
        return rows[["customer", "customer_class"]]

    return recalled(_places(), scenario, files, compute)


def _places() -> "Kept[DataFrame]":
    from pandas import DataFrame

    def unpack(content: bytes) -> "DataFrame | None":
        found = unpacked(content)
        return None if found is None else DataFrame(found.words)

    def pack(rows: "DataFrame") -> bytes:
        return packed(Packed({}, {str(name): rows[name].tolist() for name in rows}))

    return Kept("customers", pack, unpack)


def order_lines_of(scenario: Scenario) -> OrderLines:
    """Return how the order lines are read. Raises ScenarioRejected when the demand comes without any."""
    if isinstance(scenario.demand, OrderLines):
        return scenario.demand
    what = "The demand is given inline; there are no order lines to profile."
    mend = 'Describe the columns of the order lines under "kind": "order_lines".'
    raise ScenarioRejected([error("/demand/kind", what, "demand.no_order_lines", mend)])

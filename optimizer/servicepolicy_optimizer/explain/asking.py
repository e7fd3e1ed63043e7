"""Many questions about much the same thing: each is solved, and what did not change is computed once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785

from servicepolicy_models.consistency import check
from servicepolicy_models.errors import AuditFailed, ScenarioRejected, error
from servicepolicy_models.findings import Severity
from servicepolicy_models.means import Location, SupplyOption
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.baselines import without_limits
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.question import Known, Tell, question
from servicepolicy_optimizer.rivals import policy_of
from servicepolicy_optimizer.settle import Settled, settle

NOT_OF_EVERY_SHELF = (
    "name", "title", "notes", "assumptions", "demand", "on_time_probability", "terms", "channels",
    "processes", "modes", "frequencies", "deployments", "stock_policies", "budgets", "rules",
    "current_policy", "supply", "locations",
)  # fmt: skip
"""Fields of a scenario that not every stocked shelf depends on. The demand is told by its hash; deployments
and stock policies stand in the key of the shelf; supplier and location are compared shelf by shelf."""


KEPT = 12
"""Stock-keepings that are remembered at the same time: each holds the ladders of every item."""


@dataclass(frozen=True)
class _Remembered:
    """Shelves and columns, and the suppliers and locations that they were made for."""

    known: Known
    supply: Mapping[str, SupplyOption]
    locations: Mapping[str, Location]


@dataclass
class Memory:
    """What earlier questions computed, by the demand and the stock-keeping that it holds for."""

    remembered: dict[tuple[str, bytes, bytes], _Remembered] = field(default_factory=dict)
    """Hash of the demand, what all shelves depend on, suppliers and locations -> what is known."""
    solves: int = 0
    """Questions solved so far."""

    def of(self, scenario: Scenario, facts: Facts) -> Known:
        """What is known for the same shelves. What was not asked for longest is forgotten.

        Of a question that differs in some suppliers or locations only, the shelves of the others are taken.
        """
        free = without_limits(scenario)
        supply = {one.name: one for one in free.supply}
        locations = {one.name: one for one in free.locations}
        parts = free.model_dump(mode="json", include={"supply", "locations"})
        key = (facts.sha256, shelf_fingerprint(free), rfc8785.dumps(parts))
        found = self.remembered.pop(key, None)
        if found is None:
            found = _Remembered(Known(), supply, locations)
            for other_key, other in reversed(self.remembered.items()):
                if other_key[:2] == key[:2]:
                    _take_over(found, other)
        self.remembered[key] = found
        while len(self.remembered) > KEPT:
            self.remembered.pop(next(iter(self.remembered)))
        return found.known


def _take_over(found: _Remembered, other: _Remembered) -> None:
    """Shelves, with their columns, whose supplier and location are the same in both."""
    for shelf_key, shelf in other.known.shelves.items():
        _, supply, location, *_ = shelf_key[0]
        if found.supply.get(supply) == other.supply[supply] and (
            found.locations.get(location) == other.locations[location]
        ):
            found.known.shelves.setdefault(shelf_key, shelf)
    taken = {id(shelf) for shelf in found.known.shelves.values()}
    for column_key, columns in other.known.columns.items():
        if column_key[0] in taken:
            found.known.columns.setdefault(column_key, columns)


@dataclass(frozen=True)
class Reply:
    """The policy of a question, or why there is none."""

    policy: Policy | None
    why: str = ""
    settled: Settled | None = None
    """None where nothing could be chosen at all."""

    @property
    def objective(self) -> float | None:
        """TLC + LSC a year; None without a policy."""
        return None if self.policy is None or self.policy.cost is None else self.policy.cost.objective


def ask(scenario: Scenario, facts: Facts, memory: Memory) -> Reply:
    """The cheapest policy, audited, without baselines and without the item-level bound.

    Raises AuditFailed when the policy does not survive being computed again.
    """
    wrong = [one for one in check(scenario) if one.severity is Severity.ERROR]
    if wrong:
        return Reply(None, f"{wrong[0].where}: {wrong[0].what}")
    try:
        asked = question(scenario, facts, memory.of(scenario, facts), in_silence)
        memory.solves += 1
        settled = settle(asked, in_silence)
    except ScenarioRejected as refused:
        return Reply(None, refused.findings[0].what)
    if settled.decided is None:
        return Reply(None, WHY_NONE[settled.solution.held], settled)
    policy = policy_of(settled)
    require_audit(scenario, facts, policy)
    return Reply(policy, "", settled)


WHY_NONE: Mapping[Held, str] = {
    Held.INFEASIBLE: "no policy keeps every promise, capacity, budget and rule.",
    Held.NOTHING: "within the limits of the search neither a policy nor a proof against one was found.",
    Held.OPTIMAL: "no policy of whole items was found that keeps what a mix of reorder points keeps.",
    Held.FEASIBLE: "no policy of whole items was found that keeps what a mix of reorder points keeps.",
}


def require_audit(scenario: Scenario, facts: Facts, policy: Policy) -> None:
    """Compute every figure and promise of the policy again. Raises AuditFailed with all that differs."""
    found = audit(scenario, facts, policy)
    broken = [error("/", what, "audit.broken", "Please report the scenario.") for what in found.broken]
    if found.differences or broken:
        raise AuditFailed([*found.differences, *broken])


def shelf_fingerprint(scenario: Scenario) -> bytes:
    """What every shelf and column depends on, beside the demand, its own supplier and its own location."""
    free: dict[str, Any] = scenario.model_dump(mode="json", exclude=set(NOT_OF_EVERY_SHELF))
    free["limits"] = {name: free["limits"][name] for name in ("rungs", "price_levels")}
    if not any(target.cycle_service_level is not None for target in scenario.targets):
        free.pop("targets")
    return rfc8785.dumps(free)


def in_silence(stage: str, done: float, word: str) -> None:
    """The many small questions do not tell their stages: who asks them tells how many are done."""


__all__ = ["Memory", "Reply", "Tell", "ask", "in_silence", "require_audit", "shelf_fingerprint"]

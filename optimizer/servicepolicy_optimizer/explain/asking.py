"""Many questions about much the same thing: each is solved whole, and audited."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicepolicy_models.changes import Level
from servicepolicy_models.consistency import check
from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_models.findings import Severity
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.audited import audited
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.question import in_silence, question
from servicepolicy_optimizer.settle import Settled, settle


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

    @property
    def level(self) -> Level:
        """How exact the cost is."""
        if self.settled is None:
            return Level.WHOLE_ITEMS
        every_item = self.settled.question.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
        return Level.ITEM_BY_ITEM if self.settled.item_by_item or every_item else Level.WHOLE_ITEMS


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
    return Reply(audited(settled), "", settled)


WHY_NONE: Mapping[Held, str] = {
    Held.INFEASIBLE: "no policy keeps every promise, capacity, budget and rule.",
    Held.NOTHING: "within the limits of the search neither a policy nor a proof against one was found.",
    Held.OPTIMAL: "no policy of whole items was found that keeps what a mix of reorder points keeps.",
    Held.FEASIBLE: "no policy of whole items was found that keeps what a mix of reorder points keeps.",
}

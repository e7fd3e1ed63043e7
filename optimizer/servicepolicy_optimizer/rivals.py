"""Baselines solved, and judged against the scenario's own promises, capacities, budgets and rules."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_models.policy import Baseline, Policy
from servicepolicy_models.proof import Stopped
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.answer import answer
from servicepolicy_optimizer.audit import judged
from servicepolicy_optimizer.baseline_policy import Outcome, recalled_outcome
from servicepolicy_optimizer.baselines import BaselineScenario, baseline_scenarios
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.openings_alone import by_openings
from servicepolicy_optimizer.proof import proof_of
from servicepolicy_optimizer.question import Known, Tell, in_silence, question
from servicepolicy_optimizer.recalled_shelves import recalled_delivery
from servicepolicy_optimizer.settle import Settled, settle


@dataclass(frozen=True)
class Rival:
    """A baseline, and the decision behind it where there is one."""

    baseline: Baseline
    decision: Callable[[], Settled] | None = None
    """Settles it again where its policy was recalled."""


def rivals_of(scenario: Scenario, settled: Settled, known: Known, tell: Tell) -> tuple[Rival, ...]:
    """Every baseline of the scenario, solved on the same shelves."""
    asked, found = settled.question, []
    for baseline in baseline_scenarios(scenario, asked.choices.targets):
        tell("baselines", 0.0, baseline.name)
        found.append(_rival(scenario, baseline, asked.facts, known))
    return tuple(found)


def policy_of(settled: Settled) -> Policy:
    """The decision in the planner's words, without baselines. The settled question must hold a decision."""
    asked = settled.question
    if settled.decided is None:
        raise ValueError("settled: holds no decision; look at its solution first")
    proof = proof_of(asked.scenario, asked.facts, settled, None)
    return answer(asked.scenario, asked.facts, asked.choices, asked.room, settled.decided, proof)


def _rival(scenario: Scenario, baseline: BaselineScenario, facts: Facts, known: Known) -> Rival:
    outcome = recalled_outcome(
        known.recall, baseline.scenario, facts, lambda: _outcome(baseline, facts, known)
    )
    if outcome.policy is None:
        return _impossible(baseline, *outcome.why)
    # The baseline's question asked for other promises: what it costs here is what the audit says.
    found = judged(scenario, facts, outcome.policy, partial(recalled_delivery, known.recall))
    told = Baseline(
        name=baseline.name,
        sentence=baseline.sentence,
        feasible=not found.broken,
        breaks=found.broken,
        cost=found.cost,
        fill_rate=found.fill_rate,
        stock_value=found.stock_value.total,
    )
    # Its item table is done with: of very many items every table takes gigabytes.
    settled = outcome.settled
    return Rival(told, lambda: settled or _settled(baseline, facts, known))


def _settled(baseline: BaselineScenario, facts: Facts, known: Known) -> Settled:
    return settle(question(baseline.scenario, facts, known, in_silence), in_silence, by_openings)


def _outcome(baseline: BaselineScenario, facts: Facts, known: Known) -> Outcome:
    try:
        settled = _settled(baseline, facts, known)
    except ScenarioRejected as refused:
        return Outcome(None, tuple(finding.what for finding in refused.findings))
    converged = settled.solution.stopped is Stopped.CONVERGED
    if settled.decided is None:
        return Outcome(None, ("no choice of these means keeps these promises.",), converged=converged)
    return Outcome(policy_of(settled), (), settled, converged)


def _impossible(baseline: BaselineScenario, *why: str) -> Rival:
    return Rival(Baseline(name=baseline.name, sentence=baseline.sentence, feasible=False, breaks=why))

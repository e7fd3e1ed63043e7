"""Against what the cost of repairs is counted: every promise kept, where limits are no obstacle."""

from collections.abc import Sequence

from servicepolicy_models.changes import ChangeKind
from servicepolicy_models.repairs import Impossible, Reference
from servicepolicy_models.rules import PolicyRules
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.baselines import without_limits
from servicepolicy_optimizer.conflicts.words import segment_name
from servicepolicy_optimizer.explain.asking import ask
from servicepolicy_optimizer.explain.changed import with_promise
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.segments import segments
from servicepolicy_optimizer.targets import resolve_targets


def reference_for(
    scenario: Scenario, facts: Facts, memory: Memory, impossible: Sequence[Impossible]
) -> Reference | None:
    """The cheapest policy without capacities and budgets; where rules forbid one too, without rules."""
    free = _possible(without_limits(scenario), facts, impossible)
    but = " (those that are impossible at the nearest rung that is possible)" if impossible else ""
    for rules, words in ((scenario.rules, "every promise and rule"), (PolicyRules(), "every promise")):
        cost = ask(free.model_copy(update={"rules": rules}), facts, memory).objective
        if cost is not None:
            return Reference(
                sentence=f"{cost:,.0f} {scenario.currency} a year: the cheapest policy that would keep "
                f"{words}{but} if there were no capacities and budgets.",
                cost_per_year=cost,
            )
    return None


def _possible(scenario: Scenario, facts: Facts, impossible: Sequence[Impossible]) -> Scenario:
    """The scenario with the promises that nothing keeps at the nearest rung that something does."""
    by_name = {segment_name(s): s for s in segments(scenario, facts)}
    targets = resolve_targets(scenario, facts)
    for one in impossible:
        segment = by_name[one.where]
        if one.possible is None:
            continue
        kind = _kind(one, targets[segment].otif, targets[segment].cycle_service_level)
        scenario = with_promise(scenario, segment, kind, _rung(scenario, kind, one.possible))
    return scenario


def _kind(one: Impossible, otif: float | None, cycle_service_level: float | None) -> ChangeKind:
    if one.unit == "h":
        return ChangeKind.RESPONSE
    if otif is not None and one.promised == otif:
        return ChangeKind.OTIF
    return ChangeKind.FILL_RATE if cycle_service_level is None else ChangeKind.CYCLE_SERVICE_LEVEL


def _rung(scenario: Scenario, kind: ChangeKind, possible: float) -> float:
    ladder = scenario.promise_ladder
    if kind is ChangeKind.RESPONSE:
        return next(rung for rung in ladder.response_hours if rung >= possible * (1 - 1e-9))
    return max((rung for rung in ladder.fill_rates if rung <= possible), default=ladder.fill_rates[0])

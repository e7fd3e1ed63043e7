"""Against what the cost of repairs is counted: every promise kept, where limits are no obstacle."""

from collections.abc import Iterable, Iterator, Sequence

from servicepolicy_models.changes import ChangeKind
from servicepolicy_models.repairs import Impossible, Reference
from servicepolicy_models.rules import PolicyRules
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.baselines import without_limits
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.conflicts.words import segment_name
from servicepolicy_optimizer.explain.asking import ask
from servicepolicy_optimizer.explain.changed import with_promise
from servicepolicy_optimizer.explain.child import Child
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.segments import segments
from servicepolicy_optimizer.targets import resolve_targets


def reference_for(
    scenario: Scenario, facts: Facts, memory: Memory, impossible: Sequence[Impossible]
) -> Reference | None:
    """The cheapest policy without capacities and budgets; where rules forbid one too, without rules."""
    free = without_limits(scenario)
    for segment, kind, rung in _nearest(scenario, facts, impossible):
        free = with_promise(free, segment, kind, rung)
    for rules, words in ((scenario.rules, EVERYTHING), (PolicyRules(), "every promise")):
        cost = ask(free.model_copy(update={"rules": rules}), facts, memory).objective
        if cost is not None:
            but = BUT if impossible else ""
            return Reference(sentence=_sentence(cost, scenario, words + but), cost_per_year=cost)
    return None


EVERYTHING = "every promise and rule"
BUT = " (those that are impossible at the nearest rung that is possible)"


def _sentence(cost: float, scenario: Scenario, kept: str) -> str:
    return (
        f"{cost:,.0f} {scenario.currency} a year: the cheapest policy found that would keep {kept} if there "
        "were no capacities and budgets."
    )


def not_undercut(
    reference: Reference | None,
    scenario: Scenario,
    facts: Facts,
    impossible: Sequence[Impossible],
    children: Iterable[Child],
) -> Reference | None:
    """The reference, or a child that costs less and keeps as much: whole items are found with luck."""
    nearest = {
        (kind, segment_name(segment), rung) for segment, kind, rung in _nearest(scenario, facts, impossible)
    }
    kept = [
        child.cost_per_year
        for child in children
        if all(
            change.kind in (ChangeKind.CAPACITY, ChangeKind.BUDGET)
            or (change.kind, change.where, change.after) in nearest
            for change in child.changes
        )
    ]
    cost = min(kept, default=None)
    if cost is None or reference is None or reference.cost_per_year <= cost:
        return reference
    return Reference(
        sentence=_sentence(cost, scenario, EVERYTHING + (BUT if impossible else "")), cost_per_year=cost
    )


def _nearest(
    scenario: Scenario, facts: Facts, impossible: Sequence[Impossible]
) -> Iterator[tuple[Segment, ChangeKind, float]]:
    """Of every promise that nothing keeps the nearest rung that something does."""
    by_name = {segment_name(s): s for s in segments(scenario, facts)}
    targets = resolve_targets(scenario, facts)
    for one in impossible:
        segment = by_name[one.where]
        if one.possible is not None:
            kind = _kind(one, targets[segment].otif, targets[segment].cycle_service_level)
            yield segment, kind, _rung(scenario, kind, one.possible)


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

"""Repairs of an infeasible scenario: which changes are enough, and what each set of them costs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from servicepolicy_models.changes import RepairWishes
from servicepolicy_models.errors import NothingToRepair, error
from servicepolicy_models.merge_patch import merge_patch, merged
from servicepolicy_models.proof import Held
from servicepolicy_models.repairs import Impossible, Reference, Repair, Repairs
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.explain.asking import ask
from servicepolicy_optimizer.explain.changed import money
from servicepolicy_optimizer.explain.child import (
    Child,
    Parent,
    changed_by,
    children_of,
    with_lineage,
)
from servicepolicy_optimizer.explain.correction_sets import Correction
from servicepolicy_optimizer.explain.impossible_promises import impossible_promises
from servicepolicy_optimizer.explain.loosened import loosened, without_choices
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.repair_reference import not_undercut, reference_for
from servicepolicy_optimizer.explain.repair_search import Found, search
from servicepolicy_optimizer.explain.warm import Warm
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.fingerprint import scenario_sha256
from servicepolicy_optimizer.question import Tell
from servicepolicy_optimizer.stopwatch import Clock, Stopwatch

NO_WISHES = RepairWishes()

Keep = Callable[[Repairs], None]
"""Is handed the repairs so far, should there be no time for all of them."""


def repairs(
    scenario: Scenario,
    facts: Facts,
    clock: Clock,
    tell: Tell,
    wishes: RepairWishes = NO_WISHES,
    *,
    keep: Keep | None = None,
    memory: Memory | None = None,
) -> Repairs:
    """The smallest and the cheapest sets of changes that make an infeasible scenario feasible.

    Raises NothingToRepair for a scenario that has a policy, QuestionRejected for wishes that do not fit it.
    """
    watch, memory = Stopwatch(clock, tell), memory or Memory()
    warm = Warm(without_choices(scenario), facts, watch, memory)
    watch("changes", 0.0, "")
    loose = loosened(scenario, facts, warm)
    found = search(scenario, warm, loose, wishes)
    if found.feasible:
        _require_no_policy(scenario, facts, memory)
    impossible = tuple(impossible_promises(scenario, facts, loose))
    watch("reference", 0.0, "")
    reference = reference_for(scenario, facts, memory, impossible)
    told = _Telling(Parent(scenario, loose.choices, facts, memory), wishes, found, impossible, reference)
    for number, correction in enumerate(found.corrections):
        watch("repairs", number / len(found.corrections), f"set {number + 1}")
        told.add(correction)
        if keep is not None and number + 1 < len(found.corrections):
            keep(told.answer(watch).model_copy(update={"complete": False}))
    return told.answer(watch)


@dataclass
class _Telling:
    """What is told of the sets so far."""

    parent: Parent
    wishes: RepairWishes
    found: Found
    impossible: tuple[Impossible, ...]
    reference: Reference | None
    children: list[tuple[Correction, Child]] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)

    def add(self, correction: Correction) -> None:
        """Solve the children of a set of changes."""
        of_set = list(children_of(self.parent, correction))
        self.children += [(correction, child) for child in _distinct(of_set)]
        if not any(child.amounts == "least" for child in of_set):
            _, changes = changed_by(self.parent.scenario, self.parent.choices, correction)
            self.unconfirmed.append("; ".join(change.sentence for change in changes) + ".")

    def answer(self, watch: Stopwatch) -> Repairs:
        """The sets so far, the smallest first."""
        scenario, facts = self.parent.scenario, self.parent.facts
        only = [child for _, child in self.children]
        reference = not_undercut(self.reference, scenario, facts, self.impossible, only)
        ranked = sorted(
            self.children, key=lambda one: (one[0].weight, one[1].amounts != "least", one[1].cost_per_year)
        )
        told = [
            _repair(scenario, number, correction, child, reference)
            for number, (correction, child) in enumerate(ranked, start=1)
        ]
        by_cost = sorted(told, key=lambda repair: repair.cost_per_year)
        smallest, cheapest = (
            tuple(repair.number for repair in order[: self.wishes.repairs_at_most])
            for order in (told, by_cost)
        )
        # A set that is not enough after all has kept larger ones, which may be, from being found.
        found = replace(self.found, complete=self.found.complete and not self.unconfirmed)
        sentences = _sentences(found, told, by_cost, self.impossible, reference)
        return Repairs(
            scenario=scenario.name,
            currency=scenario.currency,
            repairs=tuple(repair for repair in told if repair.number in {*smallest, *cheapest}),
            smallest=smallest,
            cheapest=cheapest,
            complete=found.complete,
            impossible=self.impossible,
            reference=reference,
            level=self.found.level,
            unconfirmed=tuple(self.unconfirmed),
            sentences=tuple(sentences),
            seconds=watch.stopped(),
            demand_sha256=facts.sha256,
            scenario_sha256=scenario_sha256(scenario),
        )


def _distinct(children: list[Child]) -> list[Child]:
    """Without a second child that changes nothing else than the first."""
    return children[:1] if len({child.changes for child in children}) < len(children) else children


def repaired(scenario: Scenario, repair: Repair) -> Scenario:
    """The child scenario that a repair makes of its scenario."""
    document = scenario.model_dump(mode="json", exclude_unset=True)
    return Scenario.model_validate(merged(document, repair.patch))


def _require_no_policy(scenario: Scenario, facts: Facts, memory: Memory) -> None:
    if ask(scenario, facts, memory).policy is not None:
        mend = "Ask for its prices or its frontier, or solve it."
        raise NothingToRepair([error("/", "It is feasible.", "repairs.nothing_to_repair", mend)])


def _repair(
    scenario: Scenario, number: int, correction: Correction, child: Child, reference: Reference | None
) -> Repair:
    difference = None if reference is None else child.cost_per_year - reference.cost_per_year
    sentences = [change.sentence for change in child.changes]
    told = (
        f"{child.cost_per_year:,.0f} {scenario.currency} a year"
        if difference is None
        else money(difference, scenario.currency)
    )
    named = with_lineage(child.scenario, scenario, sentences)
    before, after = (one.model_dump(mode="json", exclude_unset=True) for one in (scenario, named))
    return Repair(
        number=number,
        changes=child.changes,
        amounts=child.amounts,
        weight=correction.weight,
        cost_per_year=child.cost_per_year,
        cost_difference_per_year=difference,
        level=child.level,
        held=child.held,
        proven=correction.proven,
        sentence=f"{_joined(sentences)}: {told}.",
        patch=merge_patch(before, after),
    )


def _joined(sentences: Sequence[str]) -> str:
    """Several changes as one sentence.

    >>> _joined(["Promise A/X within 36 h", "Promise B/X within 48 h", "CO2e budget: no limit"])
    'Promise A/X within 36 h; promise B/X within 48 h; and CO2e budget: no limit'
    """
    later = [one[:1].lower() + one[1:] if one[1:2].islower() else one for one in sentences[1:]]
    return "; ".join([*sentences[:1], *later[:-1], *(f"and {one}" for one in later[-1:])])


def _sentences(
    found: Found,
    told: list[Repair],
    by_cost: list[Repair],
    impossible: tuple[Impossible, ...],
    reference: Reference | None,
) -> Iterable[str]:
    yield from (one.sentence for one in impossible)
    if not told:
        yield (
            "No set of the changes that are allowed makes the scenario feasible."
            if found.complete
            else "No set of changes was found in time that makes the scenario feasible."
        )
        return
    yield f"The smallest: {told[0].sentence}"
    if by_cost[0] is not told[0]:
        yield f"The cheapest: {by_cost[0].sentence}"
    looked = "all there are" if found.complete else "there may be more, and cheaper ones"
    number = len(found.corrections)
    yield f"Sets of changes of which nothing can be left out: {number} found; {looked}."
    if reference is not None:
        yield f"Cost differences are counted from {reference.sentence}"
    yield "What more capacity itself costs is not in the scenario, and not in these figures."
    if any(repair.held is not Held.OPTIMAL for repair in told):
        yield "Some policies are the best that were found in time, not proven best."

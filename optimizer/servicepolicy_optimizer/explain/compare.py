"""Why did it move? Two or more runs, each compared with the one before."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import rfc8785

from servicepolicy_models.comparison import (
    Comparison,
    Difference,
    InputChange,
    InputGroup,
    SegmentationValue,
    SegmentChange,
    UnmixableInputs,
)
from servicepolicy_models.cost import COST_PARTS
from servicepolicy_models.errors import ServicePolicyError, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Proof
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit import audit
from servicepolicy_optimizer.explain.asking import Reply, ask
from servicepolicy_optimizer.explain.attribution import Attribution, in_stated_order, over_all_orders
from servicepolicy_optimizer.explain.bridge import contributions, difference_sentence
from servicepolicy_optimizer.explain.input_changes import input_changes, written_changes
from servicepolicy_optimizer.explain.input_groups import mixed
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.moved_segments import moved_segments
from servicepolicy_optimizer.facts import Facts, Floats
from servicepolicy_optimizer.fingerprint import scenario_sha256, versions
from servicepolicy_optimizer.question import Tell

READ_FROM_THE_DEMAND = {"demand", "items", "segmentation", "days_per_year"}
"""Fields of a scenario that its facts are made from."""


class RunsRejected(ServicePolicyError):
    """These runs cannot be compared."""

    code = "runs.rejected"


@dataclass(frozen=True)
class Case:
    """One run: its question, how its demand is read, and the answer that was found at the time."""

    name: str
    scenario: Scenario
    read: Callable[[Scenario], Facts]
    """The facts of a scenario, from this run's own files."""
    policy: Policy
    kept_together: bool = False
    """Whether question and policy come from a store that keeps them together. Then nobody asks whether they
    belong together, and the recorded cost stands where the policy cannot be found again."""


@dataclass(frozen=True)
class Effort:
    """How the difference is shared out, and how much may be solved for it."""

    most_solves: int = 64
    """Where sharing out over all orders needs more mixtures than this, a stated order is taken."""
    stated_order: tuple[InputGroup, ...] = ()
    """Asked for by name; groups that are not named follow in their usual order."""


def stated_order(text: str) -> tuple[InputGroup, ...]:
    """Groups of inputs by name, apart by commas. Raises RunsRejected for names that are unknown or repeat.

    >>> [group.value for group in stated_order("demand, costs")]
    ['demand', 'costs']
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = [group.value for group in InputGroup if group is not InputGroup.ENGINE]
    wrong = [name for n, name in enumerate(names) if name not in known or name in names[:n]]
    if wrong:
        what = f"The order names {', '.join(map(repr, wrong))}, unknown or twice."
        mend = f"Name each at most once, of: {', '.join(known)}."
        raise RunsRejected([error("/order", what, "compare.order", mend)])
    return tuple(map(InputGroup, names))


@dataclass
class _Mixer:
    """Mixtures of two questions, each solved once."""

    before: Case
    after: Case
    memory: Memory
    facts: dict[bytes, Facts]
    tell: Tell
    replies: dict[frozenset[InputGroup], Reply] = field(default_factory=dict)
    expected: int = 1
    lost: dict[str, str] = field(default_factory=dict)
    """Run whose demand is no longer what it was -> why."""
    as_recorded: dict[str, str] = field(default_factory=dict)
    """Run whose cost is the recorded one -> why."""

    def demand_of(self, case: Case) -> Facts | None:
        """The facts that a run was solved on; None where they are lost, and the run is a recorded one."""
        try:
            facts = self.read(case.scenario, case)
        except ServicePolicyError as refused:
            if not case.kept_together:
                raise
            self.lost[case.name] = _first(refused)
            return None
        if case.kept_together and _was_another(case.policy.proof, facts):
            self.lost[case.name] = "its order lines have changed since."
            return None
        return facts

    def read(self, scenario: Scenario, case: Case) -> Facts:
        """The facts, read once for what is the same."""
        parts = scenario.model_dump(mode="json", include=READ_FROM_THE_DEMAND)
        key = case.name.encode() + b"\0" + rfc8785.dumps(parts)
        if key not in self.facts:
            self.facts[key] = case.read(scenario)
        return self.facts[key]

    def reply(self, changed: frozenset[InputGroup]) -> Reply:
        """The answer when only these groups have changed."""
        if changed not in self.replies:
            words = " + ".join(sorted(changed)) or self.before.name
            self.tell("mixtures", len(self.replies) / max(self.expected, 1), words)
            self.replies[changed] = self._solved(changed)
        return self.replies[changed]

    def _solved(self, changed: frozenset[InputGroup]) -> Reply:
        scenario = mixed(self.before.scenario, self.after.scenario, changed)
        case = self.after if InputGroup.DEMAND in changed else self.before
        if case.name in self.lost:
            return Reply(None, self.lost[case.name])
        try:
            facts = self.read(scenario, case)
        except ServicePolicyError as refused:
            return Reply(None, _first(refused))
        return ask(scenario, facts, self.memory)

    def value(self, changed: frozenset[InputGroup]) -> Floats | None:
        """(6,) the parts of the cost; None without a policy."""
        policy = self.reply(changed).policy
        if policy is None or policy.cost is None:
            return None
        return np.array([getattr(policy.cost, part) for part in COST_PARTS])

    def known(self, changed: frozenset[InputGroup]) -> Floats | None:
        """The same, without solving anything: None also where it was not solved yet."""
        return self.value(changed) if changed in self.replies else None


def _first(refused: ServicePolicyError) -> str:
    for one in refused.findings:
        return f"{one.where}: {one.what}" if one.where else one.what
    return str(refused)


Keep = Callable[[Comparison], None]
"""Is handed what is known so far, should there be no time for all mixtures."""


def compare(
    cases: Sequence[Case],
    effort: Effort,
    tell: Tell,
    *,
    keep: Keep | None = None,
    memory: Memory | None = None,
) -> Comparison:
    """Each run with the one before: what changed in the question, and what that did to cost and segments.

    Raises RunsRejected with everything that keeps the runs from being compared.
    """
    findings = list(_what_keeps_apart(cases))
    if findings:
        raise RunsRejected(findings)
    memory, facts, found = memory or Memory(), dict[bytes, Facts](), list[Difference]()

    def keep_with(difference: Difference) -> None:
        if keep is not None:
            keep(_comparison(cases, [*found, difference], complete=False))

    for before, after in pairwise(cases):
        found.append(_difference(_Mixer(before, after, memory, facts, tell), effort, keep_with))
    return _comparison(cases, found, complete=True)


def _comparison(cases: Sequence[Case], differences: Sequence[Difference], complete: bool) -> Comparison:
    return Comparison(
        currency=cases[0].scenario.currency,
        runs=tuple(case.name for case in cases),
        differences=tuple(differences),
        segmentation=tuple(one for case in cases for one in segmentation_values(case.name, case.policy)),
        complete=complete,
    )


def _what_keeps_apart(cases: Sequence[Case]) -> Iterator[Finding]:
    if len(cases) < 2:
        what = f"There {'is one run' if cases else 'are no runs'}; a comparison needs two."
        yield error("/runs", what, "compare.too_few", "Name at least one more run.")
        return
    for n, case in enumerate(cases):
        where, currency = f"/runs/{n}", case.scenario.currency
        if case.name in [other.name for other in cases[:n]]:
            what = f"Two runs are called {case.name!r}."
            yield error(f"{where}/name", what, "compare.same_name", "Give each run a name of its own.")
        if currency != cases[0].scenario.currency:
            what = f"{case.name!r} is in {currency}, {cases[0].name!r} in {cases[0].scenario.currency}."
            mend = "Write the money of one of the scenarios in the other's currency, and solve it again."
            yield error(f"{where}/currency", what, "compare.currency", mend)
        answered = case.policy.proof.scenario_sha256
        if answered and not case.kept_together and answered != scenario_sha256(case.scenario):
            what = f"The policy of {case.name!r} answers another scenario than the one beside it."
            mend = "Solve the scenario again, or take the scenario that the policy was found for."
            yield error(f"{where}/policy", what, "compare.another_question", mend)
        elif case.policy.cost is None:
            what = f"The run {case.name!r} holds no policy ({case.policy.proof.held.value}): it has no cost."
            mend = "Compare runs that hold a policy; mend its scenario first, `servicepolicy solve` says how."
            yield error(f"{where}/policy", what, "compare.no_policy", mend)


def _difference(mixer: _Mixer, effort: Effort, keep: Callable[[Difference], None]) -> Difference:
    before, after = mixer.before, mixer.after
    facts = (mixer.demand_of(before), mixer.demand_of(after))
    changes = _changes(before, after, facts)
    causes = _causes(changes, effort)
    mixer.expected = _mixtures(causes, effort)
    both = (frozenset[InputGroup](), before, facts[0]), (frozenset(causes), after, facts[1])
    for ends, case, known in both:
        now = mixer.reply(ends).objective
        if (now is None or now > _objective(case)) and known is not None and _still_holds(case, known):
            # Whole items are found with luck: those that were found at the time are an answer still.
            mixer.replies[ends] = Reply(case.policy)
        if mixer.value(ends) is None and case.kept_together:
            mixer.as_recorded[case.name] = mixer.reply(ends).why
            mixer.replies[ends] = Reply(case.policy)
        if mixer.value(ends) is None:
            what = f"This program finds no policy for {case.name!r}: {mixer.reply(ends).why}"
            mend = "Give it more time (`limits.time_limit_seconds`), or solve it again and compare that."
            raise RunsRejected([error("/runs", what, "compare.no_policy_now", mend)])

    def measured(groups: frozenset[InputGroup]) -> Floats | None:
        """One more mixture; what is known without it is kept first."""
        if groups not in mixer.replies:
            so_far = in_stated_order(causes, mixer.known)
            keep(_told(mixer, causes, changes, so_far, ()))
        return mixer.value(groups)

    shared = _shared_out(causes, measured, effort)
    segments = moved_segments(causes, mixer.replies, shared.stated_order)
    return _told(mixer, causes, changes, shared, segments)


def _was_another(proof: Proof, facts: Facts) -> bool:
    """Whether a policy was found for another demand. An older program may read the same lines otherwise."""
    return proof.versions == versions() and proof.demand_sha256 not in ("", facts.sha256)


def _changes(before: Case, after: Case, facts: tuple[Facts | None, Facts | None]) -> tuple[InputChange, ...]:
    """What differs between two questions; of a demand that is lost, only that it was another."""
    if facts[0] is not None and facts[1] is not None:
        return input_changes(before.scenario, after.scenario, facts[0], facts[1])
    written = tuple(written_changes(before.scenario, after.scenario))
    was, now = (case.policy.proof.demand_sha256 for case in (before, after))
    if was == now or any(one.group is InputGroup.DEMAND for one in written):
        return written
    sentence = "The demand itself has changed; one of the two can no longer be read."
    return (InputChange(where="/demand", group=InputGroup.DEMAND, sentence=sentence), *written)


def _still_holds(case: Case, facts: Facts) -> bool:
    """Whether the recorded policy survives the audit of this program."""
    found = audit(case.scenario, facts, case.policy)
    return not found.differences and not found.broken


def _told(
    mixer: _Mixer,
    causes: Sequence[InputGroup],
    changes: tuple[InputChange, ...],
    shared: Attribution,
    segments: tuple[SegmentChange, ...],
) -> Difference:
    before, after = mixer.before, mixer.after
    told = contributions(before, after, shared, _now(mixer, frozenset()), _now(mixer, frozenset(causes)))
    cost_before, cost_after = (round(_objective(case), 2) for case in (before, after))
    return Difference(
        before=before.name,
        after=after.name,
        cost_before=cost_before,
        cost_after=cost_after,
        moved=round(cost_after - cost_before, 2),
        method="stated_order" if shared.stated_order else "shapley",
        order=tuple(causes),
        orders_counted=shared.orders,
        solves=len(mixer.replies),
        as_recorded=tuple(mixer.as_recorded),
        unmixable=tuple(
            UnmixableInputs(changed=tuple(sorted(groups)), why=reply.why)
            for groups, reply in mixer.replies.items()
            if reply.policy is None
        ),
        changes=changes,
        contributions=told,
        segments=segments,
        sentence=" ".join([difference_sentence(before, after, shared, told), *_of_recorded(mixer)]),
    )


def _of_recorded(mixer: _Mixer) -> Iterator[str]:
    for name, why in mixer.as_recorded.items():
        yield f"The cost of {name} is the recorded one, since this program finds no policy for it: {why}"


def _causes(changes: Sequence[InputChange], effort: Effort) -> tuple[InputGroup, ...]:
    """The groups that differ, in the order in which they change where an order is needed."""
    differ = {change.group for change in changes}
    return tuple(one for one in dict.fromkeys([*effort.stated_order, *InputGroup]) if one in differ)


def _all_orders(causes: Sequence[InputGroup], effort: Effort) -> bool:
    return not effort.stated_order and 2 ** len(causes) <= effort.most_solves


def _mixtures(causes: Sequence[InputGroup], effort: Effort) -> int:
    return 2 ** len(causes) if _all_orders(causes, effort) else len(causes) + 1


def _shared_out(
    causes: Sequence[InputGroup],
    value: Callable[[frozenset[InputGroup]], Floats | None],
    effort: Effort,
) -> Attribution:
    """Over all orders where there are few; where no order has a policy at every step, and where there are
    many, in one order.
    """
    everywhere = over_all_orders(causes, value) if _all_orders(causes, effort) else None
    return everywhere or in_stated_order(causes, value)


def _now(mixer: _Mixer, groups: frozenset[InputGroup]) -> Floats:
    found = mixer.value(groups)
    assert found is not None  # both ends were asked for before
    return found


def _objective(case: Case) -> float:
    assert case.policy.cost is not None  # runs without a policy were rejected
    return case.policy.cost.objective


def segmentation_values(run: str, policy: Policy) -> Iterator[SegmentationValue]:
    """What the policy of a run saves against one promise for all, as its baselines say."""
    names = {"one_size_strictest": "the strictest promise", "one_size_average": "the average promise"}
    for baseline in policy.baselines:
        if baseline.name not in names or policy.cost is None:
            continue
        saved = None if baseline.cost is None else baseline.cost.objective - policy.cost.objective
        one = f"Giving everybody {names[baseline.name]}"
        if saved is None:
            sentence = f"{one} is not possible with these means."
        else:
            which = "more" if saved >= 0 else "less"
            sentence = f"{one} would cost {abs(saved):,.0f} {policy.currency} a year {which}"
            sentence += "." if baseline.feasible else ", and would break what the scenario asks."
        yield SegmentationValue(
            run=run,
            baseline=baseline.name,
            keeps_every_promise=baseline.feasible,
            saved=saved,
            sentence=f"{run}: {sentence}",
        )


__all__ = ["Case", "Effort", "RunsRejected", "compare", "segmentation_values", "stated_order"]

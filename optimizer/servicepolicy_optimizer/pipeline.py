"""The one road: a scenario and its demand become a proved policy."""

import math
from collections.abc import Callable, Sequence
from functools import partial

from pydantic import ValidationError

from servicepolicy_models.errors import ScenarioRejected, error
from servicepolicy_models.policy import Conflict, Policy
from servicepolicy_models.proof import Held, Stopped
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.answer.refusal import refusal
from servicepolicy_optimizer.answer.remarks import remarks
from servicepolicy_optimizer.audit import with_waits
from servicepolicy_optimizer.audited import audited, audited_policy
from servicepolicy_optimizer.conflicts import conflicts
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.first_policy import ONE_BY_ONE, SIMPLEST, first_policy
from servicepolicy_optimizer.floor import SOUGHT_GAP, enough_for, item_level_bound
from servicepolicy_optimizer.item_by_item import item_choices
from servicepolicy_optimizer.proof import proof_of, relative_gap
from servicepolicy_optimizer.question import Known, Means, Question, Tell, in_silence, means_of, stocked
from servicepolicy_optimizer.recalled_answer import keep_answer, known_answer
from servicepolicy_optimizer.recalled_shelves import recalled_waits
from servicepolicy_optimizer.refine import GOOD_ENOUGH
from servicepolicy_optimizer.rivals import Rival, policy_of, rivals_of
from servicepolicy_optimizer.settle import Settled, objective, settle, with_columns_of
from servicepolicy_optimizer.simplest import simplest, takes_long
from servicepolicy_optimizer.stopwatch import Stopwatch
from servicepolicy_optimizer.whole_model import conflict_of_size

Keep = Callable[[Policy], None]
"""Is handed an audited policy that is held already, should there be no time to look further."""


def recommend(
    scenario: Scenario,
    facts: Facts,
    clock: Callable[[], float],
    tell: Tell,
    *,
    keep: Keep | None = None,
    known: Known | None = None,
) -> Policy:
    """The cheapest policy that keeps every promise, with its baselines and its proof; or why there is none.

    clock: rising seconds. tell: hears the stage, how much of it is done, and a word. known: what was computed
    before for the same demand and stock-keeping (`Memory.of`); it saves time and changes no answer. Raises
    ScenarioRejected when the rules leave nothing to choose, or the figures lead to amounts that no answer can
    hold; AuditFailed when the policy does not survive being computed again.
    """
    try:
        return _recommended(scenario, facts, clock, tell, keep, known)
    except ValidationError as unfit:
        raise _beyond_numbers(unfit) from None


def _recommended(
    scenario: Scenario,
    facts: Facts,
    clock: Callable[[], float],
    tell: Tell,
    keep: Keep | None,
    known: Known | None,
) -> Policy:
    watch = Stopwatch(clock, tell)
    known = Known() if known is None else known
    again = known_answer(known.recall, scenario, facts)
    if again is not None:
        return _told(again, facts, watch)
    means = means_of(scenario, facts, watch, known)
    if keep is not None:
        keep = _only_better(keep)
        _keep_simplest(means, known, keep, watch)
    asked = stocked(means, known, watch)
    if keep is not None:
        watch("first", 0.0, "")
        _keep_first(asked, keep, ONE_BY_ONE)
    settled = settle(asked, watch)
    if keep is not None and settled.decided is not None:
        keep(_held_so_far(settled))
    rivals = rivals_of(scenario, settled, known, watch)
    settled, own = _not_undercut(settled, rivals)
    if own is None:
        return _refused(settled, rivals, watch)
    watch("bound", 0.0, "")
    bound = _item_level_bound(settled)
    watch("audit", 0.0, "")
    # One name: of a million items, an item table that is done with takes gigabytes.
    policy, own = audited_policy(settled.question, own), None
    watch("waits", 0.0, "")
    policy = with_waits(scenario, facts, policy, partial(recalled_waits, known.recall))
    policy = _with_proof(settled, policy, rivals, bound, watch)
    keep_answer(known.recall, scenario, facts, policy)
    return _told(policy, facts, watch)


def _beyond_numbers(unfit: ValidationError) -> ScenarioRejected:
    """What becomes of an answer with an amount that is no number, or above 10^15."""
    first = unfit.errors(include_url=False)[0]
    field = "/".join(map(str, (unfit.title, *first["loc"])))
    what = f"The answer would hold {field} = {first['input']!r}: more than a figure of an answer can be."
    mend = "Look for a cost, a demand or a factor in the wrong unit."
    return ScenarioRejected([error("", what, "answer.beyond_numbers", mend)])


def _told(policy: Policy, facts: Facts, watch: Stopwatch) -> Policy:
    """The answer with what the demand was found to be, and with the seconds of this run."""
    return policy.model_copy(
        update={
            "proof": policy.proof.model_copy(update={"seconds": watch.stopped()}),
            "findings": (*facts.findings, *policy.findings),
        }
    )


def _item_level_bound(settled: Settled) -> float | None:
    if settled.item_by_item:
        return settled.solution.bound
    cost, mixed, floor = objective(settled), settled.solution.objective, settled.floor
    if floor is not None and mixed is not None and mixed - floor <= GOOD_ENOUGH * abs(mixed):
        # No bound over all rungs lies above what a mix of them costs.
        return floor
    if floor is not None and cost is not None and floor >= enough_for(cost):
        return floor
    if cost is None or settled.item_level_bound is None:
        return item_level_bound(settled.question)
    return settled.item_level_bound(cost)


def _not_undercut(settled: Settled, rivals: Sequence[Rival]) -> tuple[Settled, Policy | None]:
    """Settled again if a baseline keeps everything and costs less, so that no feasible baseline ever does;
    and in words, if anything was decided.
    """
    if settled.decided is None:
        return settled, None
    own = policy_of(settled)
    for rival in rivals:
        cost = rival.baseline.cost
        if not rival.baseline.feasible or rival.decision is None or cost is None or own.cost is None:
            continue
        if cost.objective < own.cost.objective * (1 - 1e-9):
            again = with_columns_of(settled, rival.decision())
            challenger = policy_of(again) if again.decided else own
            if challenger.cost is not None and challenger.cost.objective < own.cost.objective:
                settled, own = again, challenger
    return settled, own


def _held_so_far(settled: Settled) -> Policy:
    """The policy before it was compared with any baseline, and so claimed to be no more than feasible."""
    policy = audited(settled)
    objective = None if policy.cost is None else policy.cost.objective
    said = {"held": Held.FEASIBLE, "stopped": Stopped.INTERRUPTED, "objective": objective}
    return policy.model_copy(
        update={
            "proof": policy.proof.model_copy(update=said),
            "findings": settled.question.facts.findings,
            "assumptions": _assumptions(settled.question.scenario),
        }
    )


def _only_better(keep: Keep) -> Keep:
    """Hands out what is held as long as it costs less than what was; what holds nothing gives way to all."""
    least = math.inf

    def keep_better(policy: Policy) -> None:
        nonlocal least
        objective = policy.proof.objective if policy.proof.held is not Held.NOTHING else None
        if objective is None and math.isfinite(least):
            return
        if objective is None or objective < least:
            keep(policy)
            least = least if objective is None else objective

    return keep_better


def _keep_simplest(means: Means, known: Known, keep: Keep, watch: Stopwatch) -> None:
    """Where stocking everything takes seconds, hand out a policy of the simplest way first."""
    few = simplest(means) if takes_long(means) else None
    if few is not None:
        watch("stock", 0.0, "simplest")
        _keep_first(stocked(few, known, in_silence), keep, SIMPLEST)


def _keep_first(asked: Question, keep: Keep, how: str) -> None:
    """Hand out what can be had without a solver, before anything is searched."""
    first = first_policy(asked, how)
    if first is not None:
        findings = (*first.findings, *asked.facts.findings)
        said = {"findings": findings, "assumptions": _assumptions(asked.scenario)}
        keep(first.model_copy(update=said))


def _assumptions(scenario: Scenario) -> tuple[str, ...]:
    return tuple(f"{one.field or '/'}: {one.text}" for one in scenario.assumptions)


def _with_proof(
    settled: Settled, policy: Policy, rivals: Sequence[Rival], bound: float | None, watch: Stopwatch
) -> Policy:
    scenario, facts = settled.question.scenario, settled.question.facts
    objective = None if policy.cost is None else policy.cost.objective
    return policy.model_copy(
        update={
            "proof": policy.proof.model_copy(
                update={
                    "objective": objective,
                    "item_level_bound": bound,
                    "item_level_gap": relative_gap(objective, bound),
                    "item_level_gap_sought": None if bound is None else SOUGHT_GAP,
                    "seconds": watch.stopped(),
                }
            ),
            "baselines": tuple(rival.baseline for rival in rivals),
            "findings": tuple(remarks(facts, policy)),
            "assumptions": _assumptions(scenario),
        }
    )


def _refused(settled: Settled, rivals: Sequence[Rival], watch: Stopwatch) -> Policy:
    asked = settled.question
    watch("conflicts", 0.0, "")
    policy = refusal(
        asked.scenario, proof_of(asked.scenario, asked.facts, settled, None), _what_stands_against(settled)
    )
    return _told(_with_proof(settled, policy, rivals, None, watch), asked.facts, watch)


def _what_stands_against(settled: Settled) -> tuple[Conflict, ...]:
    """The conflicts of an infeasible question; of one that ended with nothing, that it did."""
    asked = settled.question
    small = item_choices(asked) if settled.item_by_item else None
    if small is not None:
        return conflicts(asked.scenario, small.choices, whole_columns=True)
    too_large = conflict_of_size(asked.choices)
    if too_large is not None:
        return (too_large,)
    found = conflicts(asked.scenario, asked.choices)
    if found or settled.solution.held is Held.INFEASIBLE:
        return found
    sentence = (
        "A mix of reorder points keeps everything, but no policy of whole items was found that does; "
        "give the budgets and storage capacities a little room."
    )
    return (Conflict(family="whole_items", where="/budgets", sentence=sentence),)

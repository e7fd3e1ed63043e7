"""What is safe to publish? One policy for many futures, as one model, and what each future would rather."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from servicepolicy_models.futures import FuturesAsked, Measure, RobustPolicy, Shared
from servicepolicy_models.proof import Held, Stopped
from servicepolicy_models.rules import Choice
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.explain.asking import Reply, ask
from servicepolicy_optimizer.explain.foreseen import Foreseen, FuturesRejected, what_keeps_apart
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.published import Came, future_costs, published_segments, robust_sentence
from servicepolicy_optimizer.explain.scaled_inputs import scaled, without
from servicepolicy_optimizer.explain.weighing import measured, shares_of
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.item_by_item import item_choices
from servicepolicy_optimizer.master.futures import FutureModel, Weighing, build_futures
from servicepolicy_optimizer.paths import every_path
from servicepolicy_optimizer.question import Question, Tell, in_silence, question
from servicepolicy_optimizer.solve.futures import FuturesSolution, solve_futures
from servicepolicy_optimizer.targets import resolve_targets

ROUNDS = 5
"""Times the one model is solved at most: after each the columns that its means ask for are added."""


@dataclass(frozen=True)
class _Future:
    name: str
    share: float
    scenario: Scenario
    facts: Facts
    own: Reply
    """The best for this future alone."""


@dataclass(frozen=True)
class _Means:
    """What is decided before the future is known."""

    options: Mapping[str, tuple[str, str, str]]
    """Item class -> supply, deployment, stock policy."""
    paths: Mapping[Segment, tuple[str, str, str, str]]
    """Segment with demand -> channel, process, mode, frequency; empty where paths are not shared."""


Keep = Callable[[RobustPolicy], None]
"""Is handed what could be published already, should there be no time to look further."""


def publish(
    bases: Sequence[Foreseen],
    asked: FuturesAsked,
    tell: Tell,
    *,
    keep: Keep | None = None,
    memory: Memory | None = None,
) -> RobustPolicy:
    """The policy that the measure likes best over all futures, audited in each of them.

    bases: one scenario from which every future starts, or one for each future. Raises FuturesRejected or
    ScenarioRejected with everything that keeps the futures from being weighed.
    """
    starts = tuple(bases) * len(asked.futures) if len(bases) == 1 else tuple(bases)
    findings = list(what_keeps_apart(starts, asked))
    if findings:
        raise FuturesRejected(findings)
    shares, memory = shares_of(asked), memory or Memory()
    futures = []
    for n, (start, future) in enumerate(zip(starts, asked.futures, strict=True)):
        tell("futures alone", n / len(starts), future.name)
        scenario, facts = scaled(
            (without(start.scenario, future.without, f"/futures/{n}"), start.facts), future.times
        )
        own = ask(scenario, facts, memory)
        futures.append(_Future(future.name, shares[n], scenario, facts, own))
    alone = [f"{one.name} has no policy even alone: {one.own.why}" for one in futures if not one.own.policy]
    if alone:
        return _nothing(asked, futures, Held.INFEASIBLE, Stopped.BEFORE_SOLVING, tuple(alone))
    return _published(asked, futures, memory, tell, keep or _forget)


def _forget(found: RobustPolicy) -> None:
    """Nobody wants what is held on the way."""


def _published(
    asked: FuturesAsked, futures: Sequence[_Future], memory: Memory, tell: Tell, keep: Keep
) -> RobustPolicy:
    keep(_nothing(asked, futures, Held.NOTHING, Stopped.INTERRUPTED, (STOPPED_EARLY,)))
    best: tuple[float, list[Reply]] | None = None
    seen: list[_Means] = []
    found: FuturesSolution | None = None
    exact, rounds = False, 0
    for number in range(ROUNDS):
        tell("one policy", number / ROUNDS, f"round {number + 1}")
        questions = [_question(one, memory) for one in futures]
        found, exact = _solved(asked, futures, questions)
        rounds += 1
        if not found.futures:
            break
        means = _means(asked, questions[0], found)
        if means in seen:
            break
        seen.append(means)
        replies = [ask(_with_means(one.scenario, means), one.facts, memory) for one in futures]
        costs = [reply.objective for reply in replies]
        kept = [cost for cost in costs if cost is not None]
        if len(kept) == len(costs):
            value = measured(asked, kept, _own(futures, kept))
            if best is None or value < best[0]:
                best = (value, replies)
                keep(_held_so_far(_answer(asked, futures, found, best, (exact, rounds))))
        if exact:
            break
    assert found is not None  # there is at least one round
    if best is None:
        held = found.held if found.held is Held.INFEASIBLE and exact else Held.NOTHING
        against = tuple(_against(asked, futures, memory, exact))
        return _nothing(asked, futures, held, found.stopped, against)
    return _answer(asked, futures, found, best, (exact, rounds))


STOPPED_EARLY = "It was stopped before a policy for all of them was found."


def _held_so_far(found: RobustPolicy) -> RobustPolicy:
    """Audited in every future, and claimed to be no more than feasible."""
    return found.model_copy(update={"held": Held.FEASIBLE, "stopped": Stopped.INTERRUPTED})


def _question(one: _Future, memory: Memory) -> Question:
    """The question with every path that is in time: what one future never needs another may."""
    known = memory.of(one.scenario, one.facts)
    asked = question(one.scenario, one.facts, known, in_silence)
    paths = every_path(one.scenario, one.facts, resolve_targets(one.scenario, one.facts)).paths
    return replace(asked, choices=replace(asked.choices, paths=paths, pruned_paths=0))


def _solved(
    asked: FuturesAsked, futures: Sequence[_Future], questions: Sequence[Question]
) -> tuple[FuturesSolution, bool]:
    """The solution, and whether the model knew every rung of every item."""
    small = [item_choices(one) for one in questions]
    choices = [one.choices for one in small if one is not None]
    exact = len(choices) == len(questions)
    if not exact:
        choices = [one.choices for one in questions]
    models = [
        FutureModel(one.scenario, of, one.share, own)
        for one, of, own in zip(futures, choices, _own(futures), strict=True)
    ]
    weighing = Weighing(asked.measure, asked.tail, asked.shared is Shared.MEANS, whole_columns=exact)
    return solve_futures(build_futures(models, weighing), futures[0].scenario.limits), exact


def _own(futures: Sequence[_Future], published: Sequence[float] = ()) -> list[float]:
    """What each future costs with its own best policy; asked only where all have one.

    The published policy is one of the future's policies too: where it costs less, it is the best known.
    """
    own = [cost for one in futures if (cost := one.own.objective) is not None]
    return [min(pair) for pair in zip(own, published, strict=True)] if published else own


def _means(asked: FuturesAsked, first: Question, found: FuturesSolution) -> _Means:
    """The shared decisions, read from the first future."""
    solution, choices = found.futures[0], first.choices
    options = {
        j: (option.supply, option.deployment, option.stock_policy.value)
        for j, offered in choices.options.items()
        for option in offered
        if option.name == solution.option[j]
    }
    paths = {}
    for s, (d, q) in solution.path.items():
        if asked.shared is Shared.MEANS and choices.targets[s].pieces_per_year > 0:
            path = choices.paths[s, d][q]
            paths[s] = (path.channel, path.process, path.mode, path.frequency)
    return _Means(options, paths)


def _with_means(scenario: Scenario, means: _Means) -> Scenario:
    """The scenario with the shared decisions fixed by rules."""
    fixed = [
        Choice.model_validate(
            {"item_class": j, "supply": supply, "deployment": deployment, "stock_policy": policy}
        )
        for j, (supply, deployment, policy) in means.options.items()
    ]
    fixed += [
        Choice(
            customer_class=s[0],
            item_class=s[1],
            region=s[2],
            channel=channel,
            process=process,
            mode=mode,
            frequency=frequency,
        )
        for s, (channel, process, mode, frequency) in means.paths.items()
    ]
    rules = scenario.rules.model_copy(update={"fixed": (*scenario.rules.fixed, *fixed)})
    return scenario.model_copy(update={"rules": rules})


def _against(asked: FuturesAsked, futures: Sequence[_Future], memory: Memory, exact: bool) -> Iterator[str]:
    """Which future stands in the way: without it the others could share a policy."""
    what = "No choice of means" if exact else "No choice of means that was found"
    yield f"{what} keeps every promise, capacity, budget and rule in all futures."
    for n, one in enumerate(futures):
        rest = [other for m, other in enumerate(futures) if m != n]
        if _solved(asked, rest, [_question(other, memory) for other in rest])[0].futures:
            yield f"Without {one.name!r} the other futures could share a policy."


def _nothing(
    asked: FuturesAsked, futures: Sequence[_Future], held: Held, stopped: Stopped, against: tuple[str, ...]
) -> RobustPolicy:
    came = [Came(one.name, one.share, None, one.own) for one in futures]
    return RobustPolicy(
        **_head(asked, futures[0].scenario),
        held=held,
        stopped=stopped,
        futures=future_costs(came, futures[0].scenario.currency),
        against=against,
        sentence=f"Nothing can be published for all these futures. {' '.join(against)}",
    )


def _answer(
    asked: FuturesAsked,
    futures: Sequence[_Future],
    found: FuturesSolution,
    best: tuple[float, list[Reply]],
    done: tuple[bool, int],
) -> RobustPolicy:
    value, replies = best
    exact, rounds = done
    came = [Came(one.name, one.share, reply, one.own) for one, reply in zip(futures, replies, strict=True)]
    costs = [cost for reply in replies if (cost := reply.objective) is not None]
    own, scenario = _own(futures, costs), futures[0].scenario
    by_measure = {
        measure: measured(asked.model_copy(update={"measure": measure}), costs, own) for measure in Measure
    }
    # A regret may be zero: the gap is a share of what the policy costs, whatever is minimised.
    mean = by_measure[Measure.EXPECTED]
    gap = None if found.bound is None else max(value - found.bound, 0.0) / max(abs(mean), 1e-9)
    near = gap is not None and gap <= scenario.limits.relative_gap + 1e-9
    covers: Literal["every policy", "the columns of the model"] = (
        "every policy" if exact else "the columns of the model"
    )
    return RobustPolicy(
        **_head(asked, scenario),
        held=Held.OPTIMAL if near else Held.FEASIBLE,
        stopped=found.stopped,
        objective=value,
        bound=found.bound,
        bound_holds_for=covers,
        gap=gap,
        expected_cost=by_measure[Measure.EXPECTED],
        largest_regret=by_measure[Measure.REGRET],
        tail_cost=by_measure[Measure.CVAR],
        futures=future_costs(came, scenario.currency),
        segments=published_segments(came),
        rounds=rounds,
        sentence=robust_sentence(asked, came, value, scenario.currency),
    )


FIRST_STAGE = {
    Shared.MEANS: "Decided now, for all futures: the promises, how every item class is stocked (supplier, "
    "deployment, kind of shelf), and how every segment is served (channel, process, mode, frequency).",
    Shared.STOCK: "Decided now, for all futures: the promises, and how every item class is stocked "
    "(supplier, deployment, kind of shelf).",
}
RECOURSE = {
    Shared.MEANS: "Decided when the future is known: reorder points and reserve levels of the items.",
    Shared.STOCK: "Decided when the future is known: how every segment is served, and reorder points and "
    "reserve levels of the items.",
}


def _head(asked: FuturesAsked, scenario: Scenario) -> dict[str, Any]:
    return {
        "scenario": scenario.name,
        "currency": scenario.currency,
        "measure": asked.measure,
        "tail": asked.tail,
        "shared": asked.shared,
        "first_stage": FIRST_STAGE[asked.shared],
        "recourse": RECOURSE[asked.shared],
    }


__all__ = ["Foreseen", "FuturesRejected", "publish"]

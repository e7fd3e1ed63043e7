"""The time of a run is up and it holds nothing: it ends with what is known, or says that nothing is."""

from collections.abc import Iterator

from servicepolicy_api.memory import Memory
from servicepolicy_models.errors import warning
from servicepolicy_models.findings import Finding
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held, Proof, Stopped
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.fingerprint import scenario_sha256, versions
from servicepolicy_store import parts, runs, scenarios
from servicepolicy_store.database import Transaction
from servicepolicy_store.run_noun import Ending, Run, State

NOBODY_CAME = warning(
    "",
    "Nobody got round to this run before its answer was due.",
    "run.nobody_came",
    "Ask again, give more time, or have more workers.",
)


def nothing_yet(stage: str, seconds: float) -> Finding:
    """Why a run that was worked on holds nothing: the first policy comes after reading and stocking."""
    return warning(
        "/limits/time_limit_seconds",
        f"The time was over after {seconds:.3g} s, in stage {stage!r}, before a first policy was held.",
        "limits.nothing_yet",
        "Allow more time, or ask for a run without a deadline and take its policy when it is there.",
    )


def without_answer(tx: Transaction, run: Run, remarks: tuple[Finding, ...] = ()) -> Ending:
    """The ending of a run in time and without an answer of its own.

    The policy that an earlier run holds for the same question; else, of a solve, a policy whose proof says
    `nothing`, and which run holds one for another version of the same scenario.
    """
    may_copy = run.kind == "solve" and run.replay_of is None
    earlier = runs.held_before(tx, run.question_sha256) if may_copy else None
    if earlier is not None:
        return answer_of(earlier)
    if run.kind != "solve":
        return Ending(State.SUCCEEDED, outcome="nothing")
    scenario = read_scenario(scenarios.document(tx, run.scenario_sha256).encode())
    policy = _nothing(scenario, (*remarks, *_of_another_version(tx, run)))
    return Ending(State.SUCCEEDED, Held.NOTHING.value, documents={"policy": policy.model_dump_json()})


def _of_another_version(tx: Transaction, run: Run) -> Iterator[Finding]:
    """Who asks in a hurry may go on with the policy of an earlier version, if told that it is one."""
    earlier = None if run.scenario_name is None else runs.held_by_name(tx, run.scenario_name)
    if earlier is not None:
        cost = "" if earlier.objective is None else f" that costs {earlier.objective:,.0f} a year"
        yield warning(
            "",
            f"Run {earlier.id} holds a policy{cost} for version {earlier.scenario_version} of scenario "
            f"{run.scenario_name!r}; whether it keeps what is asked now was not looked at.",
            "limits.earlier_policy",
            f"See GET /v1/runs/{earlier.id}/policy, or ask again with more time.",
        )


def answer_of(earlier: Run) -> Ending:
    """The ending of a run whose answer another run found."""
    same_as = earlier.cached_from or earlier.id
    return Ending(State.SUCCEEDED, earlier.outcome, earlier.objective, earlier.bound, same_as=same_as)


def ended_if_overdue(memory: Memory, run: Run) -> Run:
    """The run; ended, if its answer is due and nobody works on it."""
    if run.state is not State.QUEUED or run.deadline_at is None:
        return run
    with memory.database.reading() as tx:
        if tx.at < run.deadline_at:
            return run
    with memory.database.writing() as tx:
        if run.parts is None:
            runs.end_unbegun(tx, run, without_answer(tx, run, (NOBODY_CAME,)))
        else:
            parts.cancel(tx, run.id)
        return runs.get(tx, run.id)


def _nothing(scenario: Scenario, remarks: tuple[Finding, ...]) -> Policy:
    """Neither a policy nor a proof that there is none."""
    proof = Proof(
        held=Held.NOTHING,
        stopped=Stopped.TIME_LIMIT,
        versions=versions(),
        scenario_sha256=scenario_sha256(scenario),
        seed=scenario.limits.seed,
    )
    return Policy(
        scenario=scenario.name,
        currency=scenario.currency,
        days_per_year=scenario.days_per_year,
        fill_rate_basis=scenario.fill_rate_basis.value,
        proof=proof,
        findings=remarks,
    )

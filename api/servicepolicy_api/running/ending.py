"""An answer becomes the ending of a run: its tables are on the disk before the ledger speaks of them."""

from servicepolicy_api.kinds.order import Answer, Order
from servicepolicy_api.memory import Memory
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held, Proof, Stopped
from servicepolicy_optimizer.fingerprint import scenario_sha256, versions
from servicepolicy_store.results import remember_tables
from servicepolicy_store.run_noun import Ending, State


def ending_of(memory: Memory, state: State, answer: Answer) -> Ending:
    """Keep the tables of an answer, and return the ending that speaks of them."""
    kept = {name: (memory.blobs.keep(content), rows) for name, (content, rows) in answer.tables.items()}
    with memory.database.writing() as tx:
        remember_tables(tx, [one for one, _ in kept.values()])
    return Ending(
        state=state,
        outcome=answer.outcome,
        objective=answer.objective,
        bound=answer.bound,
        documents=answer.documents,
        tables={name: (one.sha256, rows) for name, (one, rows) in kept.items()},
    )


def nothing_held(order: Order) -> Answer:
    """The answer when the time is over: neither a policy nor a proof that there is none."""
    scenario = order.question.scenario
    proof = Proof(
        held=Held.NOTHING,
        stopped=Stopped.TIME_LIMIT,
        versions=versions(),
        scenario_sha256=scenario_sha256(scenario),
        seed=scenario.limits.seed,
    )
    policy = Policy(
        scenario=scenario.name,
        currency=scenario.currency,
        days_per_year=scenario.days_per_year,
        fill_rate_basis=scenario.fill_rate_basis.value,
        proof=proof,
        findings=order.question.remarks,
    )
    return Answer(Held.NOTHING.value, documents={"policy": policy.model_dump_json()})

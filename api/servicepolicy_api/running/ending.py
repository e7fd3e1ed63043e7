"""An answer becomes the ending of a run: its tables are on the disk before the ledger speaks of them."""

from servicepolicy_api.kinds.order import Answer
from servicepolicy_api.memory import Memory
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

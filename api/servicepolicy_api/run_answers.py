"""The answer of a run, read back from the store."""

from pathlib import Path
from typing import Any

import orjson

from servicepolicy_api import sweeping
from servicepolicy_api.memory import Memory
from servicepolicy_api.problems import Problem, problem_again
from servicepolicy_models.policy import ItemPolicy, Policy
from servicepolicy_store.errors import NotThere
from servicepolicy_store.results import Found, read_result
from servicepolicy_store.run_noun import Run, State


def policy_json(memory: Memory, run: Run, with_items: bool) -> bytes:
    """The policy of a run as JSON. Raises the problem of a run that has none."""
    document = found(memory, run, "policy").document or ""
    if not with_items:
        return document.encode()
    parsed = orjson.loads(document)
    parsed["items"] = item_rows(memory, run)
    return orjson.dumps(parsed)


def policy(memory: Memory, run: Run) -> Policy:
    """The policy of a run, with its items."""
    items = tuple(ItemPolicy.model_validate(row) for row in item_rows(memory, run))
    return bare_policy(memory, run).model_copy(update={"items": items})


def bare_policy(memory: Memory, run: Run) -> Policy:
    """The policy of a run, without its items."""
    return Policy.model_validate_json(found(memory, run, "policy").document or "")


def item_rows(memory: Memory, run: Run) -> list[dict[str, Any]]:
    """The item rows of a run's policy; none where the policy has none."""
    # pyarrow takes a while to load, and most requests need none of it.
    from servicepolicy_api.kinds.tables import items_of_parquet

    path = table_path(memory, run, "items")
    return [] if path is None else items_of_parquet(path)


def table_path(memory: Memory, run: Run, name: str) -> Path | None:
    """Where the file of a run's table lies; None where it has no such table."""
    try:
        with memory.database.reading() as tx:
            blob = read_result(tx, run, name).blob
    except NotThere:
        return None
    return None if blob is None else memory.blobs.path(blob)


def found(memory: Memory, run: Run, name: str) -> Found:
    """A result of a run. Raises a Problem that says why there is none.

    The rows of a sweep are read meanwhile: those of the points that have ended.
    """
    if (run.kind, name) == (sweeping.KIND, sweeping.ROWS) and run.state is not State.FAILED:
        with memory.database.reading() as tx:
            rows = sweeping.rows_of(tx, run)
        return Found(name, orjson.dumps(rows).decode(), None, len(rows))
    if not run.state.is_final:
        later = {"Retry-After": "1"}
        raise Problem(409, "run.not_finished", "The run has not ended yet.", headers=later)
    if run.state is State.FAILED and run.problem is not None:
        why = problem_again(run.problem)
        raise Problem(409, "run.failed", f"The run failed: {why.detail}", why.findings)
    try:
        with memory.database.reading() as tx:
            return read_result(tx, run, name)
    except NotThere:
        raise Problem(404, "run.no_result", f"The run holds no {name}.") from None

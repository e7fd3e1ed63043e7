"""Runs of the local store, named by their id where a command takes a file."""

from dataclasses import dataclass
from pathlib import Path

from servicepolicy_api.beside import HOLDS_A_POLICY, question_of
from servicepolicy_api.files import FileRejected
from servicepolicy_api.memory import Memory, open_memory
from servicepolicy_api.question import Question
from servicepolicy_api.run_answers import policy
from servicepolicy_api.serving import read_settings
from servicepolicy_models.errors import error
from servicepolicy_models.policy import Policy
from servicepolicy_store import migrating, runs
from servicepolicy_store.errors import NotThere
from servicepolicy_store.identity import is_id


@dataclass(frozen=True)
class SavedRun:
    """A run that was asked of the service: its question, and its policy if it holds one."""

    question: Question
    policy: Policy | None


def saved_run(path: Path) -> SavedRun | None:
    """The run whose id stands where a file could be named; None where it is no id, or a file is there.

    Raises FileRejected for an id that the store of this machine does not hold.
    """
    if path.exists() or not is_id(str(path)):
        return None
    settings = read_settings()
    if settings.database_url is None and not settings.store_folder.is_dir():
        raise _unknown(path)
    memory = open_memory(settings)
    try:
        migrating.require_current(memory.database)
        return _read(memory, path)
    finally:
        memory.database.close()


def _read(memory: Memory, path: Path) -> SavedRun:
    settings = read_settings()
    try:
        with memory.database.reading() as tx:
            run = runs.get(tx, str(path))
            run = runs.get(tx, run.cached_from or run.id)
    except NotThere:
        raise _unknown(path) from None
    holds = run.state.is_final and run.kind == "solve" and run.outcome in HOLDS_A_POLICY
    return SavedRun(question_of(run, memory, settings), policy(memory, run) if holds else None)


def _unknown(path: Path) -> FileRejected:
    what = "There is neither a file nor a saved run of that name."
    mend = "See GET /v1/runs for the runs, and SERVICEPOLICY_STORE_FOLDER for where they are looked for."
    return FileRejected([error(str(path), what, "file.no_run", mend)])

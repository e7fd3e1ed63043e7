"""Want of memory and a disk that fails end a run as what they are."""

from errno import EIO
from types import SimpleNamespace

import pytest

from servicepolicy_api.kinds import work
from servicepolicy_api.problems import problem_of
from servicepolicy_api.running import child


@pytest.mark.parametrize(
    ("wrong", "code", "status"),
    [
        (MemoryError(), "scenario.too_large", 413),
        (OSError(EIO, "Input/output error", "/spill"), "machine.failed", 503),
    ],
)
def test_what_the_machine_lacks_is_told(monkeypatch, wrong, code, status):
    def fails(order, listener):
        raise wrong

    told = []
    monkeypatch.setattr(work, "WORK_OF", {"solve": fails})
    child.work(SimpleNamespace(send=told.append), SimpleNamespace(kind="solve", run_id="one"))
    (ended,) = told
    problem = problem_of(ended.error(ended.findings))
    assert (problem.code, problem.status) == (code, status)


def test_what_nobody_foresaw_stays_unforeseen(monkeypatch):
    def fails(order, listener):
        raise FileNotFoundError("gone")

    told = []
    monkeypatch.setattr(work, "WORK_OF", {"solve": fails})
    child.work(SimpleNamespace(send=told.append), SimpleNamespace(kind="solve", run_id="one"))
    assert told == [child.Ended()]

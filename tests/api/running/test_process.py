"""The process of a run, as its parent sees it."""

import json
import os
import subprocess
import sys
import time

import pytest

from servicepolicy_api.kinds import KINDS
from servicepolicy_api.kinds.order import Listener, Order
from servicepolicy_api.kinds.work import WORK_OF
from servicepolicy_api.question import question
from servicepolicy_api.running.child import Ended, Told
from servicepolicy_api.running.process import RunProcess, forks
from servicepolicy_api.settings import Settings
from tests.api.http import misbehaving


@pytest.fixture
def start(spare_parts):
    """Starts a process that goes this way, and ends it."""
    order = Order("a run", "solve", question(spare_parts, Settings(), lambda _: None), {})
    started = []

    def run(entry):
        started.append(RunProcess(forks(), order, entry))
        return started[-1]

    yield run
    for one in started:
        one.end()


def test_the_last_word_is_heard_even_if_the_process_has_ended_since(start):
    process = start(misbehaving.answers_and_is_gone)
    process._process.join()
    heard = process.heard(1.0)
    assert [type(one) for one in heard] == [Told, Ended]
    with pytest.raises(EOFError):
        process.heard(1.0)


@pytest.mark.parametrize(
    ("entry", "cause"), [(misbehaving.dies, "exit status 137"), (misbehaving.is_killed, "SIGKILL")]
)
def test_a_process_that_dies_without_a_word_is_noticed(start, entry, cause):
    process = start(entry)
    with pytest.raises(EOFError):
        process.heard(60.0)
    process._process.join()
    assert process.cause_of_death() == cause


def test_a_process_that_nobody_hears_any_more_ends(start):
    process = start(misbehaving.never_searches)
    while not any(isinstance(one, Told) for one in process.heard(60.0)):
        pass
    process._ours.close()
    process._process.join()
    assert process.cause_of_death() == "exit status 1"


def test_a_process_that_sleeps_is_ended_by_force(start):
    process = start(misbehaving.sleeps)
    assert process.heard(0.0) == []
    began = time.monotonic()
    process._process.kill()
    process._process.join()
    assert time.monotonic() - began < 30


def test_a_run_computes_behind_whoever_knocks_at_the_door(start):
    process = start(misbehaving.sleeps)
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, process._process.pid) == min(ours + 5, 19)


def test_every_kind_that_can_be_asked_can_be_worked_on():
    assert {name for name, kind in KINDS.items() if not kind.is_made_of_runs} == WORK_OF.keys()


def test_the_service_itself_loads_no_solver():
    """The doors know the kinds; only `kinds.work`, in the process of a run, loads what they do."""
    words = "import sys, servicepolicy_api.app; sys.exit(bool({'pyomo', 'highspy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", words]).returncode == 0


def test_an_explanation_holds_what_it_has_found_so_far(spare_parts):
    asked = question(spare_parts, Settings(), lambda _: None)
    held = []
    listener = Listener(tell=lambda *_: None, keep=held.append)
    answer = WORK_OF["frontier"](Order("a run", "frontier", asked, {"points": 2}), listener)
    assert [one.outcome for one in (*held, answer)] == ["partial", "partial", "done"]
    points = [len(json.loads(one.documents["frontier"])["points"]) for one in (*held, answer)]
    assert points == [1, 2, 2]

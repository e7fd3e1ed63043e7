"""A solve in a process of its own: stopped when its time is up, when nobody waits, and never left behind."""

import multiprocessing
import time

import anyio
import pytest

from servicepolicy_api.problems import Problem
from servicepolicy_api.question import question
from servicepolicy_api.settings import Settings
from servicepolicy_api.solving import desk as desk_module
from servicepolicy_api.solving.desk import Desk
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held, Stopped
from tests.api.http import misbehaving


@pytest.fixture
def hand_in(monkeypatch, spare_parts):
    """Hand in solves that go this way, as many as wanted at the same time; what each of them brings back."""

    def run(work, times=1, gone=False, **settings):
        monkeypatch.setattr(desk_module, "work", work)
        given = Settings(**settings)
        asked = question(spare_parts, given)
        counter = Desk(given)
        counter.open()
        brought = []

        async def has_gone():
            return gone

        async def one():
            try:
                brought.append(await counter.solve(asked, True, "test", has_gone))
            except Problem as problem:
                brought.append(problem)

        async def all_of_them():
            async with anyio.create_task_group() as group:
                for _ in range(times):
                    group.start_soon(one)

        anyio.run(all_of_them)
        assert multiprocessing.active_children() == []
        return brought

    return run


def test_an_answer_is_brought_back(hand_in):
    assert hand_in(misbehaving.answers) == [b'{"items": true, "seed": 0}']


def test_a_solve_whose_time_is_up_is_stopped_and_holds_nothing(hand_in):
    began = time.monotonic()
    (brought,) = hand_in(misbehaving.sleeps, solve_seconds=0.5)
    assert time.monotonic() - began < 30
    proof = Policy.model_validate_json(brought).proof
    assert (proof.held, proof.stopped) == (Held.NOTHING, Stopped.TIME_LIMIT)
    assert len(proof.scenario_sha256) == 64


def test_a_solve_for_which_nobody_waits_is_stopped(hand_in):
    (problem,) = hand_in(misbehaving.sleeps, gone=True)
    assert problem.code == "client.left"


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (misbehaving.dies, "solve.died"),
        (misbehaving.foresaw_nothing, "solve.died"),
        (misbehaving.is_our_fault, "solver.failed"),
    ],
)
def test_what_goes_wrong_in_a_solve_is_a_problem_of_ours_without_its_inside(hand_in, work, code):
    (problem,) = hand_in(work)
    assert (problem.status, problem.code, problem.findings) == (500, code, ())


def test_more_than_may_wait_are_told_to_come_back(hand_in):
    brought = hand_in(misbehaving.answers, times=4, concurrent_solves=1, waiting_solves=1)
    refused = [one for one in brought if isinstance(one, Problem)]
    assert [(one.status, one.code) for one in refused] == [(429, "solve.too_many")] * 2
    assert all(int(one.headers["Retry-After"]) > 0 for one in refused)
    assert len(brought) - len(refused) == 2


def test_those_that_wait_get_their_turn(hand_in):
    assert hand_in(misbehaving.answers, times=5, concurrent_solves=2) == [b'{"items": true, "seed": 0}'] * 5

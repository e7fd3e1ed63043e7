"""A process that has ended its run in good order may take another; any other one is ended."""

import os
import signal
from dataclasses import replace

import pytest

from servicepolicy_api.kinds.order import Order
from servicepolicy_api.question import question
from servicepolicy_api.running import process as process_module
from servicepolicy_api.running.child import Ended, work
from servicepolicy_api.running.process import RunProcess, forks
from servicepolicy_api.running.resting import Resting
from servicepolicy_api.settings import Settings
from servicepolicy_models.policy import Policy
from tests.api.http import misbehaving


@pytest.fixture
def order(spare_parts):
    """A run of the example."""
    return Order("a run", "solve", question(spare_parts, Settings(), lambda _: None), {})


@pytest.fixture
def resting():
    """A place where processes rest that say who they are."""
    made = Resting(forks(), misbehaving.answers_from_where, most=2)
    yield made
    made.end_all()


def answer(process):
    """What a process answers in the end."""
    while True:
        for message in process.heard(600.0):
            if isinstance(message, Ended):
                return message.answer


def worked(resting, order, is_suspect=False, in_good_order=True):
    """Have an order carried out; the number of the process that did."""
    process = resting.process_for(order, is_suspect)
    number = answer(process).bound
    assert number == process._process.pid
    resting.back(process, in_good_order)
    return number


def test_a_process_takes_one_run_after_the_other(resting, order):
    assert len({worked(resting, order) for _ in range(4)}) == 1


def test_after_a_run_that_did_not_end_in_good_order_the_next_gets_a_process_of_its_own(resting, order):
    first = worked(resting, order, in_good_order=False)
    assert worked(resting, order) != first


def test_a_suspect_gets_a_process_that_nobody_has_used(resting, order):
    first = worked(resting, order)
    assert worked(resting, order, is_suspect=True, in_good_order=False) != first
    assert worked(resting, order) == first


def test_two_runs_at_a_time_are_in_two_processes(resting, order):
    both = [resting.process_for(order, False) for _ in range(2)]
    assert len({answer(one).bound for one in both}) == 2


def test_a_process_that_dies_while_it_rests_harms_no_run(resting, order):
    first = worked(resting, order)
    os.kill(int(first), signal.SIGKILL)
    resting._resting[0]._process.join()
    assert worked(resting, order) != first


@pytest.mark.parametrize(("bound", "value"), [("MOST_RUNS", 1), ("MOST_RESTING_BYTES", 1)])
def test_a_process_that_is_worn_or_large_is_not_kept(resting, order, monkeypatch, bound, value):
    monkeypatch.setattr(process_module, bound, value)
    assert worked(resting, order) != worked(resting, order)


def test_more_than_the_places_do_not_rest(order):
    resting = Resting(forks(), misbehaving.answers, most=1)
    made = [resting.process_for(order, False) for _ in range(3)]
    for one in made:
        answer(one)
        resting.back(one, in_good_order=True)
    assert len(resting._resting) == 1
    resting.end_all()
    assert resting._resting == []


def test_what_was_worked_on_before_changes_nothing_in_an_answer(order):
    """The runs of one process, in turn, and each in a process of its own: the same to the last digit."""
    scenario = order.question.scenario
    dearer = scenario.model_copy(update={"carrying_rate_per_year": scenario.carrying_rate_per_year * 1.5})
    orders = [order, replace(order, question=replace(order.question, scenario=dearer)), order]
    process, in_turn = RunProcess(forks(), order, work), []
    for number, one in enumerate(orders):
        assert number == 0 or process.takes(one)
        in_turn.append(answer(process))
    process.end()
    for one, found in zip(orders[:2], in_turn[:2], strict=True):
        fresh = RunProcess(forks(), one, work)
        assert told(answer(fresh)) == told(found)
        fresh.end()
    assert told(in_turn[0]) == told(in_turn[2])


def told(found):
    """All of an answer but the seconds that it took."""
    policy = Policy.model_validate_json(found.documents["policy"])
    proof = policy.proof.model_copy(update={"seconds": {}})
    return policy.model_copy(update={"proof": proof}), found.tables, found.objective, found.bound

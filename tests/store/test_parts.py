"""A run made of runs: in whatever order its parts end, and whoever dies, it ends once, with the last."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from servicepolicy_store import parts, runs, scenarios
from servicepolicy_store.run_noun import MOST_WORKER_DEATHS, Ending, State
from tests.store.conftest import asked, scenario
from tests.store.test_runs import DONE, LONG_SECONDS, begin, events, finish, grow_silent, read

NUMBER = 6


@pytest.fixture
def whole(database):
    """A run and its parts, all of them waiting."""
    with database.writing() as tx:
        scenarios.keep(tx, scenario())
        made = runs.create(tx, asked(kind="sweep", parts=NUMBER))
        for number in range(NUMBER):
            runs.create(tx, asked(parent=made.id, part=number, question_sha256=f"{number}" * 64))
        return runs.get(tx, made.id), runs.parts_of(tx, made.id)


def cancel(database, run):
    with database.writing() as tx:
        return runs.ask_to_cancel(tx, run.id)


def kinds(database, run):
    return [one.kind for one in events(database, run)]


def test_it_begins_with_the_first_part_and_ends_with_the_last(database, whole):
    run, inner = whole
    with database.reading() as tx:
        assert runs.queued(tx, 50) == [one.id for one in inner]
        assert (runs.waiting(tx), runs.waiting(tx, with_parts=True)) == (0, NUMBER)
    assert begin(database, run) is None
    for number, part in enumerate(inner):
        assert read(database, run).progress.get("word", f"0 of {NUMBER}") == f"{number} of {NUMBER}"
        assert finish(database, begin(database, part))
    ended = read(database, run)
    assert (ended.state, ended.outcome, ended.attempt, ended.worker) == (State.SUCCEEDED, "done", 0, None)
    assert ended.started_at <= ended.finished_at
    assert kinds(database, run) == ["queued", "running", *["progress"] * (NUMBER - 1), "succeeded"]


def test_parts_that_end_at_the_same_moment_end_it_once(database, whole):
    run, inner = whole
    mine = [begin(database, part) for part in inner]
    with ThreadPoolExecutor(NUMBER) as pool:
        assert all(pool.map(lambda one: finish(database, one), mine))
    assert read(database, run).state is State.SUCCEEDED
    assert kinds(database, run).count("succeeded") == 1


def test_cancelled_it_cancels_what_waits_asks_what_runs_and_keeps_what_was_found(database, whole):
    run, inner = whole
    finish(database, begin(database, inner[0]))
    running = begin(database, inner[1])
    assert cancel(database, run).state is State.RUNNING
    assert cancel(database, run).state is State.RUNNING
    assert read(database, running).cancel_asked_at is not None
    assert {read(database, one).state for one in inner[2:]} == {State.CANCELLED}
    finish(database, running, Ending(State.CANCELLED, "feasible", 9.0))
    ended = read(database, run)
    assert (ended.state, ended.outcome) == (State.CANCELLED, "partial")
    assert read(database, inner[0]).state is State.SUCCEEDED
    assert kinds(database, run).count("cancelled") == kinds(database, run).count("cancelling") == 1


def test_cancelled_before_anything_began_it_ends_at_once(database, whole):
    run, inner = whole
    ended = cancel(database, run)
    assert (ended.state, ended.outcome) == (State.CANCELLED, "nothing")
    assert begin(database, inner[0]) is None


def test_cancelled_by_two_while_parts_end_nobody_waits_in_a_circle(database, whole):
    run, inner = whole
    mine = [begin(database, part) for part in inner[:4]]
    with ThreadPoolExecutor(NUMBER) as pool:
        ending = [pool.submit(finish, database, one) for one in mine]
        ending += [pool.submit(cancel, database, run) for _ in range(2)]
        for one in ending:
            one.result()
    assert read(database, run).state is State.CANCELLED


def test_a_part_cancelled_by_itself_leaves_the_others(database, whole):
    run, inner = whole
    cancel(database, inner[0])
    for part in inner[1:]:
        finish(database, begin(database, part))
    ended = read(database, run)
    assert (ended.state, ended.outcome) == (State.SUCCEEDED, "partial")


def test_a_part_that_dies_too_often_is_one_without_an_answer(database, whole):
    run, inner = whole
    for part in inner[1:]:
        finish(database, begin(database, part))
    for _ in range(MOST_WORKER_DEATHS):
        assert begin(database, inner[0]) is not None
        grow_silent(database, inner[0], 2 * LONG_SECONDS)
    assert begin(database, inner[0]) is None
    ended = read(database, run)
    assert (ended.state, ended.outcome) == (State.SUCCEEDED, "partial")


@pytest.mark.parametrize(
    ("outcomes", "outcome"),
    [(["optimal", "feasible"], "feasible"), (["feasible", "nothing"], "partial"),
     (["nothing", "nothing"], "nothing"), (["infeasible", "optimal"], "done")],
)  # fmt: skip
def test_it_holds_what_the_least_of_its_parts_holds(database, whole, outcomes, outcome):
    run, inner = whole
    for number, part in enumerate(inner):
        finish(database, begin(database, part), Ending(State.SUCCEEDED, outcomes[number % 2]))
    assert read(database, run).outcome == outcome


def test_nobody_takes_it_for_a_run_whose_worker_is_gone(database, whole):
    run, inner = whole
    begin(database, inner[0])
    with database.writing() as tx:
        assert runs.abandon(tx, set(), None) == [inner[0].id]
    assert read(database, run).state is State.RUNNING


def test_parts_that_were_answered_before_end_it_as_it_is_written(database, new_run):
    earlier = begin(database, new_run())
    finish(database, earlier, DONE)
    with database.writing() as tx:
        made = runs.create(tx, asked(kind="sweep", parts=2))
        for number in range(2):
            part = asked(parent=made.id, part=number)
            runs.create_answered(tx, part, runs.get(tx, earlier.id))
        ended = runs.get(tx, made.id)
        none = runs.create(tx, asked(kind="sweep", parts=0))
        parts.look(tx, none.id)
        assert runs.get(tx, none.id).outcome == "done"
    assert (ended.state, ended.outcome, ended.started_at) == (State.SUCCEEDED, "done", None)


def test_other_runs_come_first(database, whole, new_run):
    run = new_run()
    with database.reading() as tx:
        assert runs.queued(tx, 2)[0] == run.id

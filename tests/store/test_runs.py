"""The ledger: whatever happens in whatever order, a run ends once, and what was written stays."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from servicepolicy_store import runs
from servicepolicy_store.errors import Clash, NotThere
from servicepolicy_store.events import events_after
from servicepolicy_store.results import read_result
from servicepolicy_store.run_noun import ALONE_AFTER, MOST_PROCESS_DEATHS, MOST_WORKER_DEATHS, Ending, State
from tests.store.conftest import asked

DONE = Ending(State.SUCCEEDED, "optimal", 12.5, 12.0, documents={"policy": '{"a": 1}'})
LONG_SECONDS = 1_000.0


def begin(database, run, worker="one", silent_seconds=LONG_SECONDS):
    with database.writing() as tx:
        return runs.begin(tx, run.id, worker, silent_seconds)


def finish(database, mine, ending=DONE, last_news=None):
    with database.writing() as tx:
        return runs.finish(tx, mine, ending, last_news)


def read(database, run):
    with database.reading() as tx:
        return runs.get(tx, run.id)


def events(database, run):
    with database.reading() as tx:
        return events_after(tx, run.id, 0)


def grow_silent(database, run, seconds=60):
    """As if nobody had given a sign of life for so long."""
    with database.writing() as tx:
        tx.execute(text("UPDATE run SET beat = beat - :s WHERE id = :id"), {"s": seconds, "id": run.id})


def test_a_run_goes_its_way_and_every_step_is_an_event(database, new_run):
    mine = begin(database, new_run())
    with database.writing() as tx:
        assert runs.beat(tx, mine, {"phase": "solve"}).progress == {"phase": "solve"}
    assert finish(database, mine)
    ended = read(database, mine)
    assert (ended.state, ended.outcome, ended.objective, ended.attempt) == (
        State.SUCCEEDED,
        "optimal",
        12.5,
        1,
    )
    assert ended.created_at < ended.started_at < ended.finished_at
    assert [(one.number, one.kind) for one in events(database, mine)] == [
        (1, "queued"), (2, "running"), (3, "progress"), (4, "succeeded"),
    ]  # fmt: skip
    assert ended.last_event == 4
    with database.reading() as tx:
        assert read_result(tx, ended, "policy").document == '{"a": 1}'
        with pytest.raises(NotThere):
            read_result(tx, ended, "items")


def test_news_not_written_yet_comes_with_the_ending(database, new_run):
    mine = begin(database, new_run())
    with database.writing() as tx:
        runs.beat(tx, mine, {"incumbent": 14.0})
    assert finish(database, mine, last_news={"incumbent": 12.5})
    assert read(database, mine).progress == {"incumbent": 12.5}
    told = [(one.number, one.kind) for one in events(database, mine)]
    assert told[2:] == [(3, "progress"), (4, "progress"), (5, "succeeded")]
    assert not finish(database, mine, last_news={"incumbent": 0.0})
    assert read(database, mine).progress == {"incumbent": 12.5} and len(events(database, mine)) == 5


def test_what_is_told_of_a_new_run_is_what_its_row_reads_as(database, new_run):
    earlier = new_run()
    finish(database, begin(database, earlier))
    given = asked(settings={"a": [1, {"b": 0.5}]}, patch='{"x":1}', scenario_name=None, part=None)
    with database.writing() as tx:
        waits = runs.create(tx, given, deadline_at=tx.at)
        answered = runs.create_answered(tx, given, read(database, earlier))
    assert read(database, waits) == waits
    assert read(database, answered) == answered
    assert [(one.number, one.kind) for one in events(database, answered)] == [(1, "queued"), (2, "succeeded")]


def test_of_many_who_begin_a_run_one_gets_it(database, new_run):
    run = new_run()
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda worker: begin(database, run, str(worker)), range(8)))
    assert len([one for one in got if one is not None]) == 1
    assert read(database, run).attempt == 1


def test_of_many_who_finish_a_run_one_is_heard(database, new_run):
    mine = begin(database, new_run())
    endings = [Ending(State.SUCCEEDED, f"outcome {number}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(lambda ending: finish(database, mine, ending), endings))
    assert heard.count(True) == 1
    assert read(database, mine).outcome == endings[heard.index(True)].outcome
    assert [one.kind for one in events(database, mine)].count("succeeded") == 1


def test_a_silent_run_is_taken_over_and_its_first_worker_is_not_heard_any_more(database, new_run):
    first = begin(database, new_run())
    assert begin(database, first, "two", silent_seconds=30) is None
    grow_silent(database, first)
    second = begin(database, first, "two", silent_seconds=30)
    assert (second.attempt, second.worker) == (2, "two")
    with database.writing() as tx:
        assert runs.beat(tx, first, None) is None
    assert not finish(database, first, Ending(State.SUCCEEDED, "late"))
    with database.writing() as tx:
        assert not runs.give_back(tx, first, "SIGKILL")
    assert finish(database, second)
    assert read(database, first).outcome == "optimal"


def test_a_run_whose_process_dies_again_and_again_fails(database, new_run):
    run = new_run()
    for attempt in range(1, MOST_PROCESS_DEATHS + 1):
        mine = begin(database, run)
        assert (mine.attempt, mine.is_suspect) == (attempt, attempt > ALONE_AFTER)
        with database.writing() as tx:
            assert runs.give_back(tx, mine, died="SIGKILL")
    assert begin(database, run) is None
    ended = read(database, run)
    assert (ended.state, ended.problem["code"]) == (State.FAILED, "run.poison")
    assert (ended.problem["process_deaths"], ended.problem["worker_deaths"]) == (MOST_PROCESS_DEATHS, 0)
    reasons = [one.data["reason"] for one in events(database, run) if "reason" in one.data]
    assert reasons == ["its process died: SIGKILL"] * MOST_PROCESS_DEATHS


def test_a_worker_that_stops_in_good_order_costs_no_attempt(database, new_run):
    run = new_run()
    for _ in range(2 * MOST_WORKER_DEATHS):
        with database.writing() as tx:
            runs.give_back(tx, runs.begin(tx, run.id, "one", LONG_SECONDS), died=None)
    begun = begin(database, run)
    assert (begun.attempt, begun.process_deaths, begun.worker_deaths, begun.is_suspect) == (1, 0, 0, False)


def test_what_was_running_when_the_process_was_killed_waits_again(database, new_run):
    lost, held, waits = begin(database, new_run()), begin(database, new_run()), new_run()
    with database.writing() as tx:
        assert runs.abandon(tx, {held.id}, silent_seconds=None) == [lost.id]
        assert runs.queued(tx, 10) == [lost.id, waits.id]
    assert read(database, held).state is State.RUNNING
    # Others may be at work: silence tells.
    with database.writing() as tx:
        assert runs.abandon(tx, set(), silent_seconds=30) == []
    grow_silent(database, held)
    with database.writing() as tx:
        assert runs.abandon(tx, set(), silent_seconds=30) == [held.id]


def killed(database):
    """As when the one process that works on all runs is killed and started again."""
    with database.writing() as tx:
        return runs.abandon(tx, set(), silent_seconds=None)


def test_the_death_of_a_worker_speaks_against_none_of_its_runs(database, new_run):
    together = [new_run(), new_run()]
    for _ in range(MOST_PROCESS_DEATHS + 1):
        assert all(begin(database, run) is not None for run in together)
        assert killed(database) == [run.id for run in together]
    for run in together:
        mine = begin(database, run)
        assert (mine.process_deaths, mine.worker_deaths) == (0, MOST_PROCESS_DEATHS + 1)
        assert finish(database, mine)


@pytest.mark.parametrize("road", ["abandoned", "taken over"])
def test_a_run_that_takes_every_worker_with_it_is_soon_worked_on_alone_and_fails_in_the_end(
    database, new_run, road
):
    run, alone = begin(database, new_run()), []
    for _ in range(MOST_WORKER_DEATHS - 1):
        if road == "abandoned":
            assert killed(database) == [run.id]
        else:
            grow_silent(database, run, 2 * LONG_SECONDS)
        alone.append(read(database, run).is_suspect)
        assert begin(database, run) is not None
    assert alone == [deaths >= ALONE_AFTER for deaths in range(1, MOST_WORKER_DEATHS)]
    if road == "abandoned":
        assert killed(database) == []
    else:
        grow_silent(database, run, 2 * LONG_SECONDS)
        assert begin(database, run) is None
    ended = read(database, run)
    assert (ended.state, ended.problem["code"]) == (State.FAILED, "run.worker_deaths")
    assert (ended.problem["process_deaths"], ended.problem["worker_deaths"]) == (0, MOST_WORKER_DEATHS)
    assert f"{MOST_WORKER_DEATHS} times" in ended.problem["detail"]
    told = [one.data["reason"] for one in events(database, run) if "reason" in one.data]
    assert told == ["its worker is gone"] * MOST_WORKER_DEATHS


def test_who_waits_is_cancelled_at_once_and_cancelling_twice_is_cancelling_once(database, new_run):
    run = new_run()
    for _ in range(2):
        with database.writing() as tx:
            assert runs.ask_to_cancel(tx, run.id).state is State.CANCELLED
    assert begin(database, run) is None
    assert [one.kind for one in events(database, run)] == ["queued", "cancelled"]


def test_who_runs_is_asked_to_stop_once_and_a_finished_run_stays_as_it_is(database, new_run):
    mine = begin(database, new_run())
    for _ in range(2):
        with database.writing() as tx:
            asked_to = runs.ask_to_cancel(tx, mine.id)
    assert (asked_to.state, asked_to.cancel_asked_at is not None) == (State.RUNNING, True)
    finish(database, mine, Ending(State.CANCELLED, "feasible"))
    with database.writing() as tx:
        assert runs.ask_to_cancel(tx, mine.id).outcome == "feasible"
    assert [one.kind for one in events(database, mine)] == ["queued", "running", "cancelling", "cancelled"]


def number_waiting(database):
    """As it is counted when somebody asks for more: by the index of runs that have not ended."""
    with database.reading() as tx:
        return runs.waiting(tx, with_parts=True)


def number_open(database):
    """By state."""
    with database.reading() as tx:
        counted = runs.counts(tx)
    return counted["queued"], counted["running"]


def test_whatever_comes_in_whatever_order_a_run_ends_once(database, new_run):
    """Random steps by workers that know nothing of each other, until it has ended."""
    for seed in range(6):
        chance, run, hands = random.Random(seed), new_run(), []
        for _ in range(40):
            step = chance.randrange(6)
            assert number_waiting(database) == sum(number_open(database))
            with database.writing() as tx:
                if step == 0 and (mine := runs.begin(tx, run.id, "w", chance.choice([0.0, LONG_SECONDS]))):
                    hands.append(mine)
                elif step == 1 and hands:
                    runs.finish(tx, chance.choice(hands), Ending(State.SUCCEEDED, "optimal"))
                elif step == 2 and hands:
                    runs.give_back(tx, chance.choice(hands), chance.choice([None, "SIGKILL"]))
                elif step == 3 and chance.random() < 0.2:
                    runs.ask_to_cancel(tx, run.id)
                elif step == 4:
                    runs.abandon(tx, set(), chance.choice([None, LONG_SECONDS]))
                elif step == 5 and hands:
                    runs.beat(tx, chance.choice(hands), {"x": 1})
        told = events(database, run)
        ends = [one.kind for one in told if one.kind in ("succeeded", "failed", "cancelled")]
        state = read(database, run).state
        assert ends == ([state.value] if state.is_final else [])
        assert [one.number for one in told] == list(range(1, len(told) + 1))
        assert not ends or told[-1].kind == ends[0]


def test_the_same_question_finds_its_answer_and_a_copy_leads_to_the_original(database, new_run):
    with database.reading() as tx:
        assert runs.answered(tx, "c" * 64) is None
    mine = begin(database, new_run())
    finish(database, mine)
    with database.writing() as tx:
        copy = runs.create_answered(tx, asked(), runs.answered(tx, "c" * 64))
        again = runs.create_answered(tx, asked(), copy)
        assert copy.cached_from == again.cached_from == mine.id
        assert read_result(tx, again, "policy").document == '{"a": 1}'
        assert runs.answered(tx, "c" * 64).id == mine.id


@pytest.mark.parametrize("outcome", ["feasible", "nothing", None])
def test_what_more_time_could_better_is_no_answer_to_keep(database, new_run, outcome):
    finish(database, begin(database, new_run()), Ending(State.SUCCEEDED, outcome))
    with database.reading() as tx:
        assert runs.answered(tx, "c" * 64) is None


def test_pages_hold_every_run_once_the_newest_first(database, new_run):
    made = [new_run(kind=kind).id for kind in ["solve", "sweep"] * 5]
    seen, before, has_more = [], None, True
    with database.reading() as tx:
        while has_more:
            page, has_more = runs.page(tx, runs.Filter(), before, 3)
            seen, before = [*seen, *page], page[-1].id
        assert [one.id for one in seen] == made[::-1]
        sweeps, _ = runs.page(tx, runs.Filter(kind="sweep", state="queued"), None, 50)
        assert [one.id for one in sweeps] == made[1::2][::-1]
        assert runs.counts(tx)["queued"] == runs.waiting(tx) == 10


def test_a_run_speaks_of_a_scenario_that_is_there(database):
    with pytest.raises(Clash), database.writing() as tx:
        runs.create(tx, asked(scenario_sha256="f" * 64))
    with pytest.raises(NotThere), database.reading() as tx:
        runs.get(tx, "no such run")

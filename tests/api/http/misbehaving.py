"""Runs that go wrong, each in its own way. A test puts them in the place of the real one."""

import os
import signal
import time
from dataclasses import replace

from servicepolicy_api.kinds.order import Answer
from servicepolicy_api.running.child import Ended, Held, Told, work
from servicepolicy_models.errors import OrderLinesRejected, SolverFailed, error
from servicepolicy_models.proof import Held as WhatIsHeld
from servicepolicy_optimizer import pipeline
from tests.api import policies


def answer(order, held="optimal"):
    """A small policy that says what was asked."""
    policy = policies.policy()
    said = {
        "held": WhatIsHeld(held),
        "seed": order.question.scenario.limits.seed,
        "seconds": {"x": time.time()},
    }
    proof = policy.proof.model_copy(update=said)
    told = policy.model_copy(update={"proof": proof, "items": ()})
    return Answer(held, 84_000.0, 80_000.0, {"policy": told.model_dump_json()})


def answers(told, order):
    """Not at all wrong, and at once."""
    told.send(Told("solve", 0.5, "half"))
    told.send(Ended(answer(order)))


def answers_and_is_gone(told, order):
    """Its last word, and the end of its process."""
    answers(told, order)
    os._exit(0)


def answers_from_where(told, order):
    """In which process, in the place of the bound."""
    told.send(Ended(replace(answer(order), bound=float(os.getpid()))))


def answers_with_a_table(told, order):
    """A policy, and a table beside it: a file has to be kept."""
    found = answer(order)
    told.send(Ended(replace(found, tables={"items": (b"as if it were Parquet", 1)})))


def answers_late(told, order):
    """As late as it takes somebody else to ask the same."""
    time.sleep(2)
    answers(told, order)


def sleeps(told, order):
    """For ever, with nothing in hand."""
    time.sleep(600)


def holds(told, order):
    """For ever, with something in hand."""
    told.send(Held(answer(order, "feasible")))
    time.sleep(600)


def betters_what_it_held(told, order):
    """Sooner than news of a run is written down."""
    told.send(Held(replace(answer(order, "feasible"), objective=90_000.0)))
    time.sleep(0.3)
    told.send(Ended(answer(order)))


def holds_a_part(told, order):
    """For ever, with some points of a frontier in hand."""
    told.send(Held(Answer("partial", documents={"frontier": '{"points": [1, 2]}'})))
    time.sleep(600)


def never_searches(told, order):
    """The real road, until the search begins: that one never ends."""
    pipeline.settle = lambda asked, tell: time.sleep(600)
    work(told, order)


def dies(told, order):
    """Without a word, as when memory runs out."""
    os._exit(137)


def is_killed(told, order):
    """By the system, as when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


def foresaw_nothing(told, order):
    """An error nobody thought of."""
    told.send(Ended())


def is_our_fault(told, order):
    """The solver gave up; how is nobody's business outside."""
    told.send(Ended(None, SolverFailed, (error("/secret/place", "numbers broke.", "x", "y"),)))


def rejects(told, order):
    """What only the order lines can show."""
    told.send(Ended(None, OrderLinesRejected, (error("lines.csv: row 7", "is odd.", "row.odd", "Mend it."),)))


def sleeps_when_dear(told, order):
    """Answers, or sleeps where carrying stock costs more than half its value a year."""
    dear = order.question.scenario.carrying_rate_per_year > 0.5
    (sleeps if dear else answers)(told, order)

"""Work done side by side comes back in order."""

from itertools import count
from threading import Event

import pytest

from servicepolicy_optimizer.many_lines.threads import Threads

PATIENCE_SECONDS = 60
"""Until what has to come is given up."""


def test_what_is_ready_first_waits_for_what_was_asked_first():
    second_is_done = Event()

    def work(part):
        if part == 0:
            assert second_is_done.wait(PATIENCE_SECONDS)
        if part == 1:
            second_is_done.set()
        return part

    assert list(Threads().each(work, range(9))) == list(range(9))


def test_few_parts_are_begun_before_they_are_asked_for():
    begun = []
    answers = Threads().each(begun.append, count())
    next(answers)
    answers.close()
    assert len(begun) <= 4


def test_what_goes_wrong_is_told_in_its_turn_and_ends_the_work():
    answers = Threads().each(lambda part: 6 // part, [3, 2, 0, 1])
    assert [next(answers), next(answers)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(answers)
    assert list(answers) == []


def test_the_next_part_is_made_while_one_is_looked_at():
    second_is_made = Event()

    def parts():
        yield "first"
        second_is_made.set()
        yield "second"

    coming = Threads().ahead(parts())
    assert next(coming) == "first"
    assert second_is_made.wait(PATIENCE_SECONDS)
    assert list(coming) == ["second"]


def test_parts_that_cannot_be_made_are_told():
    def parts():
        yield "first"
        raise OSError("the disk is gone")

    coming = Threads().ahead(parts())
    assert next(coming) == "first"
    with pytest.raises(OSError, match="the disk is gone"):
        next(coming)

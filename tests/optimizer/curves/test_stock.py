"""Ladders of very many items are lent to the first columns, and made once more for those who ask later."""

import threading
from dataclasses import fields, replace

import numpy as np
import pytest

from servicepolicy_optimizer.curves import lots
from servicepolicy_optimizer.curves.first_columns import first_columns
from servicepolicy_optimizer.curves.in_a_file import Space
from servicepolicy_optimizer.curves.stock import Bench, StockKnown, StockWhenAsked
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.recall import InMemory
from tests.optimizer.small_inline import small_scenario


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    monkeypatch.setattr(lots, "MANY_ITEMS", 1)
    monkeypatch.setattr(lots, "ITEMS_AT_ONCE", 2)


def asked(seed, most_bytes=0, **known):
    scenario = small_scenario(seed)
    space = Space(most_bytes=most_bytes)
    return question(scenario, inline_facts(scenario), Known(space=space, **known), in_silence)


def when_asked(found):
    """The shelves whose ladders are made when they are asked for."""
    shelves = {id(one): one for one in found.room.shelves.values()}.values()
    return [one for one in shelves if isinstance(one.stock, StockWhenAsked)]


def assert_same(one, other):
    for name in (field.name for field in fields(one)):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("known", [{}, {"recall": InMemory(10**8)}])
@pytest.mark.parametrize("seed", range(4))
def test_columns_are_those_of_ladders_that_stay_and_no_ladder_is_kept(seed, known):
    lent, kept = asked(seed, **known), asked(seed, most_bytes=10**9)
    assert when_asked(lent)
    assert not when_asked(kept)
    assert not any(shelf.stock._made for shelf in when_asked(lent))
    for place, columns in kept.curves.columns.items():
        assert_same(lent.curves.columns[place], columns)
        assert len(lent.curves.rungs[place]) == len(kept.curves.rungs[place])
        for one, other in zip(lent.curves.rungs[place], kept.curves.rungs[place], strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("seed", range(4))
def test_a_ladder_that_is_lent_is_the_one_that_is_kept(seed):
    bench = Bench()
    for shelf in when_asked(asked(seed)):
        lent = shelf.lent(bench)
        assert isinstance(lent.stock, StockKnown)
        assert not shelf.stock._made
        assert_same(lent.rungs, shelf.rungs)
        np.testing.assert_array_equal(lent.service, shelf.service)
        assert replace(lent).content == shelf.content
        # What is kept is at hand.
        assert shelf.lent(bench) is shelf


def test_one_ladder_after_another_lies_in_the_same_memory():
    bench = Bench()
    first, second = (shelf.lent(bench) for shelf in when_asked(asked(1))[:2])
    assert np.shares_memory(first.rungs.fill_rate, second.rungs.fill_rate)
    arrays = [array for array in vars(second.rungs).values() if array is not None]
    assert len(arrays) > 2
    for number, one in enumerate(arrays):
        assert not any(np.shares_memory(one, other) for other in arrays[:number])


def test_a_ladder_larger_than_the_bench_is_kept():
    found = asked(2)
    shelf = when_asked(found)[0]
    assert shelf.lent(Bench(most_bytes=shelf.stock.bytes - 1)) is shelf
    assert shelf.lent(Bench(most_bytes=shelf.stock.bytes)) is not shelf


def test_it_takes_no_more_than_it_says():
    for shelf in when_asked(asked(3)):
        lent = shelf.lent(Bench())
        assert (
            sum(array.nbytes for array in vars(lent.rungs).values() if array is not None) <= shelf.stock.bytes
        )


def test_what_is_kept_is_made_once_whoever_asks():
    made, waiting = [], threading.Barrier(8)
    shelf = when_asked(asked(0))[0]
    stock = replace(shelf.stock, make=lambda room: made.append(0) or shelf.stock.make(room))

    def ask():
        waiting.wait()
        assert stock.rungs is stock.rungs

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_columns_that_are_recalled_need_no_ladder(monkeypatch):
    recall = InMemory(10**8)
    before = asked(1, recall=recall)
    again = asked(1, recall=recall)
    monkeypatch.setattr(StockWhenAsked, "lent", lambda *_: pytest.fail("a ladder was made"))
    monkeypatch.setattr(StockWhenAsked, "_kept", lambda *_: pytest.fail("a ladder was made"))
    found = first_columns(again.scenario, again.room, {}, recall)
    for place, columns in before.curves.columns.items():
        assert_same(found.columns[place], columns)

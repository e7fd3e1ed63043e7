"""The items of a shelf, as another process gets them."""

import pickle
from threading import Thread

import numpy as np
import pytest

from benchmarks.item_columns import shelf_of
from servicepolicy_optimizer.curves.shelf_items import Describe
from servicepolicy_optimizer.inventory.shelf_laws import LawfulDemand


def test_what_is_sent_to_another_process_describes_the_same_demand():
    _, items = shelf_of(30)
    sent = pickle.loads(pickle.dumps(items))
    for law, same in (
        (items.demand.lead, sent.demand.lead),
        (items.demand.exposed, sent.demand.exposed),
    ):
        np.testing.assert_array_equal(law.mean_pieces, same.mean_pieces)
        np.testing.assert_array_equal(law.sd_pieces, same.sd_pieces)
        np.testing.assert_array_equal(law.family, same.family)


def test_demand_that_was_let_go_of_is_described_again_the_same():
    _, items = shelf_of(30)
    before = items.described
    assert items.described is before
    items.describe.let_go()
    assert not items.describe.is_held
    again = items.described
    assert again is not before
    np.testing.assert_array_equal(again.demand.lead.mean_pieces, before.demand.lead.mean_pieces)
    np.testing.assert_array_equal(again.law, before.law)


@pytest.mark.parametrize("held", [False, True])
def test_what_an_answer_says_leaves_the_demand_as_it_found_it(held: bool):
    _, items = shelf_of(30)
    items.describe.let_go()
    if held:
        assert items.described is not None
    assert items.said.law.size == 30
    assert items.describe.is_held is held


class LetGoOfBetween(list[LawfulDemand]):
    """Another thread lets go of what was just described, before it is handed out."""

    describe: Describe

    def append(self, one: LawfulDemand) -> None:
        super().append(one)
        other = Thread(target=self.describe.let_go)
        other.start()
        other.join(0.1)


def test_what_one_thread_lets_go_of_is_still_handed_to_another():
    _, items = shelf_of(30)
    demand, held = items.described, LetGoOfBetween()
    held.describe = Describe(lambda: demand, _made=held)
    assert held.describe() is demand

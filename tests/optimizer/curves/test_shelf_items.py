"""The items of a shelf, as another process gets them."""

import pickle

import numpy as np

from benchmarks.item_columns import shelf_of


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

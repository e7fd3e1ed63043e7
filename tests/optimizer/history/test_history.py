"""The history as arrays against the tables it came from, and classes known on a day against those of the
profile.
"""

import numpy as np
import pytest

from servicepolicy_models.segmentation import Classification
from servicepolicy_optimizer.demand_reading import DemandFiles, read_tables
from servicepolicy_optimizer.history import order_history
from servicepolicy_optimizer.history.classes_as_of import customer_classes_before, item_classes_before
from tests.optimizer.profile.questions import order_lines, question, write_lines


def rows(seed=1, count=600):
    random = np.random.default_rng(seed)
    return [
        (
            f"O{n // 3:04d}", f"i{random.zipf(1.6) % 40:02d}", int(random.integers(1, 9)),
            f"2024-{1 + n // 60:02d}-{1 + n % 28:02d}", float(random.integers(1, 50)),
            None if n % 11 == 0 else f"c{random.zipf(1.5) % 25:02d}", "here",
        )
        for n in range(count)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """A function from changes of the segmentation to the scenario and its history."""
    path = write_lines(tmp_path_factory.mktemp("lines") / "lines.csv", rows())

    def made(**sides):
        asked = question(
            order_lines(), items={"unit_cost_share_of_price": 0.5}, segmentation=sides, targets=[]
        )
        with read_tables(asked, asked.demand, DemandFiles(folder=path.parent, orders=path)) as tables:
            return asked, order_history(asked, tables)[0]

    return made


@pytest.mark.parametrize("measure", ["revenue", "pieces", "lines", "margin"])
@pytest.mark.parametrize("cut_by", ["share_of_count", "share_of_value"])
def test_classes_of_the_whole_history_are_those_of_the_profile(read, measure, cut_by):
    side = {"measure": measure, "cut_by": cut_by, "cut_offs": [0.1, 0.45], "overrides": {}}
    items = side | {"overrides": {"I03": "B"}}
    asked, history = read(customers=side, items=items)
    sides = asked.segmentation
    assert (item_classes_before(history, sides.items, history.days) == history.item_class).all()
    assert (customer_classes_before(history, sides.customers, history.days) == history.customer_class).all()
    assert len(set(history.item_class)) == 3


def test_nobody_has_a_class_before_the_first_line(read):
    asked, history = read()
    assert set(item_classes_before(history, asked.segmentation.items, 0)) == {2}
    assert set(customer_classes_before(history, asked.segmentation.customers, 0)) == {2}


def test_later_lines_change_no_earlier_class(read):
    asked, history = read()
    early = item_classes_before(history, asked.segmentation.items, 90)
    known = history.lines_between(0, 90)
    pieces = np.bincount(history.item[known], history.revenue[known], minlength=len(history.items))
    best = np.argsort(-pieces, kind="stable")[0]
    assert early[best] == 0
    assert (early[pieces == 0] == 2).all()


def test_one_class_for_all_stays_so(read):
    asked, history = read(items={"measure": "none", "classes": ["all"], "cut_offs": []})
    rule = Classification(classes=("all",), measure="none", cut_offs=())
    assert set(item_classes_before(history, rule, 100)) == {0}
    assert asked.segmentation.items == rule


def test_lines_come_in_the_order_of_the_days_with_what_they_hold(read):
    _, history = read()
    wanted = sorted(rows(), key=lambda row: row[3])
    assert len(history.pieces) == len(wanted)
    assert history.pieces.tolist() == [float(row[2]) for row in wanted]
    assert [history.items[n] for n in history.item] == [row[1].upper() for row in wanted]
    assert [history.orders[n] for n in history.order] == [row[0] for row in wanted]
    assert [history.date_of(int(day)) for day in history.day] == [row[3] for row in wanted]
    assert history.revenue == pytest.approx([row[2] * row[4] for row in wanted])
    assert history.first_sale().min() == 0

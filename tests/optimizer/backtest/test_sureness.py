"""How sure a policy's promises are, in words that repeat what the backtest found."""

import pytest

from servicepolicy_api.backtesting import with_evidence
from servicepolicy_models.policy import Policy
from servicepolicy_optimizer.backtest import backtest
from servicepolicy_optimizer.backtest.sureness import plan_of, sureness
from servicepolicy_optimizer.demand_reading import DemandFiles
from tests.optimizer.backtest.worlds import history, nobody, random_lines, scenario
from tests.optimizer.profile.questions import order_lines, write_lines
from tests.optimizer.simulate.small_question import question as small_question


@pytest.fixture(scope="module")
def policy():
    """A policy of two customer classes and one item class, with other promises put in its mouth."""
    made = small_question("rationed", (3.0, 15.0)).policy
    first = made.segments[0]
    cells = [("A", "A", 0.95), ("A", "B", 0.9), ("B", "A", 0.9), ("B", "B", 0.8)]
    segments = tuple(
        first.model_copy(
            update={"customer_class": i, "item_class": j, "region": "*", "promised_fill_rate": promised}
        )
        for i, j, promised in cells
    )
    stocked = made.item_classes[0]
    classes = tuple(stocked.model_copy(update={"item_class": j, "supply": "maker"}) for j in "AB")
    return made.model_copy(update={"segments": segments, "item_classes": classes})


def test_every_segment_is_judged_at_its_own_promise(policy):
    plan = plan_of(policy)
    assert plan.promises == (0.8, 0.9, 0.95)
    assert plan.supplies == {"A": "maker", "B": "maker"}
    found = backtest(scenario(), history(random_lines(3, days=330), 330), plan, nobody)
    told = sureness(policy, found)
    assert told.judged
    assert [one.promised_fill_rate for one in told.segments] == [0.95, 0.9, 0.9, 0.8]
    for one in told.segments:
        rows = next(p.segments for p in found.promises if p.promised_fill_rate == one.promised_fill_rate)
        cell = (one.customer_class, one.item_class)
        row = next(row for row in rows if (row.customer_class, row.item_class) == cell)
        assert one.achieved_fill_rate == row.achieved_fill_rate
        assert f"Promised {one.promised_fill_rate:.1%}, achieved {row.achieved_fill_rate:.1%}" in one.sentence


def test_a_short_history_says_that_it_proves_nothing(policy):
    found = backtest(scenario(), history(random_lines(3, days=40), 40), plan_of(policy), nobody)
    told = sureness(policy, found)
    assert not told.judged
    assert not told.segments
    assert "days lie before the first judged day" in told.sentence


def test_without_order_lines_nothing_is_claimed():
    asked = small_question("rationed", (3.0, 15.0))
    told: Policy = with_evidence(asked.policy, asked.scenario, DemandFiles(folder=None), nobody)
    assert told.evidence is not None
    assert not told.evidence.judged
    assert "no order lines" in told.evidence.sentence


def test_lines_that_memory_cannot_hold_leave_the_policy_without_evidence(tmp_path, monkeypatch):
    asked = small_question("rationed", (3.0, 15.0))
    lines = write_lines(tmp_path / "lines.csv", [("o1", "x", 4, "2021-01-04", 2.5, "k1", "N")])
    question = asked.scenario.model_copy(update={"demand": order_lines()})
    monkeypatch.setattr("servicepolicy_optimizer.profile.array_room.available_bytes", lambda: 1)
    told = with_evidence(asked.policy, question, DemandFiles(tmp_path, orders=lines), nobody)
    assert told.evidence is not None
    assert not told.evidence.judged
    assert "1 order lines take" in told.evidence.sentence

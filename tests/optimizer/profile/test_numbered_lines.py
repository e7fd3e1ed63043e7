"""Lines of a trade with a cancellation are judged apart from all others, to the same end."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, reject, settings

from servicepolicy_models.demand import CleaningRules
from servicepolicy_models.errors import OrderLinesRejected
from servicepolicy_optimizer.profile.history import history
from servicepolicy_optimizer.profile.item_demand import partial_sums, period_sums
from servicepolicy_optimizer.profile.placement import place
from tests.optimizer.profile.questions import cleaned_lines, order_lines, write_lines
from tests.optimizer.profile.test_where_the_lines_are import DIRTY, SCENARIO, SOURCE

GOOD = ("o1", "x", 4, "2021-01-04", 2.5, "k1", "N")


@pytest.mark.parametrize(
    "taken",
    [
        ("C2", "x", -4, "2021-01-06", 0, "k1", "N"),
        ("C2", "x", -4, "2021-01-06", None, "k1", "N"),
        ("C2", "x", 0, "2021-01-06", 2.5, "k1", "N"),
        ("C2", "x", -4, "2021-01-03", 2.5, "k1", "N"),
    ],
)
def test_a_cancellation_that_another_rule_takes_cancels_nothing(desk, tmp_path, taken):
    source = order_lines(cleaning=CleaningRules(cancellation_order_pattern="^C"), history_from="2021-01-04")
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", [GOOD, taken]), source)
    left = desk.connection.execute(f"SELECT order_number, pieces FROM {cleaned.lines}").fetchall()
    assert left == [("o1", 4.0)]
    assert cleaned.waterfall[-1].rows == 1


def test_a_copy_of_a_cancellation_takes_nothing_a_second_time(desk, tmp_path):
    rows = [
        GOOD,
        ("o2", "x", 4, "2021-01-05", 2.5, "k1", "N"),
        *[("C3", "x", -4, "2021-01-06", 2.5, "k1", "N")] * 2,
    ]
    source = order_lines(cleaning=CleaningRules(cancellation_order_pattern="^C"))
    cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows), source)
    left = desk.connection.execute(f"SELECT order_number, pieces FROM {cleaned.lines}").fetchall()
    assert left == [("o1", 4.0)]


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=DIRTY)
def test_pieces_by_period_are_those_of_all_atoms_together(desk, tmp_path, rows):
    try:
        cleaned = cleaned_lines(desk, write_lines(tmp_path / "lines.csv", rows), SOURCE)
    except OrderLinesRejected:
        reject()  # all lines were taken back
    span = history(cleaned, SOURCE)
    wide = partial_sums(place(SCENARIO, cleaned, None, None), 2, span)
    both = (period_sums(cleaned, span), wide)
    found = [
        Counter(
            {
                (item, period): pieces
                for item, period, pieces in desk.connection.execute(
                    f"SELECT item, period, sum(pieces) FROM {part} GROUP BY item, period"
                ).fetchall()
            }
        )
        for part in both
    ]
    assert found[0] == found[1]

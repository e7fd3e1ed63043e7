"""Tiers against the rule written out customer by customer, and the price of a move by plain arithmetic."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from servicepolicy_models.qualification import ClassRule, QualificationRule, Thresholds
from servicepolicy_optimizer.explain.customer_periods import CustomerPeriods
from servicepolicy_optimizer.explain.qualify import RuleRejected, qualify
from servicepolicy_optimizer.explain.tiers import play
from tests.optimizer.explain.small_runs import answer_to
from tests.optimizer.small_inline import small_scenario


def customers_with(revenue, today=None, item_classes=1):
    """Customers by their revenue of each period; a tenth of it in pieces, a hundredth in lines."""
    revenue = np.atleast_2d(np.array(revenue, dtype=float))
    count = revenue.shape[0]
    share = revenue.sum(axis=1)[:, None, None] / item_classes * np.ones((1, item_classes, 1))
    return CustomerPeriods(
        codes=tuple(f"customer {n}" for n in range(count)),
        class_today=np.array(today if today is not None else [1] * count, dtype=np.intp),
        revenue=revenue,
        pieces=revenue / 10,
        lines=revenue / 100,
        lines_per_year=share / 100,
        pieces_per_year=share / 10,
        periods_per_year=4.0,
        first_day=date(2025, 1, 1),
        last_day=date(2025, 12, 31),
        unnamed_revenue_share=0.0,
    )


def rule_of(*enter, **said):
    classes = tuple(
        ClassRule(customer_class=name, enter=one) for name, one in zip("ABCDEF", enter, strict=False)
    )
    return QualificationRule(classes=classes, **said)


def by_hand(rule, revenue, lowest):
    """One customer through its periods, as the rule's sentence says."""
    share, year = rule.keep_share, 4.0
    now, missed = lowest, 0
    for period in range(len(revenue)):
        enters = [
            k
            for k, one in enumerate(rule.classes)
            if period + 1 >= rule.enter_after
            and all(
                revenue[p] * year >= one.enter.revenue_per_year
                for p in range(period + 1 - rule.enter_after, period + 1)
            )
        ]
        keeps = [
            k
            for k, one in enumerate(rule.classes)
            if revenue[period] * year >= share * one.enter.revenue_per_year
        ]
        if enters and min(enters) < now:
            now, missed = min(enters), 0
        elif now == lowest or now in keeps:
            missed = 0
        else:
            missed += 1
            if missed >= rule.leave_after:
                now, missed = min([k for k in keeps if k > now], default=lowest), 0
    return now


@given(
    st.lists(
        st.lists(st.integers(0, 30).map(lambda n: 10.0 * n), min_size=6, max_size=6), min_size=1, max_size=5
    ),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from([0.5, 0.8, 1.0]),
)
def test_everybody_ends_where_the_rule_says(revenue, enter_after, leave_after, keep_share):
    rule = rule_of(
        Thresholds(revenue_per_year=800.0), Thresholds(revenue_per_year=400.0),
        enter_after=enter_after, leave_after=leave_after, keep_share=keep_share,
    )  # fmt: skip
    found = play(rule, customers_with(revenue), lowest=2)
    assert found.class_after.tolist() == [by_hand(rule, one, 2) for one in revenue]


def test_nobody_is_in_a_better_class_by_default():
    rule = rule_of(Thresholds(revenue_per_year=1000.0))
    assert play(rule, customers_with([[0.0] * 4, [249.0] * 4]), lowest=1).class_after.tolist() == [1, 1]


def test_who_just_misses_once_stays_and_who_misses_twice_leaves():
    rule = rule_of(Thresholds(revenue_per_year=400.0))
    stays, leaves, near = [100, 10, 100, 10], [100, 100, 10, 10], [100, 80, 80, 80]
    found = play(rule, customers_with([stays, leaves, near]), lowest=1)
    assert found.class_after.tolist() == [0, 1, 0]
    assert found.periods_in_class.tolist() == [4, 1, 4]


@pytest.mark.parametrize(
    ("enter", "revenue", "expected"),
    [
        (Thresholds(loyalty_periods=3), [10, 10, 10], 0),
        (Thresholds(loyalty_periods=3), [10, 0, 10], 1),
        (Thresholds(growth=0.5), [10, 10, 15], 0),
        (Thresholds(growth=0.5), [10, 10, 14], 1),
        (Thresholds(growth=0.0), [0, 0, 15], 1),
        (Thresholds(pieces_per_year=4.0, lines_per_year=0.4), [0, 0, 10], 0),
        (Thresholds(pieces_per_year=4.0, lines_per_year=0.41), [0, 0, 10], 1),
    ],
)
def test_each_threshold_is_asked(enter, revenue, expected):
    assert play(rule_of(enter), customers_with([revenue]), lowest=1).class_after.tolist() == [expected]


def test_a_move_costs_what_the_segments_say():
    scenario = small_scenario(3)
    policy = answer_to(scenario)
    items = len(scenario.segmentation.items.classes)
    customers = customers_with([[100.0] * 4, [10.0] * 4], today=[1, 0], item_classes=items)
    found = qualify(scenario, rule_of(Thresholds(revenue_per_year=400.0)), customers, policy)
    assert [(one.customer, one.before, one.after) for one in found.moves] == sorted(
        [("customer 0", "B", "A"), ("customer 1", "A", "B")],
        key=lambda move: -next(one.moved for one in found.moves if one.customer == move[0]),
    )
    segment = {(one.customer_class, one.item_class): one for one in policy.segments}

    def by_class(name, lines, pieces, item_class):
        one = segment[name, item_class]
        path = one.cost.response + one.cost.transport + one.cost.warehousing
        stock = one.cost.inventory + one.cost.supply + one.cost.lost_sales
        return lines * path / one.lines_per_year + pieces * stock / one.pieces_per_year

    for number, move in ((int(one.customer[-1]), one) for one in found.moves):
        before = after = 0.0
        for j, item_class in enumerate(scenario.segmentation.items.classes):
            lines = customers.lines_per_year[number, j, 0]
            pieces = customers.pieces_per_year[number, j, 0]
            before += by_class(move.before, lines, pieces, item_class)
            old, new = segment[move.before, item_class], segment[move.after, item_class]
            better = new if new.planned_fill_rate >= old.planned_fill_rate else old
            points = 100 * (new.planned_fill_rate - old.planned_fill_rate)
            after += by_class(move.after, lines, pieces, item_class)
            after += pieces * points * better.marginal_cost_of_one_point / better.pieces_per_year
        assert (move.cost_before, move.cost_after) == pytest.approx((before, after))
    assert found.moved == pytest.approx(sum(one.moved for one in found.moves))
    assert sum(one.customers for one in found.flows) == found.customers == 2
    assert found.sentence.startswith(
        "Of 2 customers 0 would stay in their class, 1 would rise and 1 would fall"
    )


def test_tiers_that_everybody_is_in_and_tiers_that_nobody_is_in_are_told():
    scenario = small_scenario(3)
    policy, rich = answer_to(scenario), customers_with([[100.0] * 4] * 3)
    rich = replace(rich, unnamed_revenue_share=0.25)
    items = len(scenario.segmentation.items.classes)
    rich = replace(rich, **{
        name: np.repeat(getattr(rich, name), items, axis=1) for name in ("lines_per_year", "pieces_per_year")
    })  # fmt: skip
    easy = rule_of(Thresholds(revenue_per_year=1.0), most_customers_share=0.5)
    found = qualify(scenario, easy, rich, policy)
    assert "100.0 % of the customers would be in a better class" in found.findings[0]
    assert "25.0 % of the revenue" in found.findings[1]
    hard = qualify(scenario, rule_of(Thresholds(revenue_per_year=1e9)), rich, policy)
    assert hard.findings[0] == "Nobody would be in class A: lower what it asks, or do without it."


def test_rules_that_do_not_fit_are_told_why():
    scenario, customers = small_scenario(3), customers_with([[1.0]])
    thresholds = Thresholds(revenue_per_year=1.0)

    def rules(rule, asked=scenario, policy=None):
        with pytest.raises(RuleRejected) as rejected:
            qualify(asked, rule, customers, policy or answer_to(scenario))
        return [finding.rule for finding in rejected.value.findings]

    assert rules(rule_of(thresholds, thresholds)) == ["qualification.classes"]
    gold = QualificationRule(classes=(ClassRule(customer_class="Gold", enter=thresholds),))
    assert rules(gold) == ["qualification.class"]
    empty = answer_to(scenario).model_copy(update={"cost": None})
    assert rules(rule_of(thresholds), policy=empty) == ["qualification.no_policy"]
    pounds = answer_to(scenario).model_copy(update={"currency": "GBP"})
    assert rules(rule_of(thresholds), policy=pounds) == ["qualification.another_policy"]
    gold = [one.model_copy(update={"customer_class": "Gold"}) for one in answer_to(scenario).segments]
    other = answer_to(scenario).model_copy(update={"segments": tuple(gold)})
    assert rules(rule_of(thresholds), policy=other) == ["qualification.another_policy"]


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        ([{"customer_class": "A", "enter": {}}], "asks nothing"),
        ([{"customer_class": "A", "enter": {"growth": 0.1}}] * 2, "two rules"),
        (
            [{"customer_class": "A", "enter": {"growth": 0.1}, "keep": {"growth": 0.2}}],
            "asks more growth to stay than to enter",
        ),
    ],
)
def test_a_rule_without_discipline_is_no_rule(classes, words):
    with pytest.raises(ValidationError, match=words):
        QualificationRule.model_validate({"classes": classes})

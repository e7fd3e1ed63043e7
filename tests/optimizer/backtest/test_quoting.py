"""Quoted line sizes: the last piece held for a line costs what serving such lines is worth."""

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import norm

from servicepolicy_models.backtest import BacktestPlan
from servicepolicy_optimizer.backtest import backtest
from servicepolicy_optimizer.backtest.quoting import quote_limits
from servicepolicy_optimizer.backtest.setting import setting
from tests.optimizer.backtest.worlds import history, nobody, plan, random_lines, scenario

ITEMS, DAYS, DAY = 30, 280, 252
LINES = random_lines(31, items=ITEMS, days=DAYS, size=6.0)
COSTS = np.random.default_rng(2).lognormal(1, 0.5, ITEMS)


def limits(*, costs=COSTS, asked=None, **changes):
    """(N,) limits by cost on a day, and the setting."""
    known = history(LINES, DAYS, unit_cost=costs)
    one = setting(asked or scenario(), known, plan(**({"quote_by": "cost"} | changes)))
    classes = np.zeros(ITEMS, dtype=np.intp), np.zeros(len(known.customers), dtype=np.intp)
    return quote_limits(one, DAY, *classes), one


def lines_a_year_above(limit, one):
    """(N,) by the log-normal law, mean and variance of the own lines with five of all lines joined."""
    known = one.history
    before = known.day < DAY
    item, size = known.item[before], np.log(known.pieces[before])
    own = [size[item == n] for n in range(ITEMS)]
    within = sum(((s - s.mean()) ** 2).sum() for s in own) / (size.size - ITEMS)
    above = [
        norm.sf(
            (np.log(x) - s.mean()) / np.sqrt((((s - s.mean()) ** 2).sum() + 5 * within) / (s.size - 1 + 5))
        )
        for x, s in zip(limit, own, strict=True)
    ]
    days = DAY - known.first_sale()
    return np.array(above) * np.array([s.size for s in own]) / days * one.scenario.days_per_year


def test_at_the_limit_holding_costs_what_serving_is_worth_at_the_implied_price():
    found, one = limits(promises=(0.8, 0.95))
    known = one.history
    rate = np.bincount(known.item, known.pieces * (known.day < DAY)) / (DAY - known.first_sale())
    holding = 0.2 * COSTS
    quantity = np.maximum(np.round(14 * rate), 1)
    price = np.median(holding * quantity / (rate * one.scenario.days_per_year)) / (1 - 0.95)
    inside = (found > 0) & np.isfinite(found)
    assert inside.sum() > ITEMS / 2
    worth = price * lines_a_year_above(np.where(inside, found, 1), one)
    assert worth[inside] == pytest.approx(holding[inside], rel=1e-4)


def test_at_the_limit_holding_costs_what_serving_is_worth_at_the_stated_price():
    reactions = [{"customer_class": "*", "shortage_factor": 0.25}]
    found, one = limits(asked=scenario(stockout_reactions=reactions))
    inside = (found > 0) & np.isfinite(found)
    price = 0.25 * 2 * COSTS  # sold at twice the cost
    worth = price * lines_a_year_above(np.where(inside, found, 1), one)
    assert inside.sum() > ITEMS / 2
    assert worth[inside] == pytest.approx(0.2 * COSTS[inside], rel=1e-4)


def test_a_stricter_promise_quotes_less_and_a_dearer_item_more():
    loose, strict = limits(promises=(0.8,))[0], limits(promises=(0.98,))[0]
    assert (strict >= loose).all() and (strict > loose).any()
    dear = COSTS * np.where(np.arange(ITEMS) == 3, 5.0, 1.0)
    assert limits(costs=dear)[0][3] < limits()[0][3]


def test_an_item_that_is_not_worth_stock_is_quoted_whole_and_one_never_sold_is_not():
    dear = COSTS * np.where(np.arange(ITEMS) == 3, 1e6, 1.0)
    assert limits(costs=dear)[0][3] == 0
    known = history([line for line in LINES if line[1] != 3 or line[0] >= DAY], DAYS)
    one = setting(scenario(), known, plan(quote_by="cost"))
    assert quote_limits(one, DAY, np.zeros(ITEMS, int), np.zeros(9, int))[3] == np.inf


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, "quantile"),
        ({"quote_above_quantile": None}, "none"),
        ({"quote_by": "none"}, "none"),
        ({"quote_by": "cost", "quote_above_quantile": None}, "cost"),
    ],
)
def test_the_rule_is_said_or_follows_from_the_quantile(changes, rule):
    assert BacktestPlan(**changes).quotes_by == rule


def test_a_quantile_rule_without_a_quantile_is_refused():
    with pytest.raises(ValidationError, match="needs a quantile"):
        BacktestPlan(quote_by="quantile", quote_above_quantile=None)


@pytest.mark.parametrize("rule", ["cost", "none"])
def test_the_answer_says_the_rule_and_the_shares(rule):
    known = history(LINES, DAYS, unit_cost=COSTS)
    found = backtest(scenario(), known, plan(quote_by=rule), nobody)
    one = found.promises[0]
    assert found.plan.quote_by == rule
    assert one.achieved_fill_rate == pytest.approx(0.9, abs=0.03)
    judged = known.day >= 168
    pieces = sum(segment.pieces for segment in one.segments)
    assert (one.quoted_share_of_pieces > 0) == (one.quoted_share_of_lines > 0) == (rule == "cost")
    assert pieces == pytest.approx(known.pieces[judged].sum() * (1 - one.quoted_share_of_pieces))

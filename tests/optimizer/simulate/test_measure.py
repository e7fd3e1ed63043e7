"""Every share recomputed line by line, in plain loops, from what was played."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from servicepolicy_models.simulation import SimulationSettings
from servicepolicy_optimizer.simulate.assumed import assumed_demand, drawn_lines
from servicepolicy_optimizer.simulate.measure import SHARES, measured
from servicepolicy_optimizer.simulate.plan import plan_of
from servicepolicy_optimizer.simulate.play import play
from servicepolicy_optimizer.simulate.run import started
from servicepolicy_optimizer.simulate.world import world
from tests.optimizer.simulate.small_question import question


@pytest.fixture(scope="module", params=["pooled", "separate", "rationed"])
def run(request):
    """One run of a policy with long waits: its world, lines, play, plan and figures."""
    asked = question(request.param, (3.0, 15.0))
    shelves = world(asked.scenario, asked.facts, asked.policy)
    shelves = replace(
        shelves,
        rules=replace(shelves.rules, reorder_point_pieces=shelves.rules.reorder_point_pieces - 4.0),
        promised_hours=np.array([40.0, 36.0, 44.0, 60.0]),
    )
    plan = plan_of(asked.scenario, shelves, SimulationSettings(years=1.0), None)
    demand = assumed_demand(asked.scenario, shelves)
    came = drawn_lines(demand, shelves, plan.until_days, np.random.default_rng(1))
    came = replace(came, order=came.order // 3)
    rules = started(shelves.rules, shelves.rules.ranked, np.random.default_rng(2))
    played = play(came.lines, rules, plan.until_days, lambda orders: np.full(orders.shelf.size, 9.0))
    figures = measured(shelves, came, played, plan, np.random.default_rng(3))
    return shelves, came, played, plan, figures


def lines_by_group(shelves, came, plan):
    """Group -> rows of its measured lines: segments, then item classes, then all."""
    groups = defaultdict(list)
    segments, classes = len(shelves.segments), len(shelves.facts.item_classes)
    for row, time in enumerate(came.lines.time_days):
        if plan.measured_from_days <= time < plan.measured_to_days:
            item_class = shelves.facts.items.item_class[shelves.item[came.lines.shelf[row]]]
            groups[int(shelves.segment_of[item_class, came.atom[row]])].append(row)
            groups[segments + int(item_class)].append(row)
            groups[segments + classes].append(row)
    return groups


def test_pieces_lines_and_orders(run):
    shelves, came, played, plan, figures = run
    for group, rows in lines_by_group(shelves, came, plan).items():
        pieces = sum(came.lines.pieces[row] for row in rows)
        got = sum(played.from_stock_pieces[row] for row in rows)
        whole = {row: played.from_stock_pieces[row] == came.lines.pieces[row] for row in rows}
        orders = defaultdict(list)
        for row in rows:
            orders[came.order[row]].append(whole[row])
        told = {name: figures.service[name][group] for name in figures.service}
        assert told["unit_fill_rate"] == pytest.approx(got / pieces)
        assert told["line_fill_rate"] == pytest.approx(sum(whole.values()) / len(rows))
        assert told["order_fill_rate"] == pytest.approx(sum(map(all, orders.values())) / len(orders))
        assert told["mean_wait_days"] == pytest.approx(sum(played.wait_days[row] for row in rows) / len(rows))
        assert (told["pieces"], told["lines"], told["orders"]) == (pieces, len(rows), len(orders))


def test_cycles(run):
    """From receipt to receipt on each shelf: nobody of the group had to wait."""
    shelves, came, played, plan, figures = run
    receipts = defaultdict(list)
    for shelf, time in zip(played.receipts.shelf, played.receipts.time_days, strict=True):
        receipts[int(shelf)].append(float(time))
    for group, rows in lines_by_group(shelves, came, plan).items():
        serving = {int(came.lines.shelf[row]) for row in rows}
        cycles, good = 0, 0
        waited = [
            (int(came.lines.shelf[row]), came.lines.time_days[row])
            for row in range(came.lines.shelf.size)
            if played.from_stock_pieces[row] < came.lines.pieces[row] and _in(shelves, came, row, group)
        ]
        for shelf in serving:
            for begin, end in zip([0.0, *receipts[shelf]], receipts[shelf], strict=False):
                if plan.measured_from_days <= end < plan.measured_to_days:
                    cycles += 1
                    bad = any(
                        one == shelf
                        and begin <= time < end
                        and plan.measured_from_days <= time < plan.measured_to_days
                        for one, time in waited
                    )
                    good += not bad
        assert figures.service["cycle_service_level"][group] == pytest.approx(good / cycles)


def _in(shelves, came, row, group):
    item_class = int(shelves.facts.items.item_class[shelves.item[came.lines.shelf[row]]])
    segments = len(shelves.segments)
    mine = (int(shelves.segment_of[item_class, came.atom[row]]), segments + item_class)
    return group in (*mine, segments + len(shelves.facts.item_classes))


def test_time_on_the_shelf(run):
    """Stock, what is owed and readiness, day by day in small steps."""
    shelves, came, played, plan, figures = run
    level = np.where(shelves.rules.ranked[:, None], shelves.rules.critical_level_pieces, 0.0)
    step = 0.01
    moments = np.arange(plan.measured_from_days + step / 2, plan.measured_to_days, step)
    ready = np.zeros(figures.shelf.ready_share.shape)
    for shelf in range(shelves.item.size):
        own = played.events.shelf == shelf
        at = np.searchsorted(played.events.time_days[own], moments, side="right") - 1
        on_hand, owed = played.on_hand_pieces[own][at], played.owed_pieces[own][at]
        ready[shelf] = [(on_hand > level[shelf, k]).mean() for k in range(level.shape[1])]
        assert figures.shelf.on_hand_pieces[shelf] == pytest.approx(on_hand.mean(), abs=0.02)
        assert figures.shelf.owed_pieces[shelf] == pytest.approx(owed.mean(), abs=0.02)
        assert figures.shelf.ready_share[shelf] == pytest.approx(ready[shelf], abs=0.002)
    for group, rows in lines_by_group(shelves, came, plan).items():
        weight = came.lines.pieces[rows]
        share = ready[came.lines.shelf[rows], came.lines.customer_class[rows]]
        told = figures.service["ready_rate"][group]
        assert told == pytest.approx((share * weight).sum() / weight.sum(), abs=0.002)


def test_hours(run):
    """Quantiles, punctuality and OTIF agree with each other and with the waits."""
    shelves, came, played, plan, figures = run
    told, hours = figures.service, figures.hours
    for group, rows in lines_by_group(shelves, came, plan).items():
        waits = np.sort(played.wait_days[rows]) * 24.0
        for n, share in enumerate(SHARES):
            quantile = hours["response_hours_with_wait"][group, n]
            assert quantile >= hours["response_hours"][group, n]
            assert quantile >= waits[int(np.ceil(share * waits.size)) - 1]
        added = told["mean_response_hours_with_wait"][group] - told["mean_response_hours"][group]
        assert added == pytest.approx(24.0 * told["mean_wait_days"][group])
        assert told["otif"][group] <= told["unit_fill_rate"][group]
        assert told["otif_orders"][group] <= told["on_time_share_with_wait"][group] + 0.05
        # A stage law that does not depend on the stock: OTIF is nearly fill rate x punctuality.
        product = told["unit_fill_rate"][group] * told["on_time_share"][group]
        assert told["otif"][group] == pytest.approx(product, abs=0.05)

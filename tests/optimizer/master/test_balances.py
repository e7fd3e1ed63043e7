"""Every rule is judged again from what was decided, with plain arithmetic: no Pyomo, no row."""

from collections import defaultdict
from itertools import pairwise

import pytest

from servicepolicy_models.rules import Limits
from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.solve import solve
from tests.optimizer.master.test_brute_force import SHAPES
from tests.optimizer.master.worlds import world

EXACT = Limits(relative_gap=0.0)
CLOSE = 1e-6


class Decision:
    """A solution with the columns and paths it names."""

    def __init__(self, scenario, choices, solution):
        self.scenario, self.choices, self.solution = scenario, choices, solution
        self.every_item = scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
        self.option = {
            item: next(option for option in choices.options[item] if option.name == name)
            for item, name in solution.option.items()
        }
        self.path = {s: choices.paths[s, d][q] for s, (d, q) in solution.path.items()}
        self.ordering = [s for s, target in choices.targets.items() if target.pieces_per_year > 0]

    def used(self):
        """(item class, shelf, columns, number, weight) of every column in the mix."""
        for (item, option, shelf_name, k), weight in self.solution.weight.items():
            shelf = next(shelf for shelf in self.option[item].shelves if shelf.name == shelf_name)
            yield item, shelf, self.choices.columns[item, option, shelf_name], k, weight

    def regions(self, s):
        every = [region.name for region in self.scenario.segmentation.regions]
        return every if s[2] == "*" else [s[2]]

    def fill(self, s, region=None):
        """Basis segment: of its pieces. Basis every_item: of the worst item, in one region or in all."""
        i = self.scenario.segmentation.customers.classes.index(s[0])
        every = [r.name for r in self.scenario.segmentation.regions]
        if self.every_item:
            return min(
                (
                    columns.fill_rate[k, i]
                    for item, shelf, columns, k, _ in self.used()
                    if item == s[1]
                    and shelf.customer_class in (None, s[0])
                    and set(shelf.regions) & set([region] if region else self.regions(s))
                ),
                default=1.0,
            )
        short = sum(
            weight * columns.pieces_short[k, i, every.index(r)]
            for item, _, columns, k, weight in self.used()
            for r in self.regions(s)
            if item == s[1]
        )
        return 1 - short / self.choices.targets[s].pieces_per_year


@pytest.fixture(scope="module")
def decisions():
    found = []
    for name, shape in SHAPES.items():
        for seed in range(40 if "ordered" in name else 12):
            scenario, choices = world(seed, shape)
            solution = solve(build(scenario, choices), EXACT)
            if solution.option:
                found.append(Decision(scenario, choices, solution))
    assert len(found) > 40
    return found


def test_every_item_class_has_one_option_and_its_shelves_are_fully_mixed(decisions):
    for d in decisions:
        assert set(d.option) == set(d.choices.options)
        total = defaultdict(float)
        for item, shelf, _, _, weight in d.used():
            assert weight > 0 and (not d.every_item or weight == 1)
            total[item, shelf.name] += weight
        assert set(total) == {
            (item, shelf.name) for item, option in d.option.items() for shelf in option.shelves
        }
        assert all(weight == pytest.approx(1) for weight in total.values())


def test_every_segment_has_a_path_from_where_its_items_lie(decisions):
    for d in decisions:
        assert set(d.solution.path) == set(d.choices.targets)
        for s, (deployment, _) in d.solution.path.items():
            assert deployment == d.option[s[1]].deployment


def test_promises_are_kept(decisions):
    for d in decisions:
        for s in d.ordering:
            target, path = d.choices.targets[s], d.path[s]
            assert d.fill(s) >= target.fill_rate - CLOSE
            assert target.response_hours is None or path.promised_response_hours <= target.response_hours
            assert target.otif is None or d.fill(s) * path.on_time_probability >= target.otif - CLOSE


def test_capacities_are_kept(decisions):
    for d in decisions:
        served, scenario = list(d.path.values()), d.scenario
        for channel in scenario.channels:
            hours = sum(path.channel_labour_hours for path in served if path.channel == channel.name)
            kept(hours, channel.labour_capacity_hours_per_year)
        for mode in scenario.modes:
            kept(sum(path.weight_kg for path in served if path.mode == mode.name), mode.capacity_kg_per_year)
        for at in scenario.locations:
            kept(sum(path.lines_per_day.get(at.name, 0) for path in served), at.capacity_lines_per_day)
            here = [
                (columns, k, weight) for _, shelf, columns, k, weight in d.used() if shelf.location == at.name
            ]
            kept(sum(weight * columns.storage_m3[k] for columns, k, weight in here), at.storage_capacity_m3)
            for process in scenario.processes:
                of_process = [path for path in served if path.process == process.name]
                lines = sum(path.lines_per_day.get(at.name, 0) for path in of_process)
                own = [one.capacity_lines_per_day for one in process.at if one.location == at.name]
                capacity = own[0] if own and own[0] is not None else process.capacity_lines_per_day
                kept(lines, capacity)


def kept(used, limit):
    assert limit is None or used <= limit + CLOSE * max(1.0, limit)


def test_budgets_are_kept_and_the_cost_is_what_it_is_said_to_be(decisions):
    for d in decisions:
        budgets, used, served = d.scenario.budgets, list(d.used()), list(d.path.values())
        fixed = sum(d.choices.facility_cost[f] for f in d.solution.open)
        stock = sum(weight * columns.cost[k] for _, _, columns, k, weight in used)
        lost = sum(weight * columns.lost_sales_cost[k] for _, _, columns, k, weight in used)
        lost += sum(path.lost_sales_cost for path in served)
        cost = stock + sum(path.cost for path in served) + fixed
        assert d.solution.objective == pytest.approx(cost, rel=1e-7)
        assert d.solution.bound <= cost + CLOSE * cost
        kept(cost - lost, budgets.total_cost)
        kept(
            sum(weight * columns.stock_value[k] for _, _, columns, k, weight in used), budgets.inventory_value
        )
        inbound = sum(weight * columns.co2e_kg[k] for _, _, columns, k, weight in used)
        kept(inbound + sum(path.co2e_kg for path in served), budgets.co2e_kg)


def test_what_is_needed_is_open_and_nothing_else(decisions):
    for d in decisions:
        needed = {f for path in d.path.values() for f in path.facilities}
        needed |= {
            f for item, option in d.option.items() for f in d.choices.option_facilities[item, option.name]
        }
        assert set(d.solution.open) == needed & set(d.choices.facility_cost)


def test_better_classes_are_never_served_worse(decisions):
    rules = 0
    for d in decisions:
        for better, worse in neighbours(d):
            rules += 1
            regions = d.regions(better) if d.every_item else [None]
            assert all(d.fill(better, r) >= d.fill(worse, r) - CLOSE for r in regions)
            first, second = (promised(d, s) for s in (better, worse))
            assert first[1] <= second[1] and first[0] >= second[0]
    assert rules > 20


def neighbours(d):
    """(better, worse) among the segments that order something, as the rules ask."""
    classes = d.scenario.segmentation.customers.classes, d.scenario.segmentation.items.classes
    asked = (
        d.scenario.rules.better_customer_never_served_worse,
        d.scenario.rules.better_item_never_served_worse,
    )
    for side in (0, 1):
        lines = defaultdict(list)
        for s in sorted(d.ordering, key=lambda s: classes[side].index(s[side])):
            lines[s[1 - side], s[2]].append(s)
        for line in lines.values() if asked[side] else ():
            yield from pairwise(line)


def promised(d, s):
    """(fill rate, hours); the fill rate only where promises are counted."""
    return d.solution.promise.get(s, (0.0, d.path[s].promised_response_hours))


def test_a_customer_class_has_one_channel(decisions):
    for d in decisions:
        if d.scenario.rules.one_channel_per_customer_class:
            used = {(s[0], d.path[s].channel) for s in d.ordering}
            assert len(used) == len({customer_class for customer_class, _ in used})


def test_counted_promises_are_few_and_kept(decisions):
    counted = 0
    for d in decisions:
        most = d.scenario.rules.distinct_promises_at_most
        if most is None:
            assert not d.solution.promise
            continue
        counted += 1
        assert set(d.solution.promise) == set(d.ordering)
        assert len(set(d.solution.promise.values())) <= most
        for s, (fill_rate, hours) in d.solution.promise.items():
            target = d.choices.targets[s]
            assert target.fill_rate <= fill_rate <= d.fill(s) + CLOSE
            assert d.path[s].promised_response_hours <= hours
            assert target.response_hours is None or hours <= target.response_hours
    assert counted > 10

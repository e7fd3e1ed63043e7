"""The cheapest policy of a small world by trying every combination. Shares no code with the master model.

Stocking options and paths are enumerated; facilities, channels and promises follow from them. Columns are
enumerated too (basis `every_item`), or mixed by a small linear program of its own (basis `segment`).
"""

from itertools import combinations, pairwise, product

import numpy as np
from scipy.optimize import linprog

from servicepolicy_models.scenario import FillRateBasis

CLOSE = 1e-9


def cheapest(scenario, choices):
    """Least TLC + LSC of a policy that keeps everything; None when there is none."""
    best = None
    items = scenario.segmentation.items.classes
    for options in product(*(choices.options[item] for item in items)):
        option = dict(zip(items, options, strict=True))
        stock = Stock(scenario, choices, option)
        for paths in path_combinations(scenario, choices, option):
            fixed = fixed_cost(choices, option, paths)
            service = sum(path.cost for path in paths.values()) + fixed
            if best is not None and service >= best:
                continue
            logistics = sum(path.cost - path.lost_sales_cost for path in paths.values()) + fixed
            emitted = sum(path.co2e_kg for path in paths.values())
            for floors in floor_combinations(scenario, choices, paths):
                cost = stock.least_cost(floors, logistics, emitted)
                if cost is not None and (best is None or service + cost < best):
                    best = service + cost
    return best


def path_combinations(scenario, choices, option):
    """Every choice of one path a segment within capacities, in the order asked, over one channel a class."""
    segments = list(choices.targets)
    for ways in product(*(choices.paths[s, option[s[1]].deployment] for s in segments)):
        paths = dict(zip(segments, ways, strict=True))
        ordering = {s: path for s, path in paths.items() if choices.targets[s].pieces_per_year > 0}
        if not within_capacities(scenario, paths) or not one_channel(scenario, ordering):
            continue
        counted = scenario.rules.distinct_promises_at_most is not None
        hours = {s: path.promised_response_hours for s, path in ordering.items()}
        if counted or all(hours[s] <= hours[t] for s, t in neighbours(scenario, choices)):
            yield paths


def within_capacities(scenario, paths):
    served = list(paths.values())
    for channel in scenario.channels:
        used = sum(path.channel_labour_hours for path in served if path.channel == channel.name)
        if over(used, channel.labour_capacity_hours_per_year):
            return False
    for mode in scenario.modes:
        if over(sum(path.weight_kg for path in served if path.mode == mode.name), mode.capacity_kg_per_year):
            return False
    for at in scenario.locations:
        if over(sum(path.lines_per_day.get(at.name, 0.0) for path in served), at.capacity_lines_per_day):
            return False
        for process in scenario.processes:
            lines = sum(
                path.lines_per_day.get(at.name, 0.0) for path in served if path.process == process.name
            )
            if over(lines, capacity_at(process, at)):
                return False
    return True


def capacity_at(process, location):
    """The process's own figure for the location, or the one it has everywhere."""
    for own in process.at:
        if own.location == location.name and own.capacity_lines_per_day is not None:
            return own.capacity_lines_per_day
    return process.capacity_lines_per_day


def over(used, limit):
    return limit is not None and used > limit + CLOSE


def one_channel(scenario, ordering):
    if not scenario.rules.one_channel_per_customer_class:
        return True
    used = {(s[0], path.channel) for s, path in ordering.items()}
    return len(used) == len({customer for customer, _ in used})


def neighbours(scenario, choices):
    """(better, worse) pairs that the rules compare: next to each other among those that order anything."""
    ordering = [s for s, target in choices.targets.items() if target.pieces_per_year > 0]
    customers, items = scenario.segmentation.customers.classes, scenario.segmentation.items.classes
    if scenario.rules.better_customer_never_served_worse:
        for _, same in grouped(ordering, lambda s: (s[1], s[2])):
            yield from pairwise(sorted(same, key=lambda s: customers.index(s[0])))
    if scenario.rules.better_item_never_served_worse:
        for _, same in grouped(ordering, lambda s: (s[0], s[2])):
            yield from pairwise(sorted(same, key=lambda s: items.index(s[1])))


def grouped(things, key):
    groups = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return groups.items()


def fixed_cost(choices, option, paths):
    needed = {f for path in paths.values() for f in path.facilities}
    needed |= {f for j, chosen in option.items() for f in choices.option_facilities[j, chosen.name]}
    return sum(choices.facility_cost.get(f, 0.0) for f in needed)


def floor_combinations(scenario, choices, paths):
    """Segment -> least planned fill rate: target, OTIF and, where promises are counted, every way to."""
    ordering = {s: t for s, t in choices.targets.items() if t.pieces_per_year > 0}
    floor = {s: t.fill_rate for s, t in ordering.items()}
    for s, target in ordering.items():
        if target.otif is not None:
            floor[s] = max(floor[s], target.otif / paths[s].on_time_probability)
    most = scenario.rules.distinct_promises_at_most
    if most is None:
        return [floor]
    promised = {
        tuple(f for f, _ in ways) for ways in promise_combinations(scenario, choices, paths, ordering, most)
    }
    return [{s: max(floor[s], f) for s, f in zip(ordering, fills, strict=True)} for fills in promised]


def promise_combinations(scenario, choices, paths, ordering, most):
    """Every way to give each segment one of at most so many promises: rungs of the ladder, or targets."""
    fills = sorted({*scenario.promise_ladder.fill_rates, *(t.fill_rate for t in ordering.values())})
    everything = list(product(fills, scenario.promise_ladder.response_hours))
    pairs = list(neighbours(scenario, choices))
    for promises in combinations(everything, min(most, len(everything))):
        fitting = [[p for p in promises if fits(p, target, paths[s])] for s, target in ordering.items()]
        for ways in product(*fitting):
            given = dict(zip(ordering, ways, strict=True))
            if all(given[s][0] >= given[t][0] and given[s][1] <= given[t][1] for s, t in pairs):
                yield ways


def fits(promise, target, path):
    latest = float("inf") if target.response_hours is None else target.response_hours
    return promise[0] >= target.fill_rate and path.promised_response_hours <= promise[1] <= latest


class Stock:
    """The shelves of one stocking option an item class, and the least cost of filling them."""

    def __init__(self, scenario, choices, option):
        self.scenario, self.choices, self.option = scenario, choices, option
        self.shelves = [
            (j, shelf, choices.columns[j, chosen.name, shelf.name])
            for j, chosen in option.items()
            for shelf in chosen.shelves
        ]
        self.pairs = list(neighbours(scenario, choices))
        self.known = {}

    def least_cost(self, floors, logistics, emitted):
        budgets = self.scenario.budgets
        money = None if budgets.total_cost is None else round(budgets.total_cost - logistics, 9)
        co2e = None if budgets.co2e_kg is None else round(budgets.co2e_kg - emitted, 9)
        key = (tuple(sorted(floors.items())), money, co2e)
        if key not in self.known:
            every_item = self.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM
            self.known[key] = (self._by_trying if every_item else self._by_mixing)(floors, money, co2e)
        return self.known[key]

    def _limits(self, money, co2e):
        """(amount a column takes, at which location or everywhere, limit)."""
        yield lambda c: c.stock_value, None, self.scenario.budgets.inventory_value
        yield lambda c: c.inventory_cost + c.supply_cost + c.warehousing_cost, None, money
        yield lambda c: c.co2e_kg, None, co2e
        for at in self.scenario.locations:
            yield lambda c: c.storage_m3, at.name, at.storage_capacity_m3

    def _regions(self, segment):
        every = [region.name for region in self.scenario.segmentation.regions]
        return every if segment[2] == "*" else [segment[2]]

    def _by_trying(self, floors, money, co2e):
        best = None
        for ks in product(*(range(columns.size) for _, _, columns in self.shelves)):
            at = [(j, shelf, columns, k) for (j, shelf, columns), k in zip(self.shelves, ks, strict=True)]
            cost = sum(columns.cost[k] for _, _, columns, k in at)
            if (best is None or cost < best) and self._kept(at, floors, money, co2e):
                best = cost
        return best

    def _kept(self, at, floors, money, co2e):
        for amount, place, limit in self._limits(money, co2e):
            if over(sum(amount(c)[k] for _, shelf, c, k in at if place in (None, shelf.location)), limit):
                return False
        fill = {(s, r): self._worst(at, s, r) for s in floors for r in self._regions(s)}
        if any(fill[s, r] < floor - CLOSE for s, floor in floors.items() for r in self._regions(s)):
            return False
        return all(fill[s, r] >= fill[t, r] - CLOSE for s, t in self.pairs for r in self._regions(s))

    def _worst(self, at, segment, region):
        i = self.scenario.segmentation.customers.classes.index(segment[0])
        serving = [
            columns.fill_rate[k, i]
            for j, shelf, columns, k in at
            if j == segment[1] and shelf.customer_class in (None, segment[0]) and region in shelf.regions
        ]
        return min(serving, default=1.0)

    def _by_mixing(self, floors, money, co2e):
        cost = np.concatenate([columns.cost for _, _, columns in self.shelves])
        rows, sides = [], []
        for amount, place, limit in self._limits(money, co2e):
            if limit is not None:
                here = [place in (None, shelf.location) for _, shelf, _ in self.shelves]
                rows.append(self._row(lambda n, c, amount=amount, here=here: amount(c) * here[n]))
                sides.append(limit)
        short = {s: self._row(lambda n, c, s=s: self._short(n, c, s)) for s in floors}
        for s, floor in floors.items():
            rows.append(short[s] / self.choices.targets[s].pieces_per_year)
            sides.append(1.0 - floor)
        for s, t in self.pairs:
            pieces = self.choices.targets[s].pieces_per_year, self.choices.targets[t].pieces_per_year
            rows.append(short[s] / pieces[0] - short[t] / pieces[1])
            sides.append(0.0)
        whole = [
            self._row(lambda n, c, m=m: np.full(c.size, float(n == m))) for m in range(len(self.shelves))
        ]
        found = linprog(
            cost,
            A_ub=np.array(rows) if rows else None,
            b_ub=sides or None,
            A_eq=np.array(whole),
            b_eq=np.ones(len(whole)),
        )
        assert found.status in (0, 2), found.message
        return float(found.fun) if found.status == 0 else None

    def _row(self, amount):
        return np.concatenate(
            [np.asarray(amount(n, columns)) for n, (_, _, columns) in enumerate(self.shelves)]
        )

    def _short(self, n, columns, segment):
        i = self.scenario.segmentation.customers.classes.index(segment[0])
        every = [region.name for region in self.scenario.segmentation.regions]
        here = [every.index(r) for r in self._regions(segment)] if self.shelves[n][0] == segment[1] else []
        return columns.pieces_short[:, i, here].sum(axis=1)

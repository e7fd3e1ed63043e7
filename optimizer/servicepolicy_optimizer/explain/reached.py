"""What a solution reaches and uses: plain sums over its columns and paths, without a model."""

from collections.abc import Callable, Mapping

from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import ColumnSet, Segment, ServicePath, Shelf
from servicepolicy_optimizer.conflicts.demands import Demand
from servicepolicy_optimizer.explain.warm import Exact
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.solve import MasterSolution


def paths_of(exact: Exact) -> Mapping[Segment, ServicePath]:
    """Segment -> the path that serves it."""
    paths = exact.choices.paths
    return {s: paths[s, deployment][number] for s, (deployment, number) in exact.solution.path.items()}


def of_columns(exact: Exact, amount: Callable[[ColumnSet], Floats], location: str | None = None) -> float:
    """Σ amount · weight over the columns of all shelves, or of those at one location."""
    return sum(
        share * float(amount(exact.choices.columns[key[:3]])[int(key[3])])
        for key, share in exact.solution.weight.items()
        if location is None or _location(exact, key[:3]) == location
    )


def stock_value(exact: Exact) -> float:
    """Average stock value."""
    return of_columns(exact, lambda columns: columns.stock_value)


def co2e_kg(exact: Exact) -> float:
    """Inbound and outbound, kg a year."""
    outbound = sum(path.co2e_kg for path in paths_of(exact).values())
    return of_columns(exact, lambda columns: columns.co2e_kg) + outbound


def planned_fill_rates(exact: Exact) -> dict[Segment, float]:
    """Segment with demand -> what its stock promise is measured by."""
    scenario, targets = exact.asked.scenario, exact.choices.targets
    demanding = [s for s, target in targets.items() if target.pieces_per_year > 0]
    if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
        return {s: _worst_item(exact, scenario, s) for s in demanding}
    return {s: 1.0 - _short(exact, scenario, s) / targets[s].pieces_per_year for s in demanding}


def used(exact: Exact, demand: Demand) -> float:
    """How much of a capacity or budget the solution takes."""
    return USED[demand.family](exact, demand.where)


def _short(exact: Exact, scenario: Scenario, segment: Segment) -> float:
    i = scenario.segmentation.customers.classes.index(segment[0])
    every = [region.name for region in scenario.segmentation.regions]
    r = list(range(len(every))) if segment[2] == "*" else [every.index(segment[2])]
    return sum(
        share * float(exact.choices.columns[key[:3]].pieces_short[int(key[3]), i, r].sum())
        for key, share in exact.solution.weight.items()
        if key[0] == segment[1]
    )


def _worst_item(exact: Exact, scenario: Scenario, segment: Segment) -> float:
    i = scenario.segmentation.customers.classes.index(segment[0])
    fill: dict[tuple[str, str, str], float] = {}
    for key, share in exact.solution.weight.items():
        shelf = _shelf(exact, key[:3])
        serves = shelf.customer_class in (None, segment[0]) and (
            segment[2] == "*" or segment[2] in shelf.regions
        )
        if key[0] == segment[1] and serves:
            of_column = float(exact.choices.columns[key[:3]].fill_rate[int(key[3]), i])
            fill[key[:3]] = fill.get(key[:3], 0.0) + share * of_column
    return min(fill.values(), default=1.0)


def _shelf(exact: Exact, place: tuple[str, str, str]) -> Shelf:
    options = exact.choices.options[place[0]]
    option = next(option for option in options if option.name == place[1])
    return next(shelf for shelf in option.shelves if shelf.name == place[2])


def _location(exact: Exact, place: tuple[str, str, str]) -> str:
    return _shelf(exact, place).location


def _paths(amount: Callable[[ServicePath, tuple[str, ...]], float]) -> Callable[..., float]:
    return lambda exact, where: sum(amount(path, where) for path in paths_of(exact).values())


def _logistics_cost(exact: Exact, where: tuple[str, ...]) -> float:
    stock = of_columns(exact, lambda columns: columns.cost - columns.lost_sales_cost)
    service = sum(path.cost - path.lost_sales_cost for path in paths_of(exact).values())
    return stock + service + fixed_cost(exact.solution, exact.choices.facility_cost)


def fixed_cost(solution: MasterSolution, facility_cost: Mapping[str, float]) -> float:
    """What is open, a year."""
    return sum(facility_cost[name] for name in solution.open)


USED: Mapping[str, Callable[[Exact, tuple[str, ...]], float]] = {
    "channel_labour": _paths(lambda path, at: path.channel_labour_hours * (path.channel == at[0])),
    "process_lines": _paths(lambda path, at: path.lines_per_day.get(at[1], 0.0) * (path.process == at[0])),
    "location_lines": _paths(lambda path, at: path.lines_per_day.get(at[0], 0.0)),
    "storage": lambda exact, at: of_columns(exact, lambda columns: columns.storage_m3, at[0]),
    "mode_weight": _paths(lambda path, at: path.weight_kg * (path.mode == at[0])),
    "inventory_budget": lambda exact, at: stock_value(exact),
    "total_cost_budget": _logistics_cost,
    "co2e_budget": lambda exact, at: co2e_kg(exact),
}
"""Family -> what of it a solution uses."""

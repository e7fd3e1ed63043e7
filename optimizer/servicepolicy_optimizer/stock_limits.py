"""Limits that whole items may break though their mix keeps them: budgets of stock and cost, storage."""

from collections.abc import Mapping

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.answer.fixed_cost import facilities_in_use
from servicepolicy_optimizer.answer.stock import Stock, stock_of
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.decided import Decided
from servicepolicy_optimizer.question import Question


def beyond(asked: Question, decided: Decided) -> Mapping[str, float]:
    """What whole items use beyond the scenario's limits: `inventory_value`, `total_cost`, `storage:Leeds`
    -> amount.
    """
    limits = _figures(asked.scenario)
    return {name: -left for name, left in room_left(asked, decided).items() if left < -1e-9 * limits[name]}


def room_left(asked: Question, decided: Decided) -> Mapping[str, float]:
    """What whole items leave of the scenario's limits, under the names of `beyond`; below 0 where they leave
    nothing.
    """
    scenario, limits = asked.scenario, _figures(asked.scenario)
    if not limits:
        return {}
    stock = stock_of(asked.room, decided)
    used = {
        "inventory_value": stock.value().total,
        "total_cost": _logistics_cost(asked.choices, scenario, stock, decided),
        **{f"storage:{at.name}": stock.storage_m3(at.name) for at in scenario.locations},
    }
    return {name: limit - used[name] for name, limit in limits.items()}


def _logistics_cost(choices: Choices, scenario: Scenario, stock: Stock, decided: Decided) -> float:
    """TLC a year."""
    fixed = sum(choices.facility_cost[name] for name in facilities_in_use(choices, decided))
    stocked = sum(stock.cost(scenario, item_class).total for item_class in decided.options)
    return fixed + stocked + sum(path.cost - path.lost_sales_cost for path in decided.paths.values())


def tightened(scenario: Scenario, over: Mapping[str, float]) -> Scenario:
    """The scenario with twice the excess taken off each limit that whole items broke."""
    now = _figures(scenario)
    return _with_figures(scenario, {name: max(now[name] - 2.0 * more, 0.0) for name, more in over.items()})


def halfway(kept: Scenario, tight: Scenario) -> Scenario:
    """Limits between those that a mix keeps and those that none does."""
    loose, narrow = _figures(kept), _figures(tight)
    return _with_figures(tight, {name: (loose[name] + narrow[name]) / 2.0 for name in narrow})


def _figures(scenario: Scenario) -> dict[str, float]:
    """What whole items may use, under the names of `beyond`."""
    limits = {
        "inventory_value": scenario.budgets.inventory_value,
        "total_cost": scenario.budgets.total_cost,
        **{f"storage:{at.name}": at.storage_capacity_m3 for at in scenario.locations},
    }
    return {name: limit for name, limit in limits.items() if limit is not None}


def _with_figures(scenario: Scenario, figures: Mapping[str, float]) -> Scenario:
    budgets = {name: figures[name] for name in ("inventory_value", "total_cost") if name in figures}
    locations = tuple(
        at.model_copy(update={"storage_capacity_m3": figures[f"storage:{at.name}"]})
        if f"storage:{at.name}" in figures
        else at
        for at in scenario.locations
    )
    changed = scenario.budgets.model_copy(update=budgets)
    return scenario.model_copy(update={"budgets": changed, "locations": locations})

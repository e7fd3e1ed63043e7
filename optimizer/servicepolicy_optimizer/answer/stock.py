"""The stock side of the answer: item classes, their shelves and their items."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.cost import Cost
from servicepolicy_models.policy import ItemClassPolicy, ItemPolicy, StockValue
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.answer.item_rows import item_rows
from servicepolicy_optimizer.answer.shelf_result import ShelfResult, shelf_result
from servicepolicy_optimizer.choices import Shelf
from servicepolicy_optimizer.curves.stockroom import Stockroom, supply_of
from servicepolicy_optimizer.decided import Decided
from servicepolicy_optimizer.facts import Facts


@dataclass(frozen=True)
class Stock:
    """Item class -> its chosen shelves with what they hold."""

    shelves: Mapping[str, tuple[tuple[Shelf, ShelfResult], ...]]

    def results(self) -> tuple[tuple[Shelf, ShelfResult], ...]:
        """All shelves of all classes."""
        return tuple(pair for pairs in self.shelves.values() for pair in pairs)

    def cost(self, scenario: Scenario, item_class: str) -> Cost:
        """Of one item class."""
        return sum((result.cost(scenario) for _, result in self.shelves[item_class]), Cost())

    def value(self) -> StockValue:
        """Of all classes."""
        return added(result.stock_value() for _, result in self.results())

    def co2e_kg(self) -> float:
        """Inbound, all classes."""
        return float(sum(result.shelf.items.co2e_kg.sum() for _, result in self.results()))

    def storage_m3(self, location: str) -> float:
        """Average volume at a location."""
        return sum(result.storage_m3() for shelf, result in self.results() if shelf.location == location)


def stock_of(room: Stockroom, decided: Decided) -> Stock:
    """Read every chosen shelf at its rungs."""
    return Stock(
        {
            item_class: tuple(
                (shelf, shelf_result(room.shelves[place], decided.rungs[place]))
                for shelf in option.shelves
                for place in [(item_class, option.name, shelf.name)]
            )
            for item_class, option in decided.options.items()
        }
    )


def added(values: Iterable[StockValue]) -> StockValue:
    """Stock values part by part."""
    parts = {name: 0.0 for name in StockValue.model_fields}
    for value in values:
        for name in parts:
            parts[name] += getattr(value, name)
    return StockValue(**parts)


def item_class_policies(scenario: Scenario, stock: Stock, decided: Decided) -> tuple[ItemClassPolicy, ...]:
    """One row per item class."""
    rows = []
    for item_class, option in decided.options.items():
        results = [result for _, result in stock.shelves[item_class]]
        held = np.concatenate([result.shelf.items.rows for result in results]) if results else np.array([])
        rows.append(
            ItemClassPolicy(
                item_class=item_class,
                supply=option.supply,
                deployment=option.deployment,
                stock_policy=option.stock_policy,
                items=int(np.unique(held).size),
                stock_value=added(result.stock_value() for result in results),
                storage_m3=sum(result.storage_m3() for result in results),
                replenishment_orders_per_year=float(
                    sum(result.shelf.items.replenishments.sum() for result in results)
                ),
                cost=stock.cost(scenario, item_class),
            )
        )
    return tuple(rows)


def item_policies(scenario: Scenario, facts: Facts, stock: Stock, decided: Decided) -> tuple[ItemPolicy, ...]:
    """One row per item and shelf."""
    return tuple(
        row
        for item_class, pairs in stock.shelves.items()
        for shelf, result in pairs
        for row in item_rows(
            facts, item_class, supply_of(scenario, decided.options[item_class].supply), shelf, result
        )
    )

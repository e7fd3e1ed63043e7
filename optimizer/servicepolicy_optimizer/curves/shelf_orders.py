"""What is ordered from a shelf, whatever supplies it: the same under every stocking option."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Shelf
from servicepolicy_optimizer.facts import Facts, Floats, Ints
from servicepolicy_optimizer.inventory.order_sizes import OrderSizes
from servicepolicy_optimizer.inventory.shelf_laws import ShelfFigures
from servicepolicy_optimizer.reactions import cost_per_piece_short


@dataclass(frozen=True)
class OrderSource:
    """Whose demand on a shelf is described: covariance and moments of order sizes add over the shelf's
    atoms.
    """

    facts: Facts
    item_class: str
    shelf: Shelf

    def figures(self, times: tuple[float, float, float]) -> ShelfFigures:
        """What the demand is described by. times: mean and deviation of the lead time, and review interval,
        in days.
        """
        return ShelfFigures(*self._moments, *times)

    def let_go(self) -> None:
        """Add it up again when it is asked for again."""
        self.__dict__.pop("_moments", None)

    @cached_property
    def _moments(self) -> tuple[Floats, Floats, Floats, Floats, OrderSizes]:
        """The fields of `ShelfFigures` before its times."""
        items, (rows, served) = self.facts.items, ordered_rows(self.facts, self.item_class, self.shelf)
        atoms = np.ix_(rows, served)
        rate = items.pieces_per_day[atoms].sum(axis=1)
        lines_per_day = items.lines_per_day[atoms]
        second_moment = (lines_per_day * items.order_size_second_moment_pieces2[atoms]).sum(axis=1)
        lines = lines_per_day.sum(axis=1)
        lines = np.where(lines > 0, lines, rate)
        variance = items.covariance_pieces2_per_day[np.ix_(rows, served, served)].sum(axis=(1, 2))
        second = np.maximum(second_moment / lines, (rate / lines) ** 2)
        return rate, np.maximum(variance, 0.0), lines, second, self._sizes(rows, served)

    def _sizes(self, rows: Ints, served: Ints) -> OrderSizes:
        """Order lines by size that meet the shelf, added up over its atoms."""
        sizes = self.facts.items.order_sizes
        place = np.full(len(self.facts.items.items), -1)
        place[rows] = np.arange(rows.size)
        here = (place[sizes.item] >= 0) & np.isin(sizes.atom, served)
        return OrderSizes.of_entries(
            rows.size, place[sizes.item[here]], sizes.pieces[here], sizes.lines_per_day[here]
        )


@dataclass(frozen=True)
class ShelfOrders:
    """n items of one class that somebody orders from the shelf; I customer classes, R regions."""

    facts: Facts
    item_class: str
    shelf: Shelf
    rows: Ints
    """(n,) rows of the items in the facts."""
    pieces_per_day: Floats
    """(n,)"""
    pieces: Floats
    """(n, I, R) a year; 0 for those the shelf does not serve."""
    short_cost: Floats
    """(n, I) currency per piece short (lost sales)."""
    unit_cost: Floats
    """(n,)"""
    unit_weight_kg: Floats
    """(n,)"""
    unit_volume_m3: Floats
    """(n,)"""

    @cached_property
    def source(self) -> OrderSource:
        """What their demand is described by."""
        return OrderSource(self.facts, self.item_class, self.shelf)


def shelf_orders(scenario: Scenario, facts: Facts, item_class: str, shelf: Shelf) -> ShelfOrders:
    """Collect the items of a class that somebody orders from the shelf."""
    items, classes, regions = facts.items, facts.customer_classes, facts.regions
    rows, served = ordered_rows(facts, item_class, shelf)
    pieces_per_day = items.pieces_per_day[np.ix_(rows, served)]
    return ShelfOrders(
        facts,
        item_class,
        shelf,
        rows,
        pieces_per_day.sum(axis=1),
        _by_class_and_region(pieces_per_day * scenario.days_per_year, served, len(classes), len(regions)),
        cost_per_piece_short(scenario, items.unit_price[rows]),
        items.unit_cost[rows],
        items.unit_weight_kg[rows],
        items.unit_volume_m3[rows],
    )


def ordered_rows(facts: Facts, item_class: str, shelf: Shelf) -> tuple[Ints, Ints]:
    """(n,) rows of the items of a class that somebody orders from the shelf, and (a,) the atoms that it
    serves.
    """
    items, classes, regions = facts.items, facts.customer_classes, facts.regions
    served = np.array(
        [
            regions.index(region) * len(classes) + i
            for region in shelf.regions
            for i, name in enumerate(classes)
            if shelf.customer_class in (None, name)
        ],
        dtype=np.intp,
    )
    of_class = items.item_class == facts.item_classes.index(item_class)
    return np.flatnonzero(of_class & (items.pieces_per_day[:, served].sum(axis=1) > 0)), served


def _by_class_and_region(pieces: Floats, served: Ints, classes: int, regions: int) -> Floats:
    """(n, I, R) from the served atoms' (n, a)."""
    atoms = np.zeros((pieces.shape[0], regions * classes))
    atoms[:, served] = pieces
    shaped: Floats = atoms.reshape(-1, regions, classes).transpose(0, 2, 1)
    return shaped

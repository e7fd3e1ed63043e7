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
class ShelfOrders:
    """n items of one class that somebody orders from the shelf; I customer classes, R regions."""

    facts: Facts
    item_class: str
    shelf: Shelf
    rows: Ints
    """(n,) rows of the items in the facts."""
    served: Ints
    """(a,) atoms of the facts that the shelf serves."""
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

    def figures(self, times: tuple[float, float, float]) -> ShelfFigures:
        """What the demand is described by. times: mean and deviation of the lead time, and review interval,
        in days.
        """
        return ShelfFigures(*self._moments, *times)

    @cached_property
    def _moments(self) -> tuple[Floats, Floats, Floats, Floats, OrderSizes]:
        """The fields of `ShelfFigures` before its times: covariance and moments of order sizes add over the
        shelf's atoms.
        """
        items, rows, rate = self.facts.items, self.rows, self.pieces_per_day
        atoms = np.ix_(rows, self.served)
        lines_per_day = items.lines_per_day[atoms]
        second_moment = (lines_per_day * items.order_size_second_moment_pieces2[atoms]).sum(axis=1)
        lines = lines_per_day.sum(axis=1)
        lines = np.where(lines > 0, lines, rate)
        variance = items.covariance_pieces2_per_day[np.ix_(rows, self.served, self.served)].sum(axis=(1, 2))
        second = np.maximum(second_moment / lines, (rate / lines) ** 2)
        return rate, np.maximum(variance, 0.0), lines, second, self._sizes()

    def _sizes(self) -> OrderSizes:
        """Order lines by size that meet the shelf, added up over its atoms."""
        sizes = self.facts.items.order_sizes
        place = np.full(len(self.facts.items.items), -1)
        place[self.rows] = np.arange(self.rows.size)
        here = (place[sizes.item] >= 0) & np.isin(sizes.atom, self.served)
        return OrderSizes.of_entries(
            self.rows.size, place[sizes.item[here]], sizes.pieces[here], sizes.lines_per_day[here]
        )


def shelf_orders(scenario: Scenario, facts: Facts, item_class: str, shelf: Shelf) -> ShelfOrders:
    """Collect the items of a class that somebody orders from the shelf."""
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
    rows = np.flatnonzero(of_class & (items.pieces_per_day[:, served].sum(axis=1) > 0))
    pieces_per_day = items.pieces_per_day[np.ix_(rows, served)]
    return ShelfOrders(
        facts,
        item_class,
        shelf,
        rows,
        served,
        pieces_per_day.sum(axis=1),
        _by_class_and_region(pieces_per_day * scenario.days_per_year, served, len(classes), len(regions)),
        cost_per_piece_short(scenario, items.unit_price[rows]),
        items.unit_cost[rows],
        items.unit_weight_kg[rows],
        items.unit_volume_m3[rows],
    )


def _by_class_and_region(pieces: Floats, served: Ints, classes: int, regions: int) -> Floats:
    """(n, I, R) from the served atoms' (n, a)."""
    atoms = np.zeros((pieces.shape[0], regions * classes))
    atoms[:, served] = pieces
    shaped: Floats = atoms.reshape(-1, regions, classes).transpose(0, 2, 1)
    return shaped

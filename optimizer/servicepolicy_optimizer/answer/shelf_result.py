"""What one shelf of the decision holds, costs and misses."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_models.cost import Cost
from servicepolicy_models.policy import StockValue
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.curves.columns import StockedShelf
from servicepolicy_optimizer.facts import Floats, Rungs


@dataclass(frozen=True)
class ShelfResult:
    """n items at their rungs; yearly amounts."""

    shelf: StockedShelf
    chosen: Rungs
    on_hand_pieces: Floats
    """(n,)"""
    fill_rate: Floats
    """(n, I)"""
    pieces_short: Floats
    """(n, I, R)"""
    safety_stock_pieces: Floats
    """(n,) reorder point less mean demand over the protection interval, mean backorders added back."""
    reserve_pieces: Floats
    """(n,) the part of the safety stock that the worst class never gets."""

    def stock_value(self) -> StockValue:
        """Average stock value; cycle + safety + reserve = what is on hand."""
        items = self.shelf.items
        price = items.purchase_price
        return StockValue(
            cycle=float(((self.on_hand_pieces - self.safety_stock_pieces) * price).sum()),
            safety=float(((self.safety_stock_pieces - self.reserve_pieces) * price).sum()),
            reserve=float((self.reserve_pieces * price).sum()),
            pipeline=float((items.pipeline_pieces * price).sum()),
        )

    def storage_m3(self) -> float:
        """Average volume on hand."""
        return float((self.on_hand_pieces * self.shelf.items.unit_volume_m3).sum())

    def lost_sales_cost(self) -> Floats:
        """(I, R) pieces short x what they cost."""
        cost: Floats = (self.pieces_short * self.shelf.items.short_cost[:, :, None]).sum(axis=0)
        return cost

    def cost(self, scenario: Scenario) -> Cost:
        """The stock's own cost: inventory, supply, storage and handling, lost sales."""
        items = self.shelf.items
        return Cost(
            inventory=scenario.carrying_rate_per_year * self.stock_value().total,
            supply=float(items.supply_cost.sum()),
            warehousing=float(items.handling_cost.sum())
            + self.shelf.storage_cost_per_m3_year * self.storage_m3(),
            lost_sales=float(self.lost_sales_cost().sum()),
        )


def shelf_result(shelf: StockedShelf, chosen: Rungs) -> ShelfResult:
    """Read a shelf's ladder at the chosen rungs."""
    items, rungs, n = shelf.items, shelf.rungs, np.arange(shelf.items.rows.size)
    classes = items.pieces.shape[1]
    fill = np.broadcast_to(rungs.fill_rate[n, chosen], (n.size, classes))
    on_hand = rungs.on_hand_pieces[n, chosen]
    safety = np.maximum(on_hand - items.said.order_cycle_pieces, 0.0)
    reserve = np.zeros(n.size)
    if rungs.critical_level_pieces is not None:
        reserve = np.minimum(rungs.critical_level_pieces[n, chosen].max(axis=1), safety)
    return ShelfResult(
        shelf=shelf,
        chosen=chosen,
        on_hand_pieces=on_hand,
        fill_rate=fill,
        pieces_short=items.pieces * (1.0 - fill)[:, :, None],
        safety_stock_pieces=safety,
        reserve_pieces=reserve,
    )

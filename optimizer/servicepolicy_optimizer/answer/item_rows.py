"""The rows that an ERP system needs: one per item and shelf."""

from collections.abc import Iterator

import numpy as np

from servicepolicy_models.means import SupplyOption
from servicepolicy_models.policy import ItemPolicy
from servicepolicy_optimizer.answer.shelf_result import ShelfResult
from servicepolicy_optimizer.choices import Shelf
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.inventory.shelf_laws import WORDS, Law, Reason


def item_rows(
    facts: Facts, item_class: str, supply: SupplyOption, place: Shelf, result: ShelfResult
) -> Iterator[ItemPolicy]:
    """Reorder point, order quantity, critical levels and what they give, item by item."""
    items, rungs = result.shelf.items, result.shelf.rungs
    n = np.arange(items.rows.size)
    reorder = rungs.reorder_point_pieces[n, result.chosen]
    critical = None if rungs.critical_level_pieces is None else rungs.critical_level_pieces[n, result.chosen]
    ordered = items.pieces.sum(axis=2) > 0
    pieces = items.pieces.sum(axis=(1, 2))
    law, reason = items.said.law, items.said.law_reason
    for k in n:
        served = np.flatnonzero(ordered[k])
        names = [facts.customer_classes[i] for i in served]
        yield ItemPolicy(
            item=facts.items.items[items.rows[k]],
            item_class=item_class,
            location=place.location,
            shelf=place.customer_class or "*",
            supply=supply.name,
            review_days=supply.review_days,
            reorder_point_pieces=float(reorder[k]),
            order_quantity_pieces=float(items.order_quantity_pieces[k]),
            critical_level_pieces={}
            if critical is None
            else {
                name: float(level) for name, level in zip(facts.customer_classes, critical[k], strict=True)
            },
            safety_stock_pieces=float(result.safety_stock_pieces[k]),
            on_hand_pieces=float(result.on_hand_pieces[k]),
            unit_fill_rate={
                name: float(result.fill_rate[k, i]) for name, i in zip(names, served, strict=True)
            },
            distribution=Law(int(law[k])).name.lower(),
            distribution_reason=WORDS[Reason(int(reason[k]))],
            demand_pieces_per_year=float(pieces[k]),
        )

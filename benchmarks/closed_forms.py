"""What ours is compared with: reorder points of many items for many prices in bare array arithmetic.

Three peers, the first the hardest to keep up with and the least like what has to be known:

- `in_closed_form`: the textbook's (r, Q) with normal demand. One quantile and one loss an item and price; no
  whole pieces, no undershoot, no shortage that is carried over to the next cycle;
- `whole_pieces`: the same law, and the figures that a policy needs: the reorder point in whole pieces, its
  fill rate and stock on hand by the formula that ours uses too, which asks for the loss of two demands (the
  lead time's, and that with one order more) at both ends of the cycle;
- `every_rung`: the same laws as well (gamma, Poisson, negative binomial): forty whole reorder points an item,
  each by the special functions of scipy, and of these the cheapest for every price.
"""

from dataclasses import dataclass, fields

import numpy as np
from scipy.special import ndtr, ndtri

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.curves.ladder import highest_reorder_points
from servicepolicy_optimizer.curves.shelf_items import ShelfItems
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.inventory.shortage_law import ShortageLaw

RUNGS = 40


@dataclass(frozen=True)
class Known:
    """What is known of n items on a shelf; arrays (n,)."""

    mean: Floats
    """Pieces over the lead time."""
    deviation: Floats
    exposed_mean: Floats
    """The same with one order more."""
    exposed_deviation: Floats
    increment: Floats
    """Pieces of an order."""
    quantity: Floats
    yearly: Floats
    """Pieces."""
    holding: Floats
    """Currency per piece on hand and year."""
    highest: Floats
    """Reorder point that is practically never short."""

    def of(self, lot: slice) -> "Known":
        """Of some of them."""
        return Known(*(getattr(self, one.name)[lot] for one in fields(self)))


def known_of(scenario: Scenario, items: ShelfItems) -> Known:
    """Of the items on a shelf."""
    lead, exposed = items.demand.lead, items.demand.exposed
    return Known(
        lead.mean_pieces,
        lead.sd_pieces,
        exposed.mean_pieces,
        exposed.sd_pieces,
        np.broadcast_to(items.demand.increment_mean_pieces, lead.mean_pieces.shape),
        items.order_quantity_pieces,
        items.pieces.sum(axis=(1, 2)),
        scenario.carrying_rate_per_year * items.purchase_price,
        highest_reorder_points(items.demand),
    )


def in_closed_form(known: Known, prices: Floats) -> Floats:
    """(K, 3) cost of what is on hand, pieces short and reorder points of all items, for every price."""
    mean, deviation, quantity = known.mean, known.deviation, known.quantity
    yearly, holding, totals = known.yearly, known.holding, []
    for price in prices:
        tail = np.clip(holding * quantity / (price * yearly), 1e-12, 0.999)
        z = ndtri(1.0 - tail)
        density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
        loss = deviation * (density - z * ndtr(-z))
        short = np.minimum(loss / quantity, 1.0) * yearly
        on_hand = quantity / 2.0 + z * deviation + loss
        totals.append(((on_hand * holding).sum(), short.sum(), (mean + z * deviation).sum()))
    return np.array(totals)


def whole_pieces(known: Known, prices: Floats) -> Floats:
    """The same totals with the reorder point a whole number, and fill rate and stock on hand as they are.

    beta = 1 - avg_y [G_exposed(y) - G_lead(y)] / E[X], y uniform between r and r + Q.
    """
    quantity, yearly, totals = known.quantity, known.yearly, []
    for price in prices:
        tail = np.clip(known.holding * quantity / (price * yearly), 1e-12, 0.999)
        r = np.ceil(known.mean + ndtri(1.0 - tail) * known.deviation)
        lead = _average_loss(known.mean, known.deviation, r, quantity)
        exposed = _average_loss(known.exposed_mean, known.exposed_deviation, r, quantity)
        short = np.clip((exposed - lead) / known.increment, 0.0, 1.0) * yearly
        on_hand = r + quantity / 2.0 - known.mean + lead
        totals.append(((on_hand * known.holding).sum(), short.sum(), r.sum()))
    return np.array(totals)


def _average_loss(mean: Floats, deviation: Floats, r: Floats, quantity: Floats) -> Floats:
    """[H(r) - H(r + Q)] / Q, H the integral of the loss of a normal demand."""
    low, high = (r - mean) / deviation, (r + quantity - mean) / deviation
    average: Floats = deviation**2 * (_integral_of_loss(low) - _integral_of_loss(high)) / quantity
    return average


def _integral_of_loss(z: Floats) -> Floats:
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    integral: Floats = 0.5 * ((z * z + 1.0) * ndtr(-z) - z * density)
    return integral


def every_rung(items: ShelfItems, known: Known, prices: Floats) -> Floats:
    """The same totals with every item's own law."""
    lead, exposed = items.demand.lead, items.demand.exposed
    short, on_hand = np.empty((RUNGS, known.mean.size)), np.empty((RUNGS, known.mean.size))
    rungs = np.round(-1.0 + (known.highest + 1.0) * np.linspace(0.0, 1.0, RUNGS)[:, None])
    moved = np.where(lead.is_counting, 1.0, 0.0)
    for rung, r in enumerate(rungs):
        level = items.demand.level_for_law(r, known.quantity)
        owed, asked = (_average_of_law(law, level, known.quantity) for law in (lead, exposed))
        short[rung] = np.clip((asked - owed) / known.increment, 0.0, 1.0) * known.yearly
        on_hand[rung] = level + (known.quantity + moved) / 2.0 - known.mean + owed
    totals, n = [], np.arange(known.mean.size)
    for price in prices:
        best = (on_hand * known.holding + price * short).argmin(axis=0)
        held = (on_hand[best, n] * known.holding).sum()
        totals.append((held, short[best, n].sum(), rungs[best, n].sum()))
    return np.array(totals)


def _average_of_law(law: ShortageLaw, level: Floats, quantity: Floats) -> Floats:
    # Levels one by one, not as rows: so they come from the special functions themselves.
    low, high = law.excess_moments(level, 2)[1], law.excess_moments(level + quantity, 2)[1]
    average: Floats = (low - high) / quantity
    return average

"""What the rows of the item table claim against what was recomputed, a shelf at a time."""

from collections.abc import Iterator, Sequence

import numpy as np

from servicepolicy_models.policy import ItemPolicy
from servicepolicy_optimizer.audit.claims import FLOOR, TOLERANCE, Difference
from servicepolicy_optimizer.audit.stock_cost import StockAccount
from servicepolicy_optimizer.facts import Facts, Floats, Ints
from servicepolicy_optimizer.inventory.shelf_laws import WORDS, Law, Reason

DECISIONS = (
    "item",
    "item_class",
    "location",
    "shelf",
    "reorder_point_pieces",
    "order_quantity_pieces",
    "critical_level_pieces",
)
"""What the audit takes as decided; everything else in a row is a claim."""


def item_claims(facts: Facts, account: StockAccount, rows: Sequence[ItemPolicy]) -> Iterator[Difference]:
    """Differences beyond the tolerance, and the largest one of each field however small.

    rows: the shelf's rows of the item table, in the order of `account.shelf.rows`.
    """
    shelf, got = account.shelf, account.delivery
    at = shelf.rows
    figures: dict[str, Floats] = {
        "safety_stock_pieces": got.safety_pieces,
        "on_hand_pieces": got.on_hand_pieces,
        "demand_pieces_per_year": account.item_pieces_per_year,
        "review_days": np.full(at.size, shelf.supply.review_days),
    }
    for name, found in figures.items():
        claimed = np.array([getattr(row, name) for row in rows])
        yield from _numbers(at, name, claimed, found)
    yield from _fill_rates(facts, account, rows)
    laws = [Law(int(code)).name.lower() for code in got.law]
    yield from _words(at, "distribution", [row.distribution for row in rows], laws)
    reasons = [WORDS[Reason(int(code))] for code in got.law_reason]
    yield from _words(at, "distribution_reason", [row.distribution_reason for row in rows], reasons)
    yield from _words(at, "supply", [row.supply for row in rows], [shelf.supply.name] * at.size)


def _fill_rates(facts: Facts, account: StockAccount, rows: Sequence[ItemPolicy]) -> Iterator[Difference]:
    """Every class that orders the item from the shelf has its fill rate in the row; those that do not may."""
    at, orders = account.shelf.rows, account.item_pieces_by_class > 0
    for i, name in enumerate(facts.customer_classes):
        claimed = np.array([row.unit_fill_rate.get(name, np.nan) for row in rows])
        missing = np.flatnonzero(np.isnan(claimed) & orders[:, i])
        found = account.delivery.fill_rate[:, i]
        for n in missing:
            yield Difference(f"/items/{at[n]}/unit_fill_rate/{name}", None, float(found[n]), float("inf"))
        said = np.flatnonzero(~np.isnan(claimed))
        yield from _numbers(at[said], f"unit_fill_rate/{name}", claimed[said], found[said])
    for place, row in zip(at, rows, strict=True):
        for name in sorted(set(row.unit_fill_rate) - set(facts.customer_classes)):
            yield Difference(
                f"/items/{place}/unit_fill_rate/{name}", row.unit_fill_rate[name], None, float("inf")
            )


def _numbers(at: Ints, field: str, claimed: Floats, found: Floats) -> Iterator[Difference]:
    relative = np.abs(claimed - found) / np.maximum(np.maximum(np.abs(claimed), np.abs(found)), FLOOR)
    told = set(np.flatnonzero(relative > TOLERANCE))
    if relative.size:
        told.add(relative.argmax())
    for n in sorted(told):
        yield Difference(f"/items/{at[n]}/{field}", float(claimed[n]), float(found[n]), float(relative[n]))


def _words(at: Ints, field: str, claimed: Sequence[str], found: Sequence[str]) -> Iterator[Difference]:
    for place, said, is_so in zip(at, claimed, found, strict=True):
        if said != is_so:
            yield Difference(f"/items/{place}/{field}", said, is_so, float("inf"))

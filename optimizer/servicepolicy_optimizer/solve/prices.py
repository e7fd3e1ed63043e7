"""Prices: what one more unit of a promise, a capacity or a budget is worth, from duals."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyomo.environ as pyo

from servicepolicy_models.proof import Held
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.master.keys import ShelfKey
from servicepolicy_optimizer.solve.arrays import Name


@dataclass(frozen=True)
class Prices:
    """Prices of a linear problem's rows.

    Of an inequality never negative: what one more unit of room would save a year.
    The reduced cost of a column of a shelf that serves segments s, at location l, is

        cost + Σ_s piece_short[s] · short_s + money · (cost − lost sales) + stock_value · stock value
             + storage_m3[l] · m³ + co2e_kg · kg − shelf[j,g,h]

    No column of the model has a negative one; a new column that has one would lower the cost.
    """

    held: Held
    """OPTIMAL; INFEASIBLE, with the prices `relax` has for that case or none; NOTHING when time ran out."""
    objective: float | None = None
    """Of the linear problem. Of the relaxation: no solution of the master model costs less. Where it is
    infeasible: with what its rows miss, at the price of missing."""
    piece_short: Mapping[Segment, float] = field(default_factory=dict)
    """Currency per piece short of a segment with demand, all rows together: its promise, OTIF, and the order
    between segments. Negative where better service would only oblige to serve a better class still better.
    Basis `segment` only."""
    fill_rate: Mapping[Segment, float] = field(default_factory=dict)
    """Currency per piece short that the fill-rate promise alone forbids. Basis `segment` only."""
    shelf: Mapping[ShelfKey, float] = field(default_factory=dict)
    """Currency a year: what the mix of the shelf is worth at these prices."""
    money: float = 0.0
    """Currency per currency of the total cost budget."""
    stock_value: float = 0.0
    """Currency per currency of the inventory budget."""
    co2e_kg: float = 0.0
    """Currency per kg of the CO2e budget."""
    storage_m3: Mapping[str, float] = field(default_factory=dict)
    """Location -> currency per m³ of storage capacity."""
    rows: Mapping[Name, float] = field(default_factory=dict)
    """Every row by family and index. Of an equation: what one more unit on its right-hand side costs."""


def priced_pieces(model: pyo.ConcreteModel) -> Mapping[Segment, float]:
    """Segment whose pieces short have a price -> its pieces a year; none under the basis `every_item`."""
    if model.asked.every_item:
        return {}
    return {s: model.asked.pieces_per_year[s] for s in model.serving.demanding}


def prices_of(
    pieces: Mapping[Segment, float], held: Held, objective: float | None, rows: Mapping[Name, float]
) -> Prices:
    """Sort the prices of rows by what asks for them. pieces: see `priced_pieces`."""
    of: dict[str, dict[Any, float]] = defaultdict(dict)
    for (family, index), price in rows.items():
        of[family][index] = price
    return Prices(
        held=held,
        objective=objective,
        piece_short=_piece_short(pieces, of),
        fill_rate=of["fill_rate_floor"],
        shelf=of["columns_of_option"],
        money=sum(of["total_cost_budget"].values()),
        stock_value=sum(of["inventory_budget"].values()),
        co2e_kg=sum(of["co2e_budget"].values()),
        storage_m3=of["storage"],
        rows=rows,
    )


def _piece_short(
    pieces: Mapping[Segment, float], of: Mapping[str, Mapping[Any, float]]
) -> dict[Segment, float]:
    """One piece short less raises fill[s] by 1 / pieces[s], in every row where fill[s] stands."""
    if not pieces:
        return {}
    per_piece: dict[Segment, float] = {s: of["fill_rate_floor"].get(s, 0.0) for s in pieces}
    for family in ("otif_floor", "promise_within_plan", "in_full_as_planned"):
        for index, price in of[family].items():
            per_piece[index[:3]] += price / pieces[index[:3]]
    for family in ("better_customer_fill", "better_item_fill"):
        for index, price in of[family].items():
            per_piece[index[:3]] += price / pieces[index[:3]]
            per_piece[index[3:6]] -= price / pieces[index[3:6]]
    return per_piece

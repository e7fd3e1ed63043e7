"""Prices: what one more unit of a promise, a capacity or a budget is worth, from duals."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyomo.environ as pyo

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.master.keys import ShelfKey
from servicepolicy_optimizer.solve.arrays import Arrays, Name, arrays
from servicepolicy_optimizer.solve.elastic import row_scale, stretched
from servicepolicy_optimizer.solve.highs import relaxed, run
from servicepolicy_optimizer.solve.optimum import held_at
from servicepolicy_optimizer.solve.solution import MasterSolution, values_of

ABOVE_EVERY_COST = 10.0
"""To miss a row altogether costs this many times the largest cost of any decision."""


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


def relax(model: pyo.ConcreteModel, limits: Limits) -> Prices:
    """Prices of the linear relaxation: the prices that item columns are refined with, and a lower bound.

    Where no mix of the columns keeps every row, better columns may: then the rows in which columns stand may
    give way at a price above every cost, and the prices are those of that problem (`held` is INFEASIBLE all
    the same). When no column has a negative reduced cost at these prices, no column helps.
    """
    return _prices_or_price_of_missing(model, relaxed(arrays(model)), limits)


def fixed_prices(model: pyo.ConcreteModel, solution: MasterSolution, limits: Limits) -> Prices:
    """Prices with the means of a solution unchanged: stocking options, paths, openings and promises stay.

    So they say what a little more fill rate costs in stock alone. Where the columns do not let these means
    keep every row: as in `relax`.
    """
    problem = arrays(model)
    return _prices_or_price_of_missing(model, held_at(problem, values_of(problem, solution)), limits)


def _prices_or_price_of_missing(model: pyo.ConcreteModel, problem: Arrays, limits: Limits) -> Prices:
    prices = _prices(model, problem, limits)
    if prices.held is not Held.INFEASIBLE:
        return prices
    yielding = _prices(model, stretched(problem, _price_of_missing(problem)), limits)
    return replace(yielding, held=Held.INFEASIBLE) if yielding.held is Held.OPTIMAL else prices


def _prices(model: pyo.ConcreteModel, problem: Arrays, limits: Limits) -> Prices:
    outcome = run(problem, limits)
    if outcome.held is not Held.OPTIMAL or outcome.row_prices is None:
        return Prices(Held.NOTHING if outcome.held is Held.FEASIBLE else outcome.held)
    rows = dict(zip(problem.rows, _worth(problem, outcome.row_prices).tolist(), strict=True))
    of: dict[str, dict[Any, float]] = defaultdict(dict)
    for (family, index), price in rows.items():
        of[family][index] = price
    return Prices(
        held=outcome.held,
        objective=outcome.objective,
        piece_short=_piece_short(model, of),
        fill_rate=of["fill_rate_floor"],
        shelf=of["columns_of_option"],
        money=sum(of["total_cost_budget"].values()),
        stock_value=sum(of["inventory_budget"].values()),
        co2e_kg=sum(of["co2e_budget"].values()),
        storage_m3=of["storage"],
        rows=rows,
    )


def _price_of_missing(problem: Arrays) -> dict[int, float]:
    """Inequality with columns of stock -> price a unit: to miss it altogether costs ABOVE_EVERY_COST."""
    stock = np.array([component == "weight" for component, _ in problem.columns])
    with_stock = np.unique(problem.matrix[:, np.flatnonzero(stock)].indices)
    inequality = ~(np.isfinite(problem.row_lower) & np.isfinite(problem.row_upper))
    highest = ABOVE_EVERY_COST * float(np.abs(problem.cost).max(initial=1.0))
    scale = row_scale(problem)
    return {row: highest / float(scale[row]) for row in with_stock.tolist() if inequality[row]}


def _worth(problem: Arrays, row_prices: Floats) -> Floats:
    """HiGHS gives dCost / dRight-hand side: not positive for ≤, not negative for ≥."""
    only_upper = np.isneginf(problem.row_lower)
    return np.where(only_upper, -row_prices, row_prices)


def _piece_short(model: pyo.ConcreteModel, of: Mapping[str, Mapping[Any, float]]) -> dict[Segment, float]:
    """One piece short less raises fill[s] by 1 / pieces[s], in every row where fill[s] stands."""
    if model.asked.every_item:
        return {}
    per_piece: dict[Segment, float] = {s: of["fill_rate_floor"].get(s, 0.0) for s in model.serving.demanding}
    pieces = model.asked.pieces_per_year
    for family in ("otif_floor", "promise_within_plan"):
        for index, price in of[family].items():
            per_piece[index[:3]] += price / pieces[index[:3]]
    for family in ("better_customer_fill", "better_item_fill"):
        for index, price in of[family].items():
            per_piece[index[:3]] += price / pieces[index[:3]]
            per_piece[index[3:6]] -= price / pieces[index[3:6]]
    return per_piece

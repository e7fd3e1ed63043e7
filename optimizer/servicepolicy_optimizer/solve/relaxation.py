"""The linear relaxation of a master model, kept in the solver while columns are added to it."""

from collections.abc import Collection, Mapping

import numpy as np
import pyomo.environ as pyo
from scipy.sparse import csc_array, hstack

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.master.new_columns import NewColumns
from servicepolicy_optimizer.solve.arrays import Arrays, Compiled, Name, arrays, compiled
from servicepolicy_optimizer.solve.elastic import row_scale, stretched
from servicepolicy_optimizer.solve.highs import Outcome, Session, relaxed
from servicepolicy_optimizer.solve.optimum import held_at
from servicepolicy_optimizer.solve.prices import Prices, priced_pieces, prices_of
from servicepolicy_optimizer.solve.solution import MasterSolution, values_of

STOCK = ("weight",)
"""Columns of stock are found while a question is answered."""

ABOVE_EVERY_COST = 10.0
"""To miss a row altogether costs this many times the largest cost of any decision."""

NO_MISS = 1e-8
"""Share of a row: who misses it by less has it."""


class Relaxation:
    """Prices of a linear problem that grows column by column.

    Where no mix of the columns keeps every row, better columns may: then the rows in which columns stand may
    give way at a price above every cost, and the prices are those of that problem (`held` is INFEASIBLE all
    the same). When no column has a negative reduced cost at these prices, no column helps.
    """

    def __init__(
        self,
        model: pyo.ConcreteModel,
        limits: Limits,
        problem: Arrays | None = None,
        growing: Collection[str] = STOCK,
    ) -> None:
        """Take the model's relaxation, or another linear problem made of its arrays.

        growing: the components of which columns may be added; rows without them cannot be helped.
        """
        problem = relaxed(arrays(model)) if problem is None else problem
        yielding = stretched(problem, _price_of_missing(problem, growing))
        self.problem = problem
        self.columns = problem.columns
        """Every column that has a name: those of `problem`, then those of `add`."""
        self._pieces = priced_pieces(model)
        self._cost = yielding.cost.copy()
        self._parts = [(problem.cost, problem.matrix)]
        self._row_lower, self._row_upper = problem.row_lower, problem.row_upper
        self._row_prices = np.zeros(problem.row_lower.size)
        self.seconds = 0.0
        """In the solver, so far."""
        self.values: Floats | None = None
        """(n,) of the last solution: first the columns of `problem`."""
        self._rows = {name: number for number, name in enumerate(problem.rows)}
        self._missing = np.arange(problem.cost.size, yielding.cost.size)
        self._share = self._cost[self._missing] / _above_every_cost(problem)
        """Of the row, by a unit of what is missing."""
        self._session = Session(yielding, limits)

    def prices(self) -> Prices:
        """Prices of all rows."""
        self._session.limit_columns(self._missing, 0.0)
        found = self._run()
        self.values = found.values
        if found.held is not Held.INFEASIBLE:
            return self._read(found, found.held)
        self._session.limit_columns(self._missing, np.inf)
        return self._read(self._run(), Held.INFEASIBLE)

    def prices_while_missing(self) -> Prices:
        """Prices of all rows, where those that `growing` columns may help can be missed at a price above
        every cost. `held` is INFEASIBLE while any is missed. For questions whose columns are yet to come.
        """
        self._session.limit_columns(self._missing, np.inf)
        found = self._run()
        self.values = found.values
        if found.values is None:
            return self._read(found, found.held)
        missed = float(found.values[self._missing] @ self._share)
        return self._read(found, Held.INFEASIBLE if missed > NO_MISS else found.held)

    def make_dearer_to_miss(self) -> None:
        """Ten times as dear: where rows can all be kept, and it was cheaper not to."""
        self._cost[self._missing] *= 10.0
        self._session.change_costs(self._cost, self.problem.constant)

    def prices_of_missing(self) -> Prices:
        """Prices of the problem in which nothing costs but to miss a row, 1 to miss it altogether.

        Its objective is at most NO_MISS where every row can be kept; when no column has a negative reduced
        cost at these prices, nothing else can help.
        """
        only_missing = np.zeros_like(self._cost)
        only_missing[self._missing] = self._share
        self._session.change_costs(only_missing, 0.0)
        self._session.limit_columns(self._missing, np.inf)
        found = self._run()
        self.values = found.values
        self._session.change_costs(self._cost, self.problem.constant)
        return self._read(found, Held.INFEASIBLE)

    def _run(self) -> Outcome:
        found = self._session.run()
        self.seconds += found.seconds
        if found.row_prices is not None:
            self._row_prices = found.row_prices
        return found

    def row_prices(self) -> Floats:
        """(m,) dObjective / dRight-hand side of the last run; of the sign that each row's side allows."""
        least = np.where(np.isneginf(self._row_lower), -np.inf, 0.0)
        most = np.where(np.isposinf(self._row_upper), np.inf, 0.0)
        free = np.isfinite(self._row_lower) & np.isfinite(self._row_upper)
        return np.where(free, self._row_prices, np.clip(self._row_prices, least, most))

    def worth_of_sides(self, row_prices: Floats) -> float:
        """What all right-hand sides are worth at prices of the sign that they allow."""
        side = np.where(row_prices > 0, self._row_lower, self._row_upper)
        return float(row_prices @ np.where(row_prices == 0, 0.0, side))

    def row_of(self, family: str) -> Ints:
        """(n,) the row of a family in which each column that has a name stands, −1 for none. No column
        stands in two.
        """
        rows = np.array([name[0] == family for name in self._rows], dtype=bool)
        found = []
        for cost, matrix in self._parts:
            column = np.repeat(np.arange(cost.size), np.diff(matrix.indptr))
            inside = rows[matrix.indices]
            of = np.full(cost.size, -1)
            of[column[inside]] = matrix.indices[inside]
            found.append(of)
        return np.concatenate(found)

    def reduced_costs(self, row_prices: Floats, objective: float) -> Floats:
        """(n,) of every column that has a name. objective: weight of a column's own cost."""
        parts = [objective * cost - matrix.T @ row_prices[: matrix.shape[0]] for cost, matrix in self._parts]
        return np.concatenate(parts)

    @property
    def rows(self) -> Mapping[Name, int]:
        """Every row by name, and its number."""
        return self._rows

    def hold(self, number: Ints, lower: Floats, upper: Floats) -> None:
        """Hold some columns of `problem` between bounds."""
        self._session.bound_columns(number, lower, upper)

    def start_anew(self) -> None:
        """Forget the last solution: with presolve and from nothing is faster than from there."""
        self._session.forget()

    def add_paths(self, cost: Floats, matrix: csc_array) -> None:
        """Add columns by their coefficients in `rows`."""
        self._session.add_columns(cost, matrix)
        self._cost = np.concatenate([self._cost, cost])

    def add(self, new: NewColumns) -> None:
        """Add columns of stock, of the same question; the names of the rows tell where they belong."""
        self._add_rows(new)
        number = np.array([self._rows[row] for row in new.rows], dtype=np.int32)
        at = (number, np.array(new.column, dtype=np.int32))
        joined = csc_array((new.amount, at), shape=(len(self._rows), len(new.names)))
        self._session.add_columns(new.cost, joined)
        self._cost = np.concatenate([self._cost, new.cost])
        self._parts.append((new.cost, joined))
        self.columns += tuple(("weight", name) for name in new.names)

    def _add_rows(self, new: NewColumns) -> None:
        """Rows that no decision stood in before, and so were left out."""
        unknown = [row for row in dict.fromkeys(new.rows) if row not in self._rows]
        if unknown:
            lower, upper = np.full(len(unknown), -np.inf), np.array([new.most[row] for row in unknown])
            self._session.add_rows(lower, upper)
            self._rows |= {row: len(self._rows) + n for n, row in enumerate(unknown)}
            self._row_lower = np.concatenate([self._row_lower, lower])
            self._row_upper = np.concatenate([self._row_upper, upper])

    def grown(self, problem: Arrays) -> Arrays:
        """`problem`, which may have integral columns, with the columns and rows that were added since.

        Columns of a shelf stand together, in the order of their numbers, as in a model written with all of
        them.
        """
        columns = self.columns
        first = {name[1][:3]: n for n, name in enumerate(problem.columns) if name[0] == "weight"}
        size = len(problem.columns)
        added = np.array([first.get(name[1][:3], size) for name in columns[size:]], dtype=np.intp)
        order = np.argsort(np.concatenate([np.arange(size), added]), kind="stable")
        parts = [_with_rows(matrix, len(self._rows)) for _, matrix in self._parts]
        return Arrays(
            cost=np.concatenate([cost for cost, _ in self._parts])[order],
            constant=problem.constant,
            matrix=csc_array(hstack(parts, format="csc")[:, order]),
            row_lower=self._row_lower,
            row_upper=self._row_upper,
            lower=np.concatenate([problem.lower, np.zeros(added.size)])[order],
            upper=np.concatenate([problem.upper, np.full(added.size, np.inf)])[order],
            integral=np.concatenate([problem.integral, np.zeros(added.size, dtype=bool)])[order],
            rows=tuple(self._rows),
            columns=tuple(columns[n] for n in order.tolist()),
        )

    def _read(self, found: Outcome, held: Held) -> Prices:
        if found.held is not Held.OPTIMAL or found.row_prices is None:
            return Prices(Held.NOTHING if found.held is Held.FEASIBLE else found.held)
        prices = dict(zip(self._rows, self._worth(found.row_prices).tolist(), strict=True))
        return prices_of(self._pieces, held, found.objective, prices)

    def _worth(self, row_prices: Floats) -> Floats:
        """HiGHS gives dCost / dRight-hand side: not positive for ≤, not negative for ≥."""
        return np.where(np.isneginf(self._row_lower), -row_prices, row_prices)


def _with_rows(matrix: csc_array, rows: int) -> csc_array:
    """The matrix with empty rows below, so many in all."""
    return csc_array((matrix.data, matrix.indices, matrix.indptr), shape=(rows, matrix.shape[1]))


def relax(model: pyo.ConcreteModel, limits: Limits) -> Prices:
    """Prices of the linear relaxation: the prices that item columns are refined with, and a lower bound."""
    return Relaxation(model, limits).prices()


def fixed_prices(model: pyo.ConcreteModel, solution: MasterSolution, limits: Limits) -> Prices:
    """Prices with the means of a solution unchanged: stocking options, paths, openings and promises stay.

    So they say what a little more fill rate costs in stock alone.
    """
    return with_means_held(compiled(model), solution, limits).prices()


def with_means_held(known: Compiled, solution: MasterSolution, limits: Limits) -> Relaxation:
    """The relaxation of `fixed_prices`, to which columns can be added."""
    held = held_at(known.problem, values_of(known.problem, solution))
    return Relaxation(known.model, limits, held)


def _price_of_missing(problem: Arrays, growing: Collection[str]) -> dict[int, float]:
    """Inequality with columns that may be added -> price a unit: all of it costs ABOVE_EVERY_COST."""
    grown = np.array([component in growing for component, _ in problem.columns])
    with_grown = np.unique(problem.matrix[:, np.flatnonzero(grown)].indices)
    inequality = ~(np.isfinite(problem.row_lower) & np.isfinite(problem.row_upper))
    scale, highest = row_scale(problem), _above_every_cost(problem)
    return {row: highest / float(scale[row]) for row in with_grown.tolist() if inequality[row]}


def _above_every_cost(problem: Arrays) -> float:
    return ABOVE_EVERY_COST * float(np.abs(problem.cost).max(initial=1.0))

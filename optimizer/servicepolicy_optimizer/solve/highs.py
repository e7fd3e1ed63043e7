"""HiGHS: the only file that knows it. Arrays in, what it found and why it stopped out."""

import math
from dataclasses import dataclass, replace

import highspy
import numpy as np
from scipy.sparse import csc_array

from servicepolicy_models.errors import SolverFailed, error
from servicepolicy_models.proof import Held, Stopped
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.solve.arrays import Arrays

THREADS = 1
"""One thread gives the same answer for the same seed, and leaves the other processors to other runs."""

LARGEST_SCALED_COST = 1e4
"""Costs that HiGHS cannot handle are divided by a power of two until the largest is at most this."""

Status = highspy.HighsModelStatus

AS_THEY_ARE, CHOSEN_SCALE = 0, 2
"""Values of simplex_scale_strategy; the second is that of HiGHS."""
GAVE_UP = (Status.kNotset, Status.kUnknown, Status.kSolveError)

STOPPED = {
    Status.kOptimal: Stopped.CONVERGED,
    Status.kInfeasible: Stopped.CONVERGED,
    Status.kObjectiveTarget: Stopped.CONVERGED,
    Status.kTimeLimit: Stopped.TIME_LIMIT,
    Status.kInterrupt: Stopped.INTERRUPTED,
    Status.kSolutionLimit: Stopped.INTERRUPTED,  # after so many nodes
}


@dataclass(frozen=True)
class Outcome:
    """What HiGHS holds, and apart from it why it stopped."""

    held: Held
    stopped: Stopped
    objective: float | None
    bound: float | None
    """No solution costs less."""
    values: Floats | None
    """(n,)"""
    row_prices: Floats | None
    """(m,) dObjective / dRight-hand side; only of a problem without integral columns."""
    seconds: float
    basis: highspy.HighsBasis | None = None
    """Where another run may begin; only of a problem without integral columns."""


def run(
    problem: Arrays,
    limits: Limits,
    start: Floats | None = None,
    enough: float = -math.inf,
    most_nodes: int = highspy.kHighsIInf,
    less_than: float = math.inf,
    presolve: bool = True,
) -> Outcome:
    """Minimise within the limits. `start`, (n,) values, is the first solution; with one that costs no more
    than `enough`, or after `most_nodes` of its tree, the search ends.

    What does not cost `less_than` is not looked for: a proof that nothing does is the end, too. Then nothing
    need be held, and the bound is at most so much.

    presolve: whether the problem is made smaller first.
    Raises SolverFailed when HiGHS ends with neither an answer nor a proof that there is none.
    """
    solver = _solver(problem, limits)
    solver.setOptionValue("objective_target", enough)
    solver.setOptionValue("mip_max_nodes", most_nodes)
    solver.setOptionValue("objective_bound", less_than)
    solver.setOptionValue("presolve", "choose" if presolve else "off")
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = start.tolist()
        solver.setSolution(known)
    _minimise(solver)
    if solver.getModelStatus() == Status.kUnboundedOrInfeasible:
        # Presolve cannot tell the two apart; without it HiGHS can.
        solver.setOptionValue("presolve", "off")
        _minimise(solver)
    return _below(less_than, _outcome(solver, bool(problem.integral.any()), limits), limits)


def _below(less_than: float, found: Outcome, limits: Limits) -> Outcome:
    """What is proven where only solutions of less than that were looked for."""
    if math.isinf(less_than):
        return found
    if found.held is Held.INFEASIBLE:
        return replace(found, held=Held.NOTHING, bound=less_than)
    if found.bound is None or found.objective is None:
        return found
    bound = min(found.bound, less_than)
    return replace(found, bound=bound, held=_held(found.objective, bound, limits.relative_gap))


class Session:
    """A linear problem kept in HiGHS: after a change it goes on from where it stood."""

    def __init__(self, problem: Arrays, limits: Limits, basis: highspy.HighsBasis | None = None) -> None:
        """Take a problem without integral columns; basis: of its solution, where that is known."""
        self._limits = limits
        self._solver = _solver(problem, limits)
        if basis is not None:
            self._solver.setBasis(basis)

    def run(self, seconds: float | None = None) -> Outcome:
        """Minimise; the limit of seconds is for each run, and that of all limits unless said."""
        before = self._solver.getRunTime()
        most = self._limits.time_limit_seconds if seconds is None else seconds
        self._solver.setOptionValue("time_limit", before + most)
        _minimise(self._solver)
        if self._solver.getModelStatus() == Status.kUnboundedOrInfeasible:
            self._solver.setOptionValue("presolve", "off")
            _minimise(self._solver)
            self._solver.setOptionValue("presolve", "choose")
        found = _outcome(self._solver, False, self._limits)
        return replace(found, seconds=found.seconds - before)

    def forget(self) -> None:
        """Start the next run from nothing."""
        self._solver.clearSolver()

    def add_rows(self, lower: Floats, upper: Floats) -> None:
        """Add rows without columns."""
        none = np.zeros(0)
        empty = np.zeros(lower.size, dtype=np.int32)
        self._solver.addRows(lower.size, lower, upper, 0, empty, none.astype(np.int32), none)

    def add_columns(self, cost: Floats, matrix: csc_array) -> None:
        """Add columns, zero or more each; matrix: (rows, columns)."""
        none, unlimited = np.zeros(cost.size), np.full(cost.size, np.inf)
        start, index = matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32)
        self._solver.addCols(cost.size, cost, none, unlimited, matrix.nnz, start, index, matrix.data)

    def change_costs(self, cost: Floats, constant: float) -> None:
        """Minimise something else."""
        self._solver.changeColsCost(cost.size, np.arange(cost.size, dtype=np.int32), cost)
        self._solver.changeObjectiveOffset(constant)

    def limit_columns(self, number: Ints, upper: float) -> None:
        """Set the upper bound of some columns; their lower bound is 0."""
        self.bound_columns(number, np.zeros(number.size), np.full(number.size, upper))

    def bound_columns(self, number: Ints, lower: Floats, upper: Floats) -> None:
        """Set both bounds of some columns."""
        self._solver.changeColsBounds(number.size, number.astype(np.int32), lower, upper)


def _minimise(solver: highspy.Highs) -> None:
    """Run; where HiGHS gives up, again: with smaller costs, without presolve, by interior points, without
    scaling.
    """
    solver.run()
    for otherwise in (_with_smaller_costs, _without_presolve, _by_interior_points, _unscaled):
        if solver.getModelStatus() not in GAVE_UP:
            return
        # Which of these scale the bound with the costs is not documented.
        solver.setOptionValue("objective_bound", math.inf)
        otherwise(solver)


def _with_smaller_costs(solver: highspy.Highs) -> None:
    """Costs may be too large for its tolerances. HiGHS undoes the scaling itself: costs, bounds and prices
    are read in the scenario's currency. Costs without end have no scale.
    """
    largest = float(np.abs(solver.getLp().col_cost_).max(initial=1.0))
    if not math.isfinite(largest):
        return
    doublings = max(math.ceil(math.log2(largest / LARGEST_SCALED_COST)), 0)
    _run_with(solver, "user_objective_scale", -doublings, 0)


def _without_presolve(solver: highspy.Highs) -> None:
    _run_with(solver, "presolve", "off", "choose")


def _by_interior_points(solver: highspy.Highs) -> None:
    """Another road to the same vertex: crossover follows."""
    _run_with(solver, "solver", "ipm", "choose")


def _unscaled(solver: highspy.Highs) -> None:
    """Rows and columns as they are: scaling can hide that nothing keeps all rows, whatever the road."""
    _run_with(solver, "simplex_scale_strategy", AS_THEY_ARE, CHOSEN_SCALE)


def _run_with(solver: highspy.Highs, option: str, value: int | str, afterwards: int | str) -> None:
    """From the start, with an option changed for this run."""
    solver.setOptionValue(option, value)
    solver.clearSolver()
    solver.run()
    solver.setOptionValue(option, afterwards)


def relaxed(problem: Arrays) -> Arrays:
    """The same problem with no column integral."""
    return replace(problem, integral=np.zeros_like(problem.integral))


def _solver(problem: Arrays, limits: Limits) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", THREADS)
    solver.setOptionValue("random_seed", limits.seed)
    solver.setOptionValue("time_limit", limits.time_limit_seconds)
    solver.setOptionValue("mip_rel_gap", limits.relative_gap)
    solver.setOptionValue("mip_abs_gap", 0.0)
    solver.passModel(_lp(problem))
    return solver


def _lp(problem: Arrays) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = problem.matrix.shape
    lp.col_cost_, lp.offset_ = problem.cost, problem.constant
    lp.col_lower_, lp.col_upper_ = problem.lower, problem.upper
    lp.row_lower_, lp.row_upper_ = problem.row_lower, problem.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.num_row_, lp.a_matrix_.num_col_ = problem.matrix.shape
    lp.a_matrix_.start_ = problem.matrix.indptr
    lp.a_matrix_.index_ = problem.matrix.indices
    lp.a_matrix_.value_ = problem.matrix.data
    if problem.integral.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[integral] for integral in problem.integral.tolist()]
    return lp


def _outcome(solver: highspy.Highs, integral: bool, limits: Limits) -> Outcome:
    status, info = solver.getModelStatus(), solver.getInfo()
    if status not in STOPPED:
        raise SolverFailed(
            [
                error(
                    "solve",
                    f"HiGHS stopped with {solver.modelStatusToString(status)!r}.",
                    "solver.status",
                    "Look for amounts of very different size: a cost or a capacity may be in the wrong unit.",
                )
            ]
        )
    stopped = STOPPED[status]
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if not found:
        held = Held.INFEASIBLE if status == Status.kInfeasible else Held.NOTHING
        return Outcome(held, stopped, None, None, None, None, solver.getRunTime())
    objective = info.objective_function_value
    bound = info.mip_dual_bound if integral else (objective if status == Status.kOptimal else None)
    solution = solver.getSolution()
    return Outcome(
        held=_held(objective, bound, limits.relative_gap),
        stopped=stopped,
        objective=objective,
        bound=bound,
        values=np.array(solution.col_value),
        row_prices=None if integral else np.array(solution.row_dual),
        seconds=solver.getRunTime(),
        basis=None if integral else solver.getBasis(),
    )


def _held(objective: float, bound: float | None, relative_gap: float) -> Held:
    """Within the asked gap of the bound, or further away."""
    if bound is None:
        return Held.FEASIBLE
    return Held.OPTIMAL if is_near(objective, bound, relative_gap) else Held.FEASIBLE


def is_near(objective: float, bound: float, relative_gap: float) -> bool:
    """Whether an objective is within the asked gap of a bound; 1e-9 for the last digits of large sums."""
    return objective - bound <= (relative_gap + 1e-9) * max(abs(objective), 1e-9)

"""Other solvers and modelling layers, given a problem as arrays. Imported where they are used: only
`make bench-full` installs them.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.sparse import csr_array

from benchmarks.duel import Reached
from servicepolicy_optimizer.solve.arrays import Arrays


@dataclass(frozen=True)
class Limits:
    """When a peer stops."""

    seconds: float
    relative_gap: float


def linopy(problem: Arrays, limits: Limits) -> Reached:
    """Rows of like length share a block, since a block is as wide as its longest row."""
    import linopy as peer
    import xarray

    model = peer.Model()
    first = np.flatnonzero(~problem.integral), np.flatnonzero(problem.integral)
    label = np.empty(problem.cost.size, dtype=np.int64)
    for numbers, integral in zip(first, (False, True), strict=True):
        if numbers.size:
            upper = np.minimum(problem.upper[numbers], 1.0 if integral else np.inf)
            bounds = {} if integral else {"lower": problem.lower[numbers], "upper": upper}
            made = model.add_variables(
                coords=[numbers], name=f"x{int(integral)}", binary=integral, **bounds
            )
            label[numbers] = made.labels.values
    rows = csr_array(problem.matrix)
    width = 1 << np.ceil(np.log2(np.maximum(np.diff(rows.indptr), 1))).astype(int)
    for wide in np.unique(width).tolist():
        for side, sign in ((problem.row_lower, ">="), (problem.row_upper, "<=")):
            of = np.flatnonzero((width == wide) & np.isfinite(side))
            if not of.size:
                continue
            coefficients, variables = np.zeros((of.size, wide)), np.full((of.size, wide), -1)
            for place, row in enumerate(of.tolist()):
                part = slice(rows.indptr[row], rows.indptr[row + 1])
                size = part.stop - part.start
                coefficients[place, :size] = rows.data[part]
                variables[place, :size] = label[rows.indices[part]]
            block = xarray.Dataset(
                {"coeffs": (("row", "_term"), coefficients), "vars": (("row", "_term"), variables)},
                coords={"row": of},
            )
            left = peer.LinearExpression(block, model)
            model.add_constraints(left, sign, xarray.DataArray(side[of], dims="row", coords={"row": of}))
    whole = xarray.Dataset({"coeffs": ("_term", problem.cost), "vars": ("_term", label)})
    model.add_objective(peer.LinearExpression(whole, model))
    model.solve(
        "highs", time_limit=limits.seconds, mip_rel_gap=limits.relative_gap, threads=1, io_api="direct"
    )
    value = model.objective.value
    info = model.solver_model.getInfo()
    held = None if value is None or not np.isfinite(value) else float(value) + problem.constant
    return Reached(held, float(info.mip_dual_bound) + problem.constant)


def cp_sat(problem: Arrays, limits: Limits) -> Reached:
    """In a process of its own: see `benchmarks.cp_sat`."""
    rows = csr_array(problem.matrix)
    with TemporaryDirectory(prefix="servicepolicy-bench-") as folder:
        file = Path(folder) / "problem.npz"
        np.savez(
            file,
            data=rows.data,
            indices=rows.indices,
            indptr=rows.indptr,
            cost=problem.cost,
            integral=problem.integral,
            row_lower=problem.row_lower,
            row_upper=problem.row_upper,
        )
        command = [sys.executable, "-m", "benchmarks.cp_sat", str(file), str(limits.seconds)]
        said = subprocess.run([*command, str(limits.relative_gap)], check=True, capture_output=True)
    told = json.loads(said.stdout)
    held = None if told["objective"] is None else told["objective"] + problem.constant
    return Reached(held, told["bound"] + problem.constant)


def scip(problem: Arrays, limits: Limits) -> Reached:
    """Variable by variable, row by row: its Python interface knows no arrays."""
    import pyscipopt as peer

    model = peer.Model()
    model.hideOutput()
    model.setParam("limits/time", limits.seconds)
    model.setParam("limits/gap", limits.relative_gap)
    infinite = model.infinity()
    variables = [
        model.addVar(
            vtype="B" if integral else "C", lb=lower, ub=min(upper, infinite), obj=cost
        )
        for integral, lower, upper, cost in zip(
            problem.integral.tolist(),
            problem.lower.tolist(),
            problem.upper.tolist(),
            problem.cost.tolist(),
            strict=True,
        )
    ]
    rows = csr_array(problem.matrix)
    for row in range(rows.shape[0]):
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        terms = zip(rows.indices[part].tolist(), rows.data[part].tolist(), strict=True)
        left = peer.quicksum(value * variables[n] for n, value in terms)
        lower, upper = float(problem.row_lower[row]), float(problem.row_upper[row])
        if lower == upper:
            model.addCons(left == lower)
        else:
            if np.isfinite(lower):
                model.addCons(left >= lower)
            if np.isfinite(upper):
                model.addCons(left <= upper)
    model.optimize()
    held = model.getObjVal() + problem.constant if model.getNSols() else None
    return Reached(held, model.getDualbound() + problem.constant)

"""A problem in CP-SAT, in a process that never saw highspy: the two bring libraries that do not go together.

python -m benchmarks.cp_sat problem.npz seconds gap      prints objective and bound as JSON
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

PARTS = 1000
"""CP-SAT knows whole numbers only: a weight is so many parts."""
DIGITS = 1e6
"""And its coefficients are scaled so that the largest of a row is this."""


def main(file: Path, seconds: float, relative_gap: float) -> None:
    """Weights in thousandths, rows rounded to six digits: nearly the same problem, not quite."""
    from ortools.sat.python import cp_model as peer

    given = np.load(file)
    integral, unit = given["integral"], np.where(given["integral"], 1.0, 1.0 / PARTS)
    model = peer.CpModel()
    variables = [
        model.new_bool_var("") if whole else model.new_int_var(0, PARTS, "") for whole in integral.tolist()
    ]
    shape = (given["row_lower"].size, integral.size)
    rows = csr_array((given["data"], given["indices"], given["indptr"]), shape=shape)
    for row in range(rows.shape[0]):
        part = slice(rows.indptr[row], rows.indptr[row + 1])
        coefficients = rows.data[part] * unit[rows.indices[part]]
        scale = _scale(coefficients)
        terms = np.round(coefficients * scale).astype(np.int64).tolist()
        left = peer.LinearExpr.weighted_sum([variables[n] for n in rows.indices[part].tolist()], terms)
        lower, upper = given["row_lower"][row] * scale, given["row_upper"][row] * scale
        if lower == upper:
            model.add(left == round(lower))
        else:
            if np.isfinite(lower):
                model.add(left >= int(np.floor(lower)))
            if np.isfinite(upper):
                model.add(left <= int(np.ceil(upper)))
    model.minimize(peer.LinearExpr.weighted_sum(variables, (given["cost"] * unit).tolist()))
    solver = peer.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.relative_gap_limit = relative_gap
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    held = solver.objective_value if status in (peer.OPTIMAL, peer.FEASIBLE) else None
    print(json.dumps({"objective": held, "bound": solver.best_objective_bound}))


def _scale(coefficients: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    """PARTS where that makes all whole, so that rows of choices stay exact."""
    if not coefficients.size:
        return 1.0
    whole = bool(np.allclose(coefficients * PARTS, np.round(coefficients * PARTS), rtol=0, atol=1e-9))
    return float(PARTS) if whole else DIGITS / float(np.abs(coefficients).max())


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))

"""From the master model to its solution and its prices. Only `highs` knows the solver."""

from servicepolicy_optimizer.solve.arrays import (
    Compiled,
    arrays,
    compiled,
    unchanged,
    with_whole_columns,
    without_option,
)
from servicepolicy_optimizer.solve.highs import is_near, relaxed
from servicepolicy_optimizer.solve.optimum import solve, solved
from servicepolicy_optimizer.solve.prices import Prices
from servicepolicy_optimizer.solve.relaxation import Relaxation, fixed_prices, relax, with_means_held
from servicepolicy_optimizer.solve.solution import MasterSolution

__all__ = [
    "Compiled", "MasterSolution", "Prices", "Relaxation", "arrays", "compiled", "fixed_prices", "is_near",
    "relax", "relaxed", "solve", "solved", "unchanged", "with_means_held", "with_whole_columns",
    "without_option",
]  # fmt: skip

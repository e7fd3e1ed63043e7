"""From the master model to its solution and its prices. Only `highs` knows the solver."""

from servicepolicy_optimizer.solve.highs import is_near
from servicepolicy_optimizer.solve.optimum import solve
from servicepolicy_optimizer.solve.prices import Prices
from servicepolicy_optimizer.solve.relaxation import Relaxation, fixed_prices, relax
from servicepolicy_optimizer.solve.solution import MasterSolution

__all__ = ["MasterSolution", "Prices", "Relaxation", "fixed_prices", "is_near", "relax", "solve"]

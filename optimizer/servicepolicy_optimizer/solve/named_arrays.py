"""A linear problem as arrays, with the names of its rows and columns."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from servicepolicy_optimizer.facts import Floats

Name = tuple[str, Any]
"""(component, index): `("stock", ("A", "Asia|central|pooled"))`."""


@dataclass(frozen=True)
class Arrays:
    """min cost · x + constant   s.t.   row_lower ≤ matrix · x ≤ row_upper,   lower ≤ x ≤ upper.

    Some x are integral.
    """

    cost: Floats
    """(n,)"""
    constant: float
    matrix: csc_array
    """(m, n)"""
    row_lower: Floats
    """(m,) −inf where the row has only an upper side."""
    row_upper: Floats
    """(m,)"""
    lower: Floats
    """(n,)"""
    upper: Floats
    """(n,)"""
    integral: NDArray[np.bool_]
    """(n,)"""
    rows: tuple[Name, ...]
    columns: tuple[Name, ...]

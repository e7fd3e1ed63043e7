"""Sums by group."""

import numpy as np

from servicepolicy_optimizer.facts import Floats, Ints


def summed(group: Ints, amount: Floats, groups: int) -> Floats:
    """(groups,) sum of the amounts of each group.

    >>> summed(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 4).tolist()
    [1.0, 0.0, 5.0, 0.0]
    """
    return np.asarray(np.bincount(group, amount, minlength=groups), float)

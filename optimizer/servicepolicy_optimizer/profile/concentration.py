"""How unevenly revenue is spread over customers or items."""

import math

import numpy as np

from servicepolicy_models.profile import Concentration
from servicepolicy_optimizer.facts import Floats


def concentration(values: Floats) -> Concentration:
    """Share of the best 1, 5 and 20 % (rounded up to whole ones), and the Gini coefficient.

    With x_(1) <= ... <= x_(n): G = 2 Σ k x_(k) / (n Σ x) − (n + 1) / n. Negative values count as zero.

    >>> concentration(np.array([1.0, 1.0, 1.0, 1.0])).gini
    0.0
    >>> concentration(np.array([0.0, 0.0, 0.0, 8.0])).gini
    0.75
    """
    rising = np.sort(np.maximum(values, 0.0))
    count, total = len(rising), float(rising.sum())
    if total == 0:
        return Concentration(top_1_percent=0, top_5_percent=0, top_20_percent=0, gini=0)
    ranks = np.arange(1, count + 1)
    gini = 2 * float(ranks @ rising) / (count * total) - (count + 1) / count
    top = [float(rising[count - math.ceil(count * share / 100) :].sum()) / total for share in (1, 5, 20)]
    return Concentration(
        top_1_percent=top[0], top_5_percent=top[1], top_20_percent=top[2], gini=max(gini, 0.0)
    )

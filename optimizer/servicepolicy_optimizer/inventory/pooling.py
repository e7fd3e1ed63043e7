"""What pooling stock is worth: deviations of summed demands, and the square root law.

Sources: Eppen (1979); Maister (1976); Chopra & Meindl (2016), 12.4; Simchi-Levi et al. (2008), ch. 2 (ACME).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array


def pooled_sd(sd_pieces: npt.ArrayLike, correlation: npt.ArrayLike = 0.0) -> float:
    """Deviation of the sum of demands with these deviations, (K,), and one common correlation or a (K, K)
    matrix.

    Variance = sum_i s_i² + sum_{i != j} rho_ij s_i s_j.  [pieces]

    >>> round(pooled_sd([5, 5, 5, 5], 0.2), 3)
    12.649
    """
    sd, rho = np.asarray(sd_pieces, float), np.asarray(correlation, float)
    matrix = np.where(np.eye(sd.size, dtype=bool), 1.0, rho)
    return float(np.sqrt(max(sd @ matrix @ sd, 0.0)))


def square_root_law(safety_stock_of_one_site_pieces: npt.ArrayLike, sites: npt.ArrayLike) -> Array:
    """Total safety stock of n equal, independent sites: SS(1) sqrt(n).  [pieces]

    Safety stock only; cycle stock follows sqrt(n) only where each site orders its own economic quantity.

    >>> square_root_law(100, [1, 4, 9, 16]).tolist()
    [100.0, 200.0, 300.0, 400.0]
    """
    return np.asarray(np.asarray(safety_stock_of_one_site_pieces, float) * np.sqrt(np.asarray(sites, float)))

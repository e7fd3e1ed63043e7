"""Demand over a random lead time.

Sources: Silver, Pyke & Thomas (2017), 6.10; Chopra & Meindl (2016), 12.3. The formula holds for any lead
time; a normal law over it misleads below 50 % cycle service (Chopra, Reinhardt & Dada 2004).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array


class LeadTimeDemand(NamedTuple):
    """Mean and standard deviation of the demand over a lead time."""

    mean_pieces: Array
    sd_pieces: Array


def lead_time_demand(
    mean_per_day: npt.ArrayLike,
    sd_per_day: npt.ArrayLike,
    lead_time_mean_days: npt.ArrayLike,
    lead_time_sd_days: npt.ArrayLike = 0.0,
) -> LeadTimeDemand:
    """mu = d L, sigma² = L s_d² + d² s_L²; add the review period to L for periodic review.  [pieces]

    >>> [round(float(value)) for value in lead_time_demand(2500, 500, 7, 7)]
    [17500, 17550]
    """
    rate, daily_sd, days, days_sd = (
        np.asarray(value, float)
        for value in (mean_per_day, sd_per_day, lead_time_mean_days, lead_time_sd_days)
    )
    variance = days * daily_sd**2 + (rate * days_sd) ** 2
    return LeadTimeDemand(np.asarray(rate * days), np.asarray(np.sqrt(variance)))

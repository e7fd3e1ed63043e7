"""When an order of an evening arrives: drawn once, so that every stock that is tried sees the same."""

import numpy as np

from servicepolicy_optimizer.backtest.setting import Setting
from servicepolicy_optimizer.facts import Ints

LONGEST_DEVIATIONS = 6.0
"""Drawn lead times are cut at the mean and so many deviations."""


def longest_lead_days(setting: Setting) -> int:
    """Whole days within which every order arrives."""
    return max(
        1 + int(np.ceil(one.lead_time_days + LONGEST_DEVIATIONS * one.lead_time_sd_days))
        for one in setting.supplies
    )


def lead_days(setting: Setting, item_class: Ints, days: range) -> Ints:
    """(B, N) whole days from a gamma law of the option's mean and deviation; (1, N) without a deviation.

    A day's draws depend on the seed and the day alone.
    """
    mean = np.array([one.lead_time_days for one in setting.supplies])[item_class]
    sd = np.array([one.lead_time_sd_days for one in setting.supplies])[item_class]
    if not sd.any():
        return np.asarray(np.maximum(np.rint(mean), 1), np.intp)[None]
    random = sd > 0
    shape, scale = (mean / np.where(random, sd, 1.0)) ** 2, sd**2 / mean
    drawn = [
        np.random.default_rng([setting.plan.seed, day]).gamma(shape, np.where(random, scale, 1.0))
        for day in days
    ]
    lead = np.rint(np.where(random, np.reshape(drawn, (len(days), mean.size)), mean))
    return np.asarray(np.clip(lead, 1, longest_lead_days(setting)), np.intp)

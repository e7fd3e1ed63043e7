"""Cancellations matched by stacks with earlier lines of the same trade: see `profile.cancellations`."""

from __future__ import annotations

from typing import Any

import numpy as np

from servicepolicy_optimizer.compiled.machine_code import machine_code


@machine_code
def match_equal(group: Any, back: Any, left: Any) -> None:
    """Round 1: every cancellation takes the latest earlier line that none has taken.

    group (n,), rising: lines of one trade and size, in order of time; back (n,): which cancel; left (n,)
    becomes 0 of both
    """
    stack = np.empty(len(group), np.int64)
    held = 0
    for n in range(len(group)):
        if n > 0 and group[n] != group[n - 1]:
            held = 0
        if not back[n]:
            stack[held] = n
            held += 1
        elif held > 0:
            held -= 1
            left[stack[held]] = 0
            left[n] = 0


@machine_code
def match_parts(trade: Any, back: Any, left: Any) -> None:
    """Round 2: every cancellation takes its pieces off the latest earlier lines, from as many as it needs.

    trade (n,), rising: lines of one trade in order of time; left (n,): whole pieces, less what is taken
    """
    stack = np.empty(len(trade), np.int64)
    held = 0
    for n in range(len(trade)):
        if n > 0 and trade[n] != trade[n - 1]:
            held = 0
        if not back[n]:
            stack[held] = n
            held += 1
            continue
        while left[n] > 0 and held > 0:
            line = stack[held - 1]
            taken = min(left[n], left[line])
            left[n] -= taken
            left[line] -= taken
            if left[line] == 0:
                held -= 1

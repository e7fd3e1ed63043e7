"""Hermite cubics of `inventory.shortage_curves`, level by level, to the same last bit."""

from __future__ import annotations

from typing import Any

import numpy as np

from servicepolicy_optimizer.compiled.machine_code import bare_machine_code
from servicepolicy_optimizer.inventory.excess import Array


def cubics_between(value: Array, slope: Array, width: Array) -> Array:
    """Coefficients (n, Y, curves, 4) from values and slopes (n, Y, curves) and distances (n, Y - 1)."""
    found = np.empty((*value.shape, 4))
    _between(value, slope, width, found)
    return found


@bare_machine_code
def _between(value: Any, slope: Any, width: Any, found: Any) -> None:
    items, levels, curves = value.shape
    for n in range(items):
        for y in range(levels - 1):
            for curve in range(curves):
                start, out = value[n, y, curve], slope[n, y, curve] * width[n, y]
                into, rise = slope[n, y + 1, curve] * width[n, y], value[n, y + 1, curve] - start
                found[n, y, curve, 0] = start
                found[n, y, curve, 1] = out
                found[n, y, curve, 2] = 3 * rise - 2 * out - into
                found[n, y, curve, 3] = out + into - 2 * rise
        found[n, levels - 1] = 0.0

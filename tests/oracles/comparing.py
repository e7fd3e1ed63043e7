"""Hold a computed answer against an oracle's: same names, same shapes, within the oracle's own tolerance."""

from collections.abc import Mapping
from typing import Any

import numpy as np


def differences(computed: Mapping[str, Any], expected: Mapping[str, Any], tolerance: Any) -> list[str]:
    """Every output that is missing or off, in words; empty when all agree."""
    found = []
    for name, value in expected.items():
        allowed = tolerance[name] if isinstance(tolerance, Mapping) else tolerance
        if name not in computed:
            found.append(f"{name}: not computed")
        elif isinstance(value, Mapping):
            found += [f"{name}.{line}" for line in differences(computed[name], value, allowed)]
        else:
            found += _off(name, np.asarray(computed[name], float), np.asarray(value, float), float(allowed))
    return found


def _off(name: str, computed: np.ndarray, value: np.ndarray, allowed: float) -> list[str]:
    """One line where an output leaves its tolerance, but for the rounding of floating point."""
    if computed.shape != value.shape:
        return [f"{name}: shape {computed.shape}, expected {value.shape}"]
    far = np.abs(computed - value) - allowed
    if np.all(far <= 1e-12 * np.maximum(np.abs(value), 1.0)):
        return []
    return [f"{name}: computed {computed.tolist()}, expected {value.tolist()}, tolerance {allowed}"]

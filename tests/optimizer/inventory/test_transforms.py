"""The exponential by a tangent, against numpy's."""

import numpy as np

from servicepolicy_optimizer.inventory.transforms import exponential


def test_e_to_the_z():
    rng = np.random.default_rng(4)
    z = rng.uniform(-60.0, 2.0, 20_000) + 1j * rng.uniform(-300.0, 300.0, 20_000)
    turns = 1j * np.pi * np.concatenate([np.arange(-9.0, 10.0), np.arange(-9.5, 10.0)])
    z = np.concatenate([z, turns, turns + 1e-9j, [0.0, -1000.0 + 5j]])
    away = np.abs(exponential(z) - np.exp(z)) / np.maximum(np.exp(z.real), 1e-300)
    assert away.max() < 1e-15

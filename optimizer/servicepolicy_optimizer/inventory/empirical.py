"""A demand given by its own probabilities: what history or a convolution says, without a named family."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array

ROUNDING = 1e-12


@dataclass(frozen=True)
class EmpiricalDemand:
    """One demand D with P(D = support_pieces[j]) = probability[j]; the support rises, the probabilities sum
    to 1.

    Raises ValueError, with every finding, where they do not.

    >>> two_days = EmpiricalDemand.of_counts([0.3, 0.4, 0.2, 0.1]).over(2)
    >>> two_days.probability.round(2).tolist()
    [0.09, 0.24, 0.28, 0.22, 0.12, 0.04, 0.01]
    >>> round(float(two_days.survival(4)), 2), round(float(two_days.loss(4)), 2)
    (0.05, 0.06)
    """

    support_pieces: Array
    probability: Array

    def __post_init__(self) -> None:
        """Check the law once."""
        findings = []
        if self.support_pieces.shape != self.probability.shape or self.support_pieces.ndim != 1:
            findings.append("support_pieces and probability differ in length; give one probability a value")
        if np.any(np.diff(self.support_pieces) <= 0):
            findings.append("support_pieces does not rise; sort it and join equal values")
        if np.any(self.probability < -ROUNDING):
            findings.append("probability has a negative entry; counts and chances are 0 or more")
        if abs(float(self.probability.sum()) - 1) > 1e-6:
            findings.append(f"probability sums to {float(self.probability.sum()):.6g}; divide by that sum")
        if findings:
            raise ValueError("empirical demand: " + "; ".join(findings))

    @classmethod
    def of_counts(cls, probability: npt.ArrayLike) -> EmpiricalDemand:
        """A demand of 0, 1, 2, ... pieces with these probabilities."""
        chances = np.asarray(probability, float)
        return cls(np.arange(chances.size, dtype=float), chances)

    @property
    def mean_pieces(self) -> float:
        """E[D]."""
        return float(self.support_pieces @ self.probability)

    @property
    def sd_pieces(self) -> float:
        """Standard deviation of D."""
        variance = float(self.support_pieces**2 @ self.probability) - self.mean_pieces**2
        return float(np.sqrt(max(variance, 0.0)))

    def survival(self, x_pieces: npt.ArrayLike) -> Array:
        """P(D > x)."""
        x = np.asarray(x_pieces, float)[..., None]
        return np.asarray(np.where(self.support_pieces > x, self.probability, 0.0).sum(axis=-1))

    def loss(self, x_pieces: npt.ArrayLike) -> Array:
        """G(x) = sum of (d - x)+ P(D = d).  [pieces]"""
        x = np.asarray(x_pieces, float)[..., None]
        return np.asarray((np.maximum(self.support_pieces - x, 0.0) * self.probability).sum(axis=-1))

    def quantile(self, chance: float) -> float:
        """Smallest support point with P(D <= x) >= chance."""
        reached = np.cumsum(self.probability)
        place = np.searchsorted(reached, chance - ROUNDING)
        return float(self.support_pieces[min(int(place), self.support_pieces.size - 1)])

    def over(self, periods: int) -> EmpiricalDemand:
        """The demand of several independent periods: n-fold convolution; the support must be 0, 1, 2, ..."""
        if not np.array_equal(self.support_pieces, np.arange(self.support_pieces.size)):
            raise ValueError(
                "empirical demand: the support is not 0, 1, 2, ...; fill the gaps before adding periods"
            )
        total = np.ones(1)
        for _ in range(periods):
            total = np.convolve(total, self.probability)
        return EmpiricalDemand.of_counts(total)

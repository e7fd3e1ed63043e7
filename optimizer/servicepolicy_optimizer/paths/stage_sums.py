"""Sums of independent gamma variables: their distribution function and its integral.

Two or more are inverted by the Fourier-cosine method (Fang & Oosterlee 2008, SIAM J. Sci. Comput. 31:826):
the density on [a, b] is a cosine series whose coefficients are the characteristic function, known in closed
form, so its integrals are known term by term.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import gammainc

from servicepolicy_optimizer.facts import Floats

TERMS = (64, 256, 1024, 4096)
"""Lengths of the series tried in turn."""
NEGLIGIBLE = 1e-6
"""A series is long enough when the characteristic function has fallen below this at its last term."""
REACH = 10.0
"""Half-width of [a, b] in deviations, widened by the fourth cumulant (Fang & Oosterlee, eq. 49)."""
ROUNDING_HOURS = 1e-9
"""Times closer than this are the same time: a fixed 24 h is within 24 h."""
BLOCK = 50_000
"""Numbers held at once."""


def probability(mean: Floats, sd: Floats, hours: Floats) -> Floats:
    """F(t) = P(G_1 + ... + G_S <= t) for P sums at (P, T) times.  (P, T)

    mean, sd: (P, S) hours, 0 where there is no stage. A sum without stages is 0.
    """
    return _by_count(mean, sd, hours, integrate=False)


def integrated_probability(mean: Floats, sd: Floats, hours: Floats) -> Floats:
    """∫_0^t F(u) du for P sums at (P, T) times.  (P, T), hours"""
    return _by_count(mean, sd, hours, integrate=True)


def _by_count(mean: Floats, sd: Floats, hours: Floats, integrate: bool) -> Floats:
    """Choose the formula by the number of stages: none, one, or more."""
    count = (sd > 0).sum(axis=1)
    found = np.empty_like(hours)
    none, one, more = count == 0, count == 1, count > 1
    found[none] = (
        np.maximum(hours[none], 0.0) if integrate else (hours[none] >= -ROUNDING_HOURS).astype(np.float64)
    )
    found[one] = _single(mean[one].sum(axis=1), sd[one].sum(axis=1), hours[one], integrate)
    found[more] = _several(mean[more], sd[more], hours[more], integrate)
    return found


def _single(mean: Floats, sd: Floats, hours: Floats, integrate: bool) -> Floats:
    """One gamma: F(t) = P(k, t/θ); ∫ F = t P(k, t/θ) − kθ P(k + 1, t/θ), the second term E[G; G <= t]."""
    shape = ((mean / sd) ** 2)[:, None]
    scaled = np.maximum(hours, 0.0) * (mean / sd**2)[:, None]
    below = gammainc(shape, scaled)
    if not integrate:
        return np.asarray(below)
    return np.asarray(np.maximum(hours, 0.0) * below - mean[:, None] * gammainc(shape + 1.0, scaled))


class _Interval(NamedTuple):
    """[a, b] holds all but a negligible part of each sum."""

    start: Floats
    width: Floats


def _several(mean: Floats, sd: Floats, hours: Floats, integrate: bool) -> Floats:
    found = np.empty_like(hours)
    interval = _interval(mean, sd)
    left = np.ones(mean.shape[0], dtype=bool)
    for terms in TERMS:
        last = np.exp(_log_modulus(mean, sd, terms * np.pi / interval.width))
        chosen = np.flatnonzero(left & ((last < NEGLIGIBLE) | (terms == TERMS[-1])))
        left[chosen] = False
        for block in np.array_split(chosen, max(1, -(-chosen.size * terms * hours.shape[1] // BLOCK))):
            part = _Interval(interval.start[block], interval.width[block])
            found[block] = _series(mean[block], sd[block], part, hours[block], terms, integrate)
    return found


def _interval(mean: Floats, sd: Floats) -> _Interval:
    """[μ − L√v, μ + L√(v + √κ4)] from 0 on; κ4 = Σ 6 k θ^4 is the fourth cumulant."""
    centre, variance = mean.sum(axis=1), (sd**2).sum(axis=1)
    fourth = 6.0 * np.divide(sd**6, mean**2, out=np.zeros_like(mean), where=sd > 0).sum(axis=1)
    start = np.maximum(centre - REACH * np.sqrt(variance), 0.0)
    return _Interval(start, centre + REACH * np.sqrt(variance + np.sqrt(fourth)) - start)


def _log_modulus(mean: Floats, sd: Floats, frequency: Floats) -> Floats:
    """log |φ(ω)| = −½ Σ k log(1 + θ²ω²) of each sum at its own frequency.  (P,)"""
    shape, scale = _shape_and_scale(mean, sd)
    return np.asarray(-0.5 * (shape * np.log1p((scale * frequency[:, None]) ** 2)).sum(axis=1))


def _shape_and_scale(mean: Floats, sd: Floats) -> tuple[Floats, Floats]:
    shape = np.divide(mean**2, sd**2, out=np.zeros_like(mean), where=sd > 0)
    scale = np.divide(sd**2, mean, out=np.zeros_like(mean), where=sd > 0)
    return shape, scale


def _series(
    mean: Floats, sd: Floats, interval: _Interval, hours: Floats, terms: int, integrate: bool
) -> Floats:
    """Σ' A_n ∫ cos(ω_n (u − a)) du, once or twice; A_n = 2/(b−a) Re[φ(ω_n) e^{−i ω_n a}], ω_n = nπ/(b−a).

    The term n = 0 counts half and has φ(0) = 1.
    """
    frequency = np.arange(1, terms) * (np.pi / interval.width)[:, None]
    shape, scale = _shape_and_scale(mean, sd)
    log_modulus, phase = np.zeros_like(frequency), -frequency * interval.start[:, None]
    for k, theta in zip(shape.T, scale.T, strict=True):
        turned = theta[:, None] * frequency
        log_modulus -= 0.5 * k[:, None] * np.log1p(turned**2)
        phase += k[:, None] * np.arctan(turned)
    amplitude = 2.0 / interval.width[:, None] * np.exp(log_modulus) * np.cos(phase) / frequency
    start, width = interval.start[:, None], interval.width[:, None]
    reached = np.clip(hours - start, 0.0, width)
    angle = frequency[:, None] * reached[:, :, None]
    if not integrate:
        return np.asarray(reached / width + (amplitude[:, None] * np.sin(angle)).sum(axis=2))
    waves = ((amplitude / frequency)[:, None] * (1.0 - np.cos(angle))).sum(axis=2)
    return np.asarray(0.5 * reached**2 / width + waves + np.maximum(hours - start - width, 0.0))

"""A source of forecasts: what it says of every item on every past forecasting day."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicepolicy_optimizer.facts import Floats


@dataclass(frozen=True)
class Foreseen:
    """A source's forecasts as they stood on a day: V variants of N items."""

    day: int
    pieces_per_day: Floats
    """(V, N) mean; 0 where it does not speak."""
    effective_days: Floats
    """(V, N) days of even weight on which the mean rests; infinite where its own error says it all."""
    speaks: NDArray[np.bool_]
    """(N,) of which items it says anything."""
    stated_sd_pieces: Floats
    """(N,) the error that it states itself, over the protection interval; NaN: to be fitted."""


@dataclass(frozen=True)
class Source:
    """Forecasts from one hand."""

    variants: int
    """V, of which the one is taken that erred least."""
    days: Iterator[Foreseen]
    """Rising; the last is today."""

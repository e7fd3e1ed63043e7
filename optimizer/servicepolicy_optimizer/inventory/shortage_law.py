"""What a shelf asks of a demand."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from servicepolicy_optimizer.inventory.excess import Array


class ShortageLaw(Protocol):
    """`Demand`, `LatticeDemand`, `CompoundDemand` and `DemandByItem` all answer."""

    @property
    def mean_pieces(self) -> Array:
        """E[D], shape (N,)."""
        ...

    @property
    def sd_pieces(self) -> Array:
        """Standard deviation of D, shape (N,)."""
        ...

    @property
    def is_counting(self) -> npt.NDArray[np.bool_]:
        """True where only whole pieces occur, shape (N,)."""
        ...

    @property
    def table_levels(self) -> npt.NDArray[np.intp]:
        """Numbers that `tabulated` keeps of each item, shape (N,); 0 where nothing is tabulated."""
        ...

    def of(self, items: npt.NDArray[np.intp]) -> ShortageLaw:
        """The demand of some of the items."""
        ...

    def tabulated(self) -> ShortageLaw:
        """The same demand, quick to ask often."""
        ...

    def tabulated_with(self, longer: ShortageLaw) -> tuple[ShortageLaw, ShortageLaw]:
        """`tabulated` of this demand and of a longer one of the same items, in less time than apart."""
        ...

    def survival(self, x_pieces: npt.ArrayLike) -> Array:
        """P(D > x)."""
        ...

    def excess_moments(self, x_pieces: npt.ArrayLike, highest_order: int) -> list[Array]:
        """E[((D - x)+)^m] / m! or E[C((D - x)+, m)] for m = 1..highest_order."""
        ...

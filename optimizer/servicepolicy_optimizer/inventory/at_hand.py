"""When compiled arithmetic is taken in place of arrays, where both come to the same last bit.

Only time hangs on it, so it may depend on what a process has done. The compiler takes a while to come: until
arrays have taken as long as that, nobody knows whether more is asked than they will do. So a process loses
never more than it would have spent anyway, and one that goes on gains.
"""

from __future__ import annotations

from dataclasses import dataclass

LOADING_NS = 4e8
"""Processor time until numba and what it compiled are loaded, in a process that knows neither."""


@dataclass
class AtHand:
    """What is compiled, and how much was done without it.

    >>> compiled = AtHand(loading_ns=1000.0)
    >>> [compiled.instead_of(400.0) for _ in range(4)]
    [False, False, True, True]
    """

    loading_ns: float = LOADING_NS
    arrays_ns: float = 0.0
    """What arrays took."""

    def instead_of(self, arrays_ns: float) -> bool:
        """Whether to take what is compiled, where arrays would take about so long."""
        self.arrays_ns += arrays_ns
        return self.arrays_ns >= self.loading_ns


compiled = AtHand()

"""The port through which runs get to be worked on: two engines, one contract (tests/store/jobs)."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from servicepolicy_store.database import Transaction

CarryOut = Callable[[str], Awaitable[None]]
"""Begins a run by its id and sees it to its end; returns at once when there is nothing to do.

Cancelled from outside, it gives the run back.
"""


class Jobs(Protocol):
    """Who is told of a run, and who hands it to a worker. The ledger of runs is the truth; jobs only ring."""

    def hand_in(self, tx: Transaction, run_id: str, gives_way: bool = False, is_new: bool = False) -> None:
        """Have a run worked on, once the transaction that wrote it is through.

        gives_way: after all that do not, however long it has waited. is_new: this transaction has made the
        run, so nobody has rung for it yet.
        """

    async def work(self, carry_out: CarryOut, places: int) -> None:
        """Work on so many runs at a time until cancelled; find what others left behind."""

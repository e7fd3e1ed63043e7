"""The process of one run, as its parent sees it: heard, and stopped by force if need be."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess

from servicepolicy_api.kinds.order import Order
from servicepolicy_api.running.child import Message, work

PRELOADED = [
    "servicepolicy_api.kinds.work", "servicepolicy_optimizer.pipeline", "pyarrow.pandas_compat",
    "servicepolicy_api.cli",
]  # fmt: skip
"""What a run needs, also what it would load by itself late, and what the program that serves is made of:
multiprocessing runs that again in every child."""

BEHIND_THE_DOORS = 5
"""How much nicer the process of a run is: however many compute, who knocks is answered first."""

REAPED_SECONDS = 5.0
"""How soon it is known how a process ended."""

Entry = Callable[[Connection, Order], None]


def forks() -> ForkServerContext:
    """Start the process that runs are forked from: it imports, once, what every run needs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()
    return context


def warm_up(context: ForkServerContext) -> None:
    """Return when processes can be forked at once: the first one waits until everything is imported."""
    first = context.Process(target=_nothing, daemon=True)
    first.start()
    first.join()
    first.close()


def _nothing() -> None:
    """What the first process does."""


class RunProcess:
    """One run in a process of its own."""

    def __init__(self, context: ForkServerContext, order: Order, entry: Entry = work) -> None:
        """Start it."""
        self._ours, theirs = context.Pipe(duplex=False)
        self._process: BaseProcess = context.Process(
            target=entry, args=(theirs, order), name=f"run {order.run_id}", daemon=True
        )
        self._process.start()
        theirs.close()
        with suppress(ProcessLookupError):
            niceness = os.getpriority(os.PRIO_PROCESS, 0) + BEHIND_THE_DOORS
            os.setpriority(os.PRIO_PROCESS, self._process.pid or 0, min(niceness, 19))

    def heard(self, seconds: float) -> list[Message]:
        """What it says within so many seconds. Raises EOFError when it is gone and says no more."""
        said: list[Message] = []
        try:
            if self._ours.poll(seconds):
                said.append(self._ours.recv())
                while self._ours.poll(0):
                    said.append(self._ours.recv())
        except (EOFError, OSError):
            # Whoever ends right after the last word has still said it.
            if not said:
                raise EOFError from None
        return said

    def cause_of_death(self) -> str:
        """Of what a process died that is gone without its last word: a signal, or its exit status."""
        self._process.join(REAPED_SECONDS)
        status = self._process.exitcode
        if status is None or status >= 0:
            return f"exit status {status}"
        return signal.Signals(-status).name

    def end(self) -> None:
        """Stop it, if need be by force, and see that it is gone."""
        self._ours.close()
        self._process.kill()
        self._process.join()
        self._process.close()

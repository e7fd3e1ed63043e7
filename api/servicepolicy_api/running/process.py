"""The process of a run, as its parent sees it: heard, and stopped by force if need be."""

import multiprocessing
import os
import signal
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path

from servicepolicy_api.kinds.order import Order
from servicepolicy_api.running.child import Entry, Message, carry_out_orders, work

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

MOST_RUNS = 50
"""After so many runs a process is ended, whatever it has come to."""
MOST_RESTING_BYTES = 500_000_000
"""A process that holds more memory is not kept for another run."""


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
    """One run in a process of its own; when it has ended in good order, the process may take another."""

    def __init__(self, context: ForkServerContext, order: Order, entry: Entry = work) -> None:
        """Start it."""
        self._ours, theirs = context.Pipe()
        self._runs = 1
        self._process: BaseProcess = context.Process(
            target=carry_out_orders, args=(theirs, entry, order), name="run", daemon=True
        )
        self._process.start()
        theirs.close()
        with suppress(ProcessLookupError):
            niceness = os.getpriority(os.PRIO_PROCESS, 0) + BEHIND_THE_DOORS
            os.setpriority(os.PRIO_PROCESS, self._process.pid or 0, min(niceness, 19))

    def may_take_another(self) -> bool:
        """Whether it is as good as a new one: alive, silent, not worn, and without much memory in hand."""
        if self._runs >= MOST_RUNS or not self._process.is_alive() or self._ours.poll(0):
            return False
        return _resident_bytes(self._process.pid) < MOST_RESTING_BYTES

    def takes(self, order: Order) -> bool:
        """Give it another run; False: it has died since, and nothing has begun."""
        try:
            self._ours.send(order)
        except OSError:
            return False
        self._runs += 1
        return True

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


def _resident_bytes(pid: int | None) -> int:
    """How much memory a process holds (Linux)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")

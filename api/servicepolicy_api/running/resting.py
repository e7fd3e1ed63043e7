"""Processes that have ended their run in good order, and rest until the next one."""

from multiprocessing.context import ForkServerContext

from servicepolicy_api.kinds.order import Order
from servicepolicy_api.running.child import Entry
from servicepolicy_api.running.process import RunProcess


class Resting:
    """A process for every run: one that rests, or a new one.

    To fork one, to copy the pages that it writes and to take it down costs as much processor time as a tenth
    of a small solve. A process works on one run at a time all the same, and is ended with any run that does
    not end in good order.
    """

    def __init__(self, context: ForkServerContext, entry: Entry, most: int) -> None:
        """Use the process that others are forked from. most: processes that may rest."""
        self._context, self._entry, self._most = context, entry, most
        self._resting: list[RunProcess] = []

    def process_for(self, order: Order, is_suspect: bool) -> RunProcess:
        """Have an order carried out. is_suspect: by a process that nobody has used, and nobody will."""
        while self._resting and not is_suspect:
            rested = self._resting.pop()
            if rested.may_take_another() and rested.takes(order):
                return rested
            rested.end()
        return RunProcess(self._context, order, self._entry)

    def back(self, process: RunProcess, in_good_order: bool) -> None:
        """A run has ended: its process rests, or is ended."""
        if in_good_order and len(self._resting) < self._most and process.may_take_another():
            self._resting.append(process)
        else:
            process.end()

    def end_all(self) -> None:
        """End those that rest."""
        while self._resting:
            self._resting.pop().end()

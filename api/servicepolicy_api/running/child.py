"""What happens in the process of a run. The service itself never loads what a solve needs."""

import gc
import logging
import os
import select
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from servicepolicy_api.kinds.order import Answer, Listener, Order
from servicepolicy_api.machine import lack_of_the_machine
from servicepolicy_models.errors import ServicePolicyError
from servicepolicy_models.findings import Finding

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """How far it is."""

    stage: str
    done: float
    word: str


@dataclass(frozen=True)
class Held:
    """What it would answer if it had to stop now."""

    answer: Answer


@dataclass(frozen=True)
class Ended:
    """The answer, or why there is none: an error by its kind, or None for what nobody foresaw."""

    answer: Answer | None = None
    error: type[ServicePolicyError] | None = None
    findings: tuple[Finding, ...] = ()


Message = Told | Held | Ended
Entry = Callable[[Connection, Order], None]
"""What a process does with an order; the last message that it sends is Ended."""


def _end_unheard(told: Connection) -> None:
    """End this process when nobody hears it any more: its server is dead, and the run begins anew."""
    waiting = select.poll()
    waiting.register(told.fileno(), 0)
    waiting.poll()
    os._exit(1)


def carry_out_orders(told: Connection, entry: Entry, order: Order) -> None:
    """Carry out an order, and then whatever orders follow."""
    # What was loaded before the fork lives as long as this process: to look for dead objects among it costs a
    # tenth of a small solve, and copies the pages that are shared.
    gc.freeze()
    threading.Thread(target=_end_unheard, args=(told,), daemon=True).start()
    while True:
        entry(told, order)
        try:
            order = told.recv()
        except EOFError:
            # It rested, and its server has ended.
            return


def work(told: Connection, order: Order) -> None:
    """Carry out one order, and tell of it; the last message is how it ended."""
    # In a process forked from the one that loaded it, this costs nothing.
    from servicepolicy_api.kinds.work import WORK_OF

    def say(message: Message) -> Any:
        told.send(message)

    listener = Listener(
        tell=lambda stage, done, word: say(Told(stage, done, word)), keep=lambda held: say(Held(held))
    )
    try:
        say(Ended(WORK_OF[order.kind](order, listener)))
    except ServicePolicyError as failed:
        log.info("run %s: %s", order.run_id, failed)
        say(Ended(None, type(failed), failed.findings))
    except Exception as wrong:
        log.exception("run %s failed", order.run_id)
        lack = lack_of_the_machine(wrong)
        say(Ended(None, type(lack), lack.findings) if lack else Ended())

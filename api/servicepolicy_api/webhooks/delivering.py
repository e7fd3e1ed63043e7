"""Deliveries on their way: taken when due, sent, and tried again later and later."""

import asyncio
import logging
from contextlib import suppress

import orjson

from servicepolicy_api.memory import Memory
from servicepolicy_api.settings import Settings
from servicepolicy_api.webhooks.sending import Message, send
from servicepolicy_store import runs, webhooks
from servicepolicy_store.errors import NotThere, StoreUnavailable
from servicepolicy_store.run_noun import Run
from servicepolicy_store.webhooks import DELIVERED, FAILED, WAITING, Delivery

AGAIN_SECONDS = (5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0)
"""After each failed attempt; after the last it is given up (the schedule of Standard Webhooks)."""
LOOK_SECONDS = 1.0
AT_ONCE = 8
"""Deliveries that one process sends at the same time."""
GONE = 410
"""Says: never again."""

log = logging.getLogger(__name__)


async def deliver(memory: Memory, settings: Settings) -> None:
    """Send what is due, until cancelled."""
    while True:
        try:
            taken = await asyncio.to_thread(_taken, memory)
            await asyncio.gather(*(asyncio.to_thread(deliver_one, memory, settings, one) for one in taken))
        except StoreUnavailable:
            log.warning("the store is away; deliveries wait for it")
        except Exception:
            # What was taken is due again when its lease is over.
            log.exception("a delivery was left")
        await asyncio.sleep(LOOK_SECONDS)


def deliver_one(memory: Memory, settings: Settings, taken: Delivery) -> None:
    """Send one delivery and write down how it went."""
    with memory.database.reading() as tx:
        try:
            to = webhooks.get(tx, taken.webhook)
        except NotThere:
            return
        told = runs.get(tx, taken.run_id)
        message = Message(taken.id, int(tx.at.timestamp()), body_of(told))
    status = send(to.url, to.secret, message, settings.webhooks_to_loopback)
    state, again_seconds = outcome_of(taken.attempt, status)
    with memory.database.writing() as tx:
        webhooks.note(tx, taken, status, state, again_seconds)
        if status == GONE:
            with suppress(NotThere):
                webhooks.end(tx, to.id)
    log.info("webhook %s, run %s, attempt %d: %s", to.id, told.id, taken.attempt, status)


def outcome_of(attempt: int, status: int | None) -> tuple[str, float]:
    """The state of a delivery after an attempt, and in how many seconds the next one is due.

    >>> outcome_of(1, 204), outcome_of(1, 500), outcome_of(8, None), outcome_of(1, 410)
    (('delivered', 0.0), ('waiting', 5.0), ('failed', 0.0), ('failed', 0.0))
    """
    if status is not None and 200 <= status < 300:
        return DELIVERED, 0.0
    if status == GONE or attempt > len(AGAIN_SECONDS):
        return FAILED, 0.0
    return WAITING, AGAIN_SECONDS[attempt - 1]


def body_of(run: Run) -> bytes:
    """What is told of a run: enough to go and fetch the rest."""
    data = {
        "id": run.id, "kind": run.kind, "state": run.state.value, "outcome": run.outcome,
        "objective": run.objective, "scenario": run.scenario_name, "href": f"/v1/runs/{run.id}",
    }  # fmt: skip
    return orjson.dumps({"type": f"run.{run.state.value}", "timestamp": run.finished_at, "data": data})


def _taken(memory: Memory) -> list[Delivery]:
    with memory.database.reading() as tx:
        if not webhooks.any_due(tx):
            return []
    with memory.database.writing() as tx:
        return webhooks.take_due(tx, AT_ONCE)

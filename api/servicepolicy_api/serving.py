"""The HTTP service, open; and workers without one."""

import asyncio
import gc
import signal
from importlib import import_module
from ipaddress import ip_address
from typing import TYPE_CHECKING

import structlog
import uvicorn
from pydantic import ValidationError

from servicepolicy_api.logs import log_to_stderr
from servicepolicy_api.memory import Memory, served
from servicepolicy_api.settings import Settings
from servicepolicy_models.errors import ServicePolicyError, error
from servicepolicy_store import keys

if TYPE_CHECKING:
    from servicepolicy_api.running.carrying import Carrier

KEEP_ALIVE_SECONDS = 75
"""Longer than clients and proxies keep an idle connection (httpx 5 s, load balancers 60 s): the client must
be the first to close it, or its next request can meet a connection that is just being closed."""

YOUNG_OBJECTS = 10_000
"""So many new objects until the collector looks again. To read a scenario of 50 KB makes some thousands: by
its habit, 700, it looked several times in each request, a twelfth of the time."""


class SettingsRejected(ServicePolicyError):
    """A setting of this installation is wrong."""

    code = "settings.rejected"


def serve(host: str | None = None, port: int | None = None) -> None:
    """Serve until told to stop; runs under way then get a little time, or go on at the next start.

    Raises SettingsRejected, and what keeps the store from being opened.
    """
    settings = read_settings()
    # Only now: what is wrong with the settings is told at once.
    from servicepolicy_api.app import create_app
    from servicepolicy_api.page.opening import open_page

    address = host or settings.host
    with served(settings) as memory:
        _require_lock_on_the_door(address, memory)
        log_to_stderr(settings.log_format)
        app = create_app(settings, memory)
        open_page(app, memory, settings)
        _settle_in()
        uvicorn.run(
            app,
            host=address,
            port=settings.port if port is None else port,
            server_header=False,
            log_config=None,
            access_log=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=round(settings.drain_seconds) + 1,
        )


def _settle_in() -> None:
    """Load what the first lookup would load while others wait, and let the collector forget all of it.

    To look for dead objects among what lives as long as the process would stop every thread for a tenth of a
    second, now and then.
    """
    import_module("servicepolicy_api.kinds.tables")
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def work() -> None:
    """Work on runs that other processes wrote down, until told to stop. Raises SettingsRejected."""
    settings = read_settings()
    from servicepolicy_api.running.carrying import Carrier
    from servicepolicy_api.running.process import forks

    if settings.database_url is None:
        what, mend = "Without a database, `serve` works on its runs itself.", "Set DATABASE_URL."
        raise SettingsRejected([error("DATABASE_URL", what, "settings.rejected", mend)])
    with served(settings) as memory:
        log_to_stderr(settings.log_format)
        log = structlog.stdlib.get_logger("servicepolicy.work")
        log.info("working", worker=settings.worker_name, places=settings.concurrent_solves)
        carrier = Carrier(memory, settings, forks())
        asyncio.run(until_told(memory, carrier, settings))


async def until_told(memory: Memory, carrier: "Carrier", settings: Settings) -> None:
    """Work on runs and tell their ends, until a signal says to stop."""
    from servicepolicy_api.webhooks.delivering import deliver

    working = asyncio.create_task(memory.jobs.work(carrier.carry_out, settings.concurrent_solves))
    delivering = asyncio.create_task(deliver(memory, settings))
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, working.cancel)
    await asyncio.gather(working, return_exceptions=True)
    carrier.close()
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)


def _require_lock_on_the_door(address: str, memory: Memory) -> None:
    """Raises SettingsRejected when others than this machine could ask, and nobody has to say who asks."""
    with memory.database.reading() as tx:
        if keys.any_valid(tx) or _is_this_machine(address):
            return
    what = f"The address {address} is open to others, and there is no API key."
    mend = "Make one first: servicepolicy keys create NAME"
    raise SettingsRejected([error("SERVICEPOLICY_HOST", what, "settings.no_key", mend)])


def _is_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def read_settings() -> Settings:
    """Read the environment. Raises SettingsRejected with everything that is wrong with it."""
    try:
        return Settings()
    except ValidationError as rejected:
        prefix = Settings.model_config["env_prefix"]
        findings = []
        for one in rejected.errors(include_url=False):
            field = "_".join(map(str, one["loc"]))
            name = field if field == "DATABASE_URL" else f"{prefix}{field}".upper()
            mend = "Correct the environment variable, or leave it out."
            findings.append(error(name, f"{one['msg']}.", "settings.rejected", mend))
        raise SettingsRejected(findings) from None

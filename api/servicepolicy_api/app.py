"""The HTTP service, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from importlib import metadata

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from servicepolicy_api.access import Keyring
from servicepolicy_api.known_bodies import KnownBodies
from servicepolicy_api.lookup import Lookups
from servicepolicy_api.memory import Memory, served
from servicepolicy_api.metrics import Metrics
from servicepolicy_api.openapi import described
from servicepolicy_api.pace import Pace
from servicepolicy_api.problems import answer_problems
from servicepolicy_api.request_ids import RequestIds
from servicepolicy_api.routes import (
    datasets,
    explanations,
    health,
    named_scenarios,
    policies,
    run_answers,
    runs,
    scenarios,
    solve,
    webhooks,
)
from servicepolicy_api.running.carrying import Carrier
from servicepolicy_api.running.child import Entry, work
from servicepolicy_api.running.process import forks
from servicepolicy_api.settings import Settings
from servicepolicy_api.tidying import tidy_daily
from servicepolicy_api.webhooks.delivering import deliver

PARTS = (
    solve, scenarios, policies, runs, explanations, run_answers, named_scenarios, datasets, webhooks, health,
)  # fmt: skip
"""Routes are tried one after the other: what machines ask most comes first."""


def create_app(
    settings: Settings | None = None, memory: Memory | None = None, entry: Entry = work
) -> FastAPI:
    """Put the service together; its documentation page fetches nothing from outside.

    memory: the open store; None: it is opened when the service starts. entry: what the process of a run does.
    """
    settings = settings or Settings()
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as stack:
            opened = memory or stack.enter_context(served(settings))
            app.state.memory = opened
            working = [
                asyncio.create_task(deliver(opened, settings)),
                asyncio.create_task(tidy_daily(opened, settings)),
            ]
            if opened.is_embedded:
                carrier = Carrier(opened, settings, forks(), entry)
                stack.callback(carrier.close)
                places = settings.concurrent_solves
                working.append(asyncio.create_task(opened.jobs.work(carrier.carry_out, places)))
            yield
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)

    app = FastAPIOffline(
        docs_url="/docs",
        redoc_url=None,
        title="servicepolicy",
        summary="What to promise each customer and item class, and the cheapest means that keep it.",
        version=metadata.version("servicepolicy"),
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.settings, app.state.metrics, app.state.lookups = settings, metrics, Lookups()
    app.state.pace = Pace(settings.runs_per_minute_per_key)
    app.state.keyring, app.state.bodies = Keyring(), KnownBodies()
    app.add_middleware(RequestIds, metrics=metrics)
    answer_problems(app)
    for part in PARTS:
        app.include_router(part.router)
    app.openapi = described(app)  # type: ignore[method-assign]
    return app

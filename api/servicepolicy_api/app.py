"""The HTTP service, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from servicepolicy_api.openapi import described
from servicepolicy_api.problems import answer_problems
from servicepolicy_api.request_ids import RequestIds
from servicepolicy_api.routes import health, scenarios, solve
from servicepolicy_api.settings import Settings
from servicepolicy_api.solving.desk import Desk


def create_app(settings: Settings | None = None) -> FastAPI:
    """Put the service together; its documentation page fetches nothing from outside."""
    settings = settings or Settings()
    desk = Desk(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        desk.open()
        yield

    app = FastAPIOffline(
        docs_url="/docs",
        redoc_url=None,
        title="servicepolicy",
        summary="What to promise each customer and item class, and the cheapest means that keep it.",
        version=metadata.version("servicepolicy"),
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.desk = desk
    app.add_middleware(RequestIds)
    answer_problems(app)
    for part in (solve, scenarios, health):
        app.include_router(part.router)
    app.openapi = described(app)  # type: ignore[method-assign]
    return app

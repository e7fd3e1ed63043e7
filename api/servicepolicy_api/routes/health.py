"""Whether the service is there, whether it can work, and how it is doing."""

from importlib import metadata

from fastapi import APIRouter, Request, Response

from servicepolicy_api.access import MemoryOf
from servicepolicy_api.metrics import Metrics
from servicepolicy_api.openapi import problems
from servicepolicy_store import migrating, runs

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """Say that the service is up, and which version it is."""
    return {"status": "ok", "version": metadata.version("servicepolicy")}


@router.get("/readyz", responses=problems(503))
def readyz(memory: MemoryOf) -> dict[str, str]:
    """Say that the store can be read and written; a problem says that it cannot just now."""
    migrating.require_current(memory.database)
    memory.blobs.require_writable()
    return {"status": "ready"}


@router.get("/metrics", response_class=Response, responses=problems(503))
def metrics(request: Request, memory: MemoryOf) -> Response:
    """Give counts and times in the text form of Prometheus."""
    kept: Metrics = request.app.state.metrics
    with memory.database.reading() as tx:
        counted = runs.counts(tx)
    return Response(kept.text(counted), media_type="text/plain; version=0.0.4")

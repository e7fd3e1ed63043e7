"""Whether the service is there."""

from importlib import metadata

from fastapi import APIRouter

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """Say that the service is up, and which version it is."""
    return {"status": "ok", "version": metadata.version("servicepolicy")}

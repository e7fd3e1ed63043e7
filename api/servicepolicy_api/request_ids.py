"""Every request has a name of its own, in its answer and in the log, whatever happens to it."""

import time
from uuid import uuid4

import structlog
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicepolicy_api.metrics import Metrics
from servicepolicy_api.problems import unexpected

log = structlog.stdlib.get_logger("servicepolicy.requests")


class RequestIds:
    """ASGI middleware: give each request an id, tell it in X-Request-Id, log and count the answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Wrap an application."""
        self.app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name the request and pass it on; answer it here when nobody further in could."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = str(uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request=request_id)
        has_begun, since = False, time.perf_counter()

        async def send_named(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers.setdefault("Cache-Control", "no-store")
                self._note(scope, message["status"], time.perf_counter() - since)
            await send(message)

        try:
            await self.app(scope, receive, send_named)
        except Exception as failed:
            if has_begun:
                raise
            await unexpected(Request(scope), failed)(scope, receive, send_named)
        finally:
            structlog.contextvars.unbind_contextvars("request")

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # What is not a route of ours gets one name: a client must not be able to make up labels.
        route = getattr(scope.get("route"), "path", "none")
        self._metrics.answered(scope["method"], route, status, seconds)
        log.info("answered", method=scope["method"], route=route, status=status, seconds=round(seconds, 4))

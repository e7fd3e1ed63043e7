"""How many runs an API key may ask for in a minute."""

import math
import time
from typing import Annotated

from fastapi import Depends, Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from servicepolicy_api.access import known
from servicepolicy_api.problems import Problem


class Pace:
    """Counts the requests for runs of each key within the last minute. Each process counts its own."""

    def __init__(self, runs_per_minute: int) -> None:
        """runs_per_minute: 0: nothing is counted."""
        self._most = RateLimitItemPerMinute(runs_per_minute) if runs_per_minute else None
        self._counted = MovingWindowRateLimiter(MemoryStorage())

    def take(self, key: str) -> None:
        """Count a request. Raises Problem 429 that says when there is room again."""
        if self._most is None or self._counted.hit(self._most, key):
            return
        again = self._counted.get_window_stats(self._most, key).reset_time
        seconds = max(math.ceil(again - time.time()), 1)
        detail = f"A key may ask for {self._most.amount} runs a minute."
        raise Problem(429, "key.too_fast", detail, headers={"Retry-After": str(seconds)})


async def paced(request: Request, _: Annotated[None, Depends(known)]) -> None:
    """Let a request for a run through. Raises Problem 429; without a key nobody is counted."""
    key: str | None = getattr(request.state, "api_key", None)
    if key is not None:
        pace: Pace = request.app.state.pace
        pace.take(key)

"""Seconds per stage, by a clock that is handed in."""

from collections.abc import Callable

from servicepolicy_optimizer.question import Tell

Clock = Callable[[], float]
"""Seconds, rising."""


class Stopwatch:
    """Listens to the stages as they are told, passes them on, and adds up the time between them."""

    def __init__(self, clock: Clock, tell: Tell) -> None:
        """Start with the stage `start`."""
        self._clock, self._tell = clock, tell
        self._stage, self._since = "start", clock()
        self.seconds: dict[str, float] = {}

    def __call__(self, stage: str, done: float, word: str) -> None:
        """Note that a stage goes on or begins."""
        self._note()
        self._stage = stage
        self._tell(stage, done, word)

    def stopped(self) -> dict[str, float]:
        """Seconds per stage until now."""
        self._note()
        return {stage: round(seconds, 4) for stage, seconds in self.seconds.items()}

    def _note(self) -> None:
        now = self._clock()
        self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
        self._since = now

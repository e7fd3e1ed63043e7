"""How far a solve is, on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from servicepolicy_api.show.screen import screen

Tell = Callable[[str, float, str], None]
"""Hears the stage, how much of it is done (0 to 1), and a word about it."""


@contextmanager
def progress_on_stderr(quiet: bool) -> Iterator[Tell]:
    """Hand out a listener that shows the stages as they go, or nothing when it shall be quiet."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[word]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen(to_stderr=True), transient=True, disable=quiet) as shown:
        yield _Stages(shown)


class _Stages:
    """A bar for every stage; a stage is full when the next one begins."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._bar_of: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: float, word: str) -> None:
        if stage not in self._bar_of:
            for bar in self._bar_of.values():
                self._shown.update(bar, completed=1.0)
            self._bar_of[stage] = self._shown.add_task(stage.replace("_", " "), total=1.0, word="")
        self._shown.update(self._bar_of[stage], completed=done, word=word)

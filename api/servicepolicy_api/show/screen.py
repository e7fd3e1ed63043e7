"""The terminal, which takes every text as it is: a name such as `[red]` or `:smile:` stays a name."""

from rich import box
from rich.console import Console
from rich.table import Table

WIDTH_WITHOUT_TERMINAL = 150


class _Screen(Console):
    """A console that leaves it to the command line how to end when its reader has gone."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def screen(to_stderr: bool = False) -> Console:
    """Return a console without markup, emoji codes or guessed highlights."""
    console = _Screen(stderr=to_stderr, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        # A file or a pipe has no width of its own; no number shall be broken in two there.
        console.width = max(console.width, WIDTH_WITHOUT_TERMINAL)
    return console


def titled(title: str, *columns: str, numbers: tuple[str, ...] = ()) -> Table:
    """Return an empty table; the columns named in `numbers` are aligned to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.padding, table.collapse_padding = (0, 1), True
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    return table

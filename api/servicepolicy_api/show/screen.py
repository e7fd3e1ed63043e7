"""The terminal, which takes every text as it is: a name such as `[red]` or `:smile:` stays a name."""

from rich.console import Console
from rich.table import Table


def screen(to_stderr: bool = False) -> Console:
    """Return a console without markup, emoji codes or guessed highlights."""
    return Console(stderr=to_stderr, markup=False, emoji=False, highlight=False)


def titled(title: str, *columns: str, numbers: tuple[str, ...] = ()) -> Table:
    """Return an empty table; the columns named in `numbers` are aligned to the right."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    return table

"""`servicepolicy db`: the store looked after."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly

if TYPE_CHECKING:
    from servicepolicy_api.memory import Memory

db = typer.Typer(name="db", help="Look after the store.", no_args_is_help=True, rich_markup_mode=None)


@contextmanager
def opened() -> Iterator["Memory"]:
    """The store that the environment names."""
    from servicepolicy_api.memory import open_memory
    from servicepolicy_api.serving import read_settings

    memory = open_memory(read_settings())
    try:
        yield memory
    finally:
        memory.database.close()


@db.command()
@told_plainly
def upgrade() -> ExitCode:
    """Bring the tables to the form of this version; done already, it changes nothing."""
    from servicepolicy_api.memory import upgrade as upgrade_store

    with opened() as memory:
        before, after = upgrade_store(memory)
    typer.echo(f"The store is at revision {after}; it was at {before or 'none'}.")
    return ExitCode.ANSWER


@db.command()
@told_plainly
def backup(to: Annotated[Path, typer.Argument(help="Folder for the copy; it is made.")]) -> ExitCode:
    """Copy a store in a file, in use or not: the database and its large tables."""
    from servicepolicy_api.backing_up import back_up

    with opened() as memory:
        copied = back_up(memory, to)
    typer.echo(f"Copied to {to}: the database and {copied} tables.")
    return ExitCode.ANSWER


@db.command()
@told_plainly
def check() -> ExitCode:
    """See that the store can be read, is whole, and has the form of this version."""
    from servicepolicy_api.backing_up import require_whole

    with opened() as memory:
        require_whole(memory)
    typer.echo("The store is whole.")
    return ExitCode.ANSWER


@db.command()
@told_plainly
def tidy() -> ExitCode:
    """Forget old Idempotency-Keys and remove files that nothing speaks of; `serve` does it once a day."""
    from servicepolicy_api.memory import open_memory
    from servicepolicy_api.serving import read_settings
    from servicepolicy_api.tidying import tidy as tidy_store
    from servicepolicy_store.migrating import require_current

    settings = read_settings()
    memory = open_memory(settings)
    try:
        require_current(memory.database)
        done = tidy_store(memory, settings)
    finally:
        memory.database.close()
    typer.echo(f"Forgot {done.requests} requests, removed {done.files} files of {done.bytes / 1e6:.1f} MB.")
    return ExitCode.ANSWER

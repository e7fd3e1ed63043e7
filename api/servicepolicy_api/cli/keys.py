"""`servicepolicy keys`: who may ask."""

from typing import Annotated

import typer

from servicepolicy_api.cli.db import opened
from servicepolicy_api.cli.exits import ExitCode, told_plainly

keys = typer.Typer(name="keys", help="API keys: who may ask.", no_args_is_help=True, rich_markup_mode=None)


@keys.command()
@told_plainly
def create(
    name: Annotated[str, typer.Argument(help="For whom, or for which program.")],
) -> ExitCode:
    """Make a key and write it to standard output; it is shown this once. From then on a key is needed."""
    from servicepolicy_api.memory import upgrade
    from servicepolicy_store import keys as kept

    with opened() as memory:
        if memory.is_embedded:
            upgrade(memory)
        with memory.database.writing() as tx:
            made, text = kept.create(tx, name[:120])
    typer.echo(text)
    typer.echo(f"Key {made.id} for {made.name}. It is not shown again.", err=True)
    return ExitCode.ANSWER


@keys.command()
@told_plainly
def revoke(key: Annotated[str, typer.Argument(help="Its id, as `keys list` shows it.")]) -> ExitCode:
    """Have a key open nothing any more."""
    from servicepolicy_models.errors import error
    from servicepolicy_store import keys as kept
    from servicepolicy_store.errors import NotThere

    try:
        with opened() as memory, memory.database.writing() as tx:
            kept.revoke(tx, key)
    except NotThere:
        mend = "`servicepolicy keys list` shows them all."
        raise NotThere([error(key, "No valid key has this id.", NotThere.code, mend)]) from None
    typer.echo(f"Key {key} opens nothing any more.")
    return ExitCode.ANSWER


@keys.command("list")
@told_plainly
def list_keys() -> ExitCode:
    """List the keys, revoked ones too; none of them is shown itself."""
    from servicepolicy_store import keys as kept

    with opened() as memory, memory.database.reading() as tx:
        found = kept.every(tx)
    for one in found:
        state = f"revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else "valid"
        typer.echo(f"{one.id}  {one.created_at:%Y-%m-%d}  {state}  {one.name}")
    return ExitCode.ANSWER

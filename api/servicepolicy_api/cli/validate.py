"""`servicepolicy validate`."""

from pathlib import Path
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def validate(
    scenario: Annotated[Path, typer.Argument(help="The scenario, a JSON file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write the review as JSON.")] = False,
) -> ExitCode:
    """Say everything that is wrong with a scenario, what was left to its defaults, and how large it is."""
    from servicepolicy_api.files import read_whole
    from servicepolicy_api.review import review
    from servicepolicy_api.show.review import print_review

    found = review(read_whole(scenario))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        print_review(found)
    return ExitCode.ANSWER if found.valid else ExitCode.BAD_INPUT

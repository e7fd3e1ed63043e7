"""The command line. Nothing heavy is imported before a command needs it."""

import sys

import typer

from servicepolicy_api.cli.classes import classes
from servicepolicy_api.cli.compare import compare
from servicepolicy_api.cli.demo import demo, generate
from servicepolicy_api.cli.profile import profile
from servicepolicy_api.cli.qualify import qualify
from servicepolicy_api.cli.robust import robust
from servicepolicy_api.cli.schema import schema
from servicepolicy_api.cli.screen import screen
from servicepolicy_api.cli.serve import serve
from servicepolicy_api.cli.solve import solve
from servicepolicy_api.cli.validate import validate
from servicepolicy_api.cli.version import version

app = typer.Typer(
    name="servicepolicy",
    help="Find the fill rate and response time to promise each customer and item class, "
    "and the cheapest means that keep the promise.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.callback()(version)
for command in (
    validate,
    profile,
    solve,
    compare,
    robust,
    screen,
    classes,
    qualify,
    demo,
    generate,
    serve,
    schema,
):
    app.command()(command)


def main() -> None:
    """Run the command line: what `servicepolicy` starts."""
    sys.exit(app())

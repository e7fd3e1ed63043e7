"""The command line. Nothing heavy is imported before a command needs it."""

import sys

import typer

from servicepolicy_api.cli.backtest import backtest
from servicepolicy_api.cli.classes import classes
from servicepolicy_api.cli.compare import compare
from servicepolicy_api.cli.db import db
from servicepolicy_api.cli.demo import demo, generate
from servicepolicy_api.cli.frontier import frontier
from servicepolicy_api.cli.keys import keys
from servicepolicy_api.cli.prices import prices
from servicepolicy_api.cli.profile import profile
from servicepolicy_api.cli.qualify import qualify
from servicepolicy_api.cli.repairs import repairs
from servicepolicy_api.cli.robust import robust
from servicepolicy_api.cli.schema import schema
from servicepolicy_api.cli.screen import screen
from servicepolicy_api.cli.serve import serve
from servicepolicy_api.cli.simulate import simulate
from servicepolicy_api.cli.solve import solve
from servicepolicy_api.cli.validate import validate
from servicepolicy_api.cli.version import version
from servicepolicy_api.cli.work import work

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
COMMANDS = (
    validate, profile, solve, simulate, backtest, repairs, prices, frontier,
    compare, robust, screen, classes, qualify,
    demo, generate, serve, work, schema,
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)
for group in (db, keys):
    app.add_typer(group)


def main() -> None:
    """Run the command line: what `servicepolicy` starts."""
    sys.exit(app())

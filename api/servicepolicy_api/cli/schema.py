"""`servicepolicy schema`."""

from enum import StrEnum
from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


class Document(StrEnum):
    """What has a schema."""

    SCENARIO = "scenario"
    POLICY = "policy"
    SIMULATION = "simulation"
    BACKTEST = "backtest"
    REPAIRS = "repairs"
    PRICES = "prices"
    FRONTIER = "frontier"
    COMPARISON = "comparison"
    ROBUST = "robust"
    SCREENING = "screening"
    CLASSES = "classes"
    QUALIFICATION = "qualification"


@told_plainly
def schema(document: Annotated[Document, typer.Argument(help="Whose schema.")]) -> ExitCode:
    """Write the JSON Schema of a scenario, a policy or another answer."""
    from servicepolicy_api.json_schema import json_schema

    typer.echo(json_schema(document.value), nl=False)
    return ExitCode.ANSWER

"""`servicepolicy serve`."""

from typing import Annotated

import typer

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def serve(
    host: Annotated[str | None, typer.Option(help="Default SERVICEPOLICY_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Default SERVICEPOLICY_PORT.")] = None,
) -> ExitCode:
    """Open the HTTP service."""
    from servicepolicy_api.serving import serve as serve_http

    serve_http(host, port)
    return ExitCode.ANSWER

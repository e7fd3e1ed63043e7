"""How a command ends: the exit codes, and what is said when it ends badly."""

import functools
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from typing import ParamSpec

import typer

P = ParamSpec("P")


class ExitCode(IntEnum):
    """What the shell is told."""

    ANSWER = 0
    UNEXPECTED = 1
    BAD_INPUT = 2
    INFEASIBLE = 3
    """A finished answer: no policy keeps every promise, and why."""
    NOTHING_HELD = 4
    """No policy was found, nor a proof that there is none; what stands against it is told."""
    INTERRUPTED = 130


def told_plainly(command: Callable[P, ExitCode]) -> Callable[P, None]:
    """Turn what a command returns or raises into an exit code; wrong input is told in words."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = command(*args, **kwargs)
        except (KeyboardInterrupt, BrokenPipeError) as ended:
            code = _ended(ended)
        except Exception as wrong:
            code = _told(wrong)
        raise typer.Exit(code)

    run.__annotations__ = {**command.__annotations__, "return": None}
    return run


def _ended(ended: BaseException) -> ExitCode:
    if isinstance(ended, BrokenPipeError):
        # Who read the answer has seen enough (`| head`). Python flushes standard output once more at its end
        # and must find it open (documentation of the module signal, note on SIGPIPE).
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.INTERRUPTED


def _told(wrong: Exception) -> ExitCode:
    """Say what is wrong; what nobody foresaw is raised again, with its traceback, to be mended."""
    from servicepolicy_api.machine import lack_of_the_machine
    from servicepolicy_api.show.findings import print_findings
    from servicepolicy_models.errors import AuditFailed, ServicePolicyError, SolverFailed

    if not isinstance(wrong, ServicePolicyError):
        if (lack := lack_of_the_machine(wrong)) is None:
            raise wrong
        wrong = lack
    typer.echo((type(wrong).__doc__ or "").strip(), err=True)
    print_findings(wrong.findings)
    return ExitCode.UNEXPECTED if isinstance(wrong, AuditFailed | SolverFailed) else ExitCode.BAD_INPUT

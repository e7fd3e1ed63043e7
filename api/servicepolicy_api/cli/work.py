"""`servicepolicy work`."""

from servicepolicy_api.cli.exits import ExitCode, told_plainly


@told_plainly
def work() -> ExitCode:
    """Work on the runs of a PostgreSQL database (DATABASE_URL); start as many as you like."""
    from servicepolicy_api.serving import work as work_on_runs

    work_on_runs()
    return ExitCode.ANSWER

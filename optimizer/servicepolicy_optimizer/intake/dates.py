"""Dates that are not in ISO order: one other order is found when it fits every row, and never guessed."""

import duckdb

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.errors import error, note
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.intake.loaded import Loaded
from servicepolicy_optimizer.intake.workspace import Workspace

_DAYS = (
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y%m%d",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
)
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
FORMATS = tuple(day + time for day in _DAYS for time in _TIMES)
"""Formats that are tried when a column of texts is not in ISO order."""


def format_findings(source: OrderLines, desk: Workspace) -> list[Finding]:
    """Whether `demand.date_format` is a format."""
    if source.date_format is None:
        return []
    try:
        desk.connection.execute("SELECT try_strptime('', ?)", [source.date_format]).fetchall()
    except duckdb.Error as trouble:
        what = f"'{source.date_format}' is no date format: {str(trouble).splitlines()[0]}."
        return [error("/demand/date_format", what, "order_lines.date_format", "Write it as %d/%m/%Y %H:%M.")]
    return []


def read_other_date_orders(loaded: Loaded, desk: Workspace, source: OrderLines) -> list[Finding]:
    """Read the dates again in the one format that fits all of them.

    If two formats fit and disagree (4/5/2011), an error asks for `demand.date_format`. If no format fits all
    rows, nothing is changed: the rows that could not be read are reported by the checks.
    """
    if source.date_format is not None or loaded.stored is None:
        return []
    read, unread = desk.connection.execute(
        f"SELECT count(ordered_at), count(unread_ordered_at) FROM {loaded.table}"
    ).fetchall()[0]
    if read or not unread:
        return []
    counts = ", ".join(f"count(try_strptime(unread_ordered_at, '{one}'))" for one in FORMATS)
    fits = desk.connection.execute(f"SELECT {counts} FROM {loaded.table}").fetchall()[0]
    fitting = [one for one, count in zip(FORMATS, fits, strict=True) if count == unread]
    if not fitting:
        return []
    same = " AND ".join(
        f"bool_and(try_strptime(unread_ordered_at, '{fitting[0]}')"
        f" = try_strptime(unread_ordered_at, '{one}'))"
        for one in fitting
    )
    if not desk.connection.execute(f"SELECT {same} FROM {loaded.table}").fetchall()[0][0]:
        what = f"the dates of column '{source.columns.date}' can be read as {' or as '.join(fitting)}."
        mend = "Say which in demand.date_format, or write dates as 2011-12-31."
        return [error(loaded.file_name, what, "order_lines.ambiguous_date", mend)]
    desk.connection.execute(
        f"UPDATE {loaded.stored} SET unread_ordered_at = NULL, "
        f"ordered_at = try_strptime(unread_ordered_at, '{fitting[0]}')"
    )
    what = f"the dates of column '{source.columns.date}' were read as {fitting[0]}."
    return [note(loaded.file_name, what, "order_lines.date_format", unread)]

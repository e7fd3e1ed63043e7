"""A checked table of forecasts and the history that they are about -> forecasts as arrays."""

from typing import Any

import numpy as np

from servicepolicy_models.errors import TableRejected, error, warning
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.forecast.given import GivenForecasts
from servicepolicy_optimizer.history import OrderHistory
from servicepolicy_optimizer.intake import SideTable
from servicepolicy_optimizer.intake.examples import EXAMPLES, listed

NUMBERS = ("pieces_per_day", "error_sd_pieces", "relative_error")


def given_forecasts(table: SideTable, history: OrderHistory) -> tuple[GivenForecasts, tuple[Finding, ...]]:
    """Take the forecasts out of the workspace, by item and day of the history.

    A forecast made during a day is known from the next one on: it may rest on what that day brought. Rows of
    items without order lines and rows made after the history are left out and told. Raises TableRejected when
    nothing is left.
    """
    rows = table.desk.connection.execute(
        "SELECT item, strftime(made_on, '%Y-%m-%d') AS said, date_diff('day', ?::DATE, made_on::DATE)"
        " + CASE WHEN made_on > made_on::DATE THEN 1 ELSE 0 END AS day, pieces_per_day, error_sd_pieces,"
        f" relative_error FROM {table.table} ORDER BY made_on, item",
        [history.first_day],
    ).fetchnumpy()
    number = {code: n for n, code in enumerate(history.items)}
    codes, said = np.asarray(rows["item"], str), np.asarray(rows["said"], str)
    item = np.array([number.get(code, -1) for code in codes], dtype=np.intp)
    day = np.asarray(rows["day"]).astype(np.intp)
    unknown, late = item < 0, day > history.days
    findings = _left_out(table.file_name, codes[unknown], said[late])
    kept = ~unknown & ~late
    if not kept.any():
        what = "holds no forecast of an item of the order lines that was made before they end."
        mend = "Write item codes as in the order lines, and dates within them."
        raise TableRejected([error(table.file_name, what, "forecast.none_usable", mend), *findings])
    found = GivenForecasts(item[kept], day[kept], *(_numbers(rows[name])[kept] for name in NUMBERS))
    return found, (*table.findings, *findings)


def fallen_back(given: GivenForecasts, items: int) -> list[Finding]:
    """How many items had no given forecast on a refit day of the judged period."""
    if not given.any or items == 0:
        return []
    what = f"{items:,} items had no forecast of yours on a judged refit day; ours stood in there."
    mend = "Hand in forecasts of them that were made by then, or leave it so."
    return [warning("forecasts", what, "forecast.fallen_back", mend, items)]


def _left_out(file_name: str, unknown: np.ndarray, late: np.ndarray) -> list[Finding]:
    """Rows that cannot be used, by reason."""
    reasons = (
        (unknown, "items have no order line", "unknown_item", "Write the codes as in the order lines."),
        (late, "dates lie after the history", "made_after_history", "Hand in the history up to them."),
    )
    found = []
    for values, words, rule, mend in reasons:
        if values.size:
            names = sorted(set(values.tolist()))
            examples = listed(names[:EXAMPLES], len(names))
            what = f"{len(names):,} {words} ({examples}): {values.size:,} rows left out."
            found.append(warning(file_name, what, f"forecast.{rule}", mend, int(values.size)))
    return found


def _numbers(values: Any) -> np.ndarray:
    """Doubles; NaN where a cell is empty."""
    return np.ma.filled(np.ma.asarray(values).astype(float), np.nan)

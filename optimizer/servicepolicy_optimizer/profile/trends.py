"""Items that were not sold all through the history: first sold late, or no longer sold.

Their demand is averaged over the whole history like that of all others, so that items and segments add up to
what was sold. For an item first sold late that understates what it sells now, and its variance over periods
is large because it holds the jump; for one no longer sold the demand is history. The reader must know, so
both are counted.

Whether an item came late is judged by chance: if its n days with sales fell anywhere in the D days of the
history with equal probability, all of them would fall into the last d days with probability (d / D)^n. Below
CHANCE the item is called late. An item sold on three days in a year is thus never called late or ended.
"""

from servicepolicy_models.errors import warning
from servicepolicy_models.findings import Finding
from servicepolicy_optimizer.profile.clean import CleanedLines

CHANCE = 1e-4


def trend_findings(cleaned: CleanedLines) -> list[Finding]:
    """A warning for items first sold late, one for items no longer sold, with their share of pieces."""
    late_items, late_share, ended_items, ended_share = _counted(cleaned)
    findings = []
    if late_items:
        what = (
            f"{late_items:,} items ({late_share:.1%} of the pieces) were first sold late in the history; "
            "their demand is averaged over the whole of it, so they are planned below what they sell now."
        )
        mend = "Shorten the history by demand.history_from if recent demand is what counts."
        findings.append(warning("order lines", what, "demand.late_item", mend, late_items))
    if ended_items:
        what = (
            f"{ended_items:,} items ({ended_share:.1%} of the pieces) were no longer sold at the end of the "
            "history; they are planned for all the same."
        )
        mend = "Leave discontinued items out of the order lines."
        findings.append(warning("order lines", what, "demand.ended_item", mend, ended_items))
    return findings


def _counted(cleaned: CleanedLines) -> tuple[int, float | None, int, float | None]:
    """Items first sold late and their share of all pieces, and items no longer sold and theirs.

    An item has as many days with sales as lines at most. Only of those that would be late or ended with so
    many are the days counted, for which the lines have to be looked through.
    """
    desk, items, suspects = cleaned.desk, cleaned.desk.fresh("item_span"), cleaned.desk.fresh("suspect")
    desk.connection.execute(
        f"CREATE TABLE {items} AS SELECT item, CAST(sum(rows) AS BIGINT) AS rows, "
        "CAST(sum(left_pieces) AS DOUBLE) AS pieces, min(first_day) AS first_day, max(last_day) AS last_day "
        f"FROM {cleaned.item_sums} GROUP BY item"
    )
    late, ended = _odd(cleaned.span_days, "rows")
    desk.connection.execute(f"CREATE TABLE {suspects} AS SELECT * FROM {items} WHERE {late} OR {ended}")
    if not desk.connection.execute(f"SELECT 1 FROM {suspects} LIMIT 1").fetchall():
        return 0, None, 0, None
    late, ended = _odd(cleaned.span_days, "days_sold")
    found: tuple[int, float | None, int, float | None] = desk.connection.execute(
        f"""
        SELECT count(*) FILTER ({late}), sum(pieces) FILTER ({late}) / (SELECT sum(pieces) FROM {items}),
            count(*) FILTER ({ended}), sum(pieces) FILTER ({ended}) / (SELECT sum(pieces) FROM {items})
        FROM {suspects} AS suspects JOIN {_days_sold(cleaned, suspects)} AS sold USING (item)
        """
    ).fetchall()[0]
    return found


def _days_sold(cleaned: CleanedLines, suspects: str) -> str:
    """A table or query (item, days_sold) of the items in `suspects`."""
    if cleaned.arrays is not None:
        items = cleaned.desk.connection.execute(f"SELECT item FROM {suspects}").fetchnumpy()["item"]
        return cleaned.arrays.days_sold(items)
    return (
        f"(SELECT item, count(*) AS days_sold FROM (SELECT item, day FROM {cleaned.keyed} "
        f"WHERE item IN (SELECT item FROM {suspects}) GROUP BY item, day) AS sold_on GROUP BY item)"
    )


def _odd(days: int, days_sold: str) -> tuple[str, str]:
    """The SQL conditions for an item that came late, and for one that ended."""
    return (
        f"({days} - first_day) / {days} < pow({CHANCE}, 1 / {days_sold})",
        f"(last_day + 1) / {days} < pow({CHANCE}, 1 / {days_sold})",
    )

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
    days = cleaned.span_days
    late = f"({days} - first_day) / {days} < pow({CHANCE}, 1 / days_sold)"
    ended = f"(last_day + 1) / {days} < pow({CHANCE}, 1 / days_sold)"
    counted = cleaned.desk.connection.execute(
        f"""
        SELECT count(*) FILTER ({late}), sum(pieces) FILTER ({late}) / sum(pieces),
            count(*) FILTER ({ended}), sum(pieces) FILTER ({ended}) / sum(pieces)
        FROM (
            SELECT item, min(day) AS first_day, max(day) AS last_day, count(DISTINCT day) AS days_sold,
                sum(pieces) AS pieces
            FROM {cleaned.lines} GROUP BY item
        )
        """
    ).fetchall()[0]
    late_items, late_share, ended_items, ended_share = counted
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

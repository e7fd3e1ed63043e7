"""Cancellations are matched to what they cancel, so that an order made and taken back is no demand.

Two rounds, both for the same customer and item, both last in, first out:

1. a cancellation of q pieces removes the latest earlier line of exactly q pieces that no other cancellation
removed;
2. what is left takes its pieces off the latest earlier lines, from as many as it needs.

Each round is the matching of closing to opening brackets: with the running sum of opened less closed as
height, the opening and closing events that cross one level alternate, so each closing event belongs to the
event before it on its level. That needs window functions only, no loop over rows.
"""

from servicepolicy_optimizer.intake.workspace import Workspace

_ORDER = "ordered_at, back, row"
"""At one moment orders come before cancellations: files with dates but no times list a day's lines in any
order.
"""

NEGLIGIBLE_SHARE = 1e-9
"""A remainder below this share of a line's pieces is rounding."""

HEIGHT = "DECIMAL(38, 18)"
"""Running sums of doubles would depend on where a trade stands among others. Eighteen places tell a
negligible share of the least quantity; the other digits have room for 1e11 lines of the largest.
"""


def match_cancellations(events: str, desk: Workspace) -> str:
    """Return a table (row, left_pieces) of the lines that a match has touched.

    `events` has (row, trade, ordered_at, pieces > 0, back): orders, and with `back` cancellations. A trade is
    a number for one customer and one item. `left_pieces` is what remains of an order line, or of a
    cancellation, after matching.
    """
    touched = desk.fresh("touched")
    exact, rest, partial = desk.fresh("exact_match"), desk.fresh("unmatched"), desk.fresh("partial_match")
    desk.connection.execute(f"CREATE TABLE {touched} AS SELECT * FROM {events}")
    desk.connection.execute(_exact_matches(exact, touched))
    desk.connection.execute(
        f"CREATE TABLE {rest} AS SELECT * FROM {touched} "
        f"WHERE row NOT IN (SELECT unnest([sale, cancellation]) FROM {exact})"
    )
    still = f"(SELECT * FROM {rest} WHERE trade IN (SELECT trade FROM {rest} WHERE back))"
    desk.connection.execute(_partial_matches(partial, still))
    left = desk.fresh("left")
    desk.connection.execute(
        f"""
        CREATE TABLE {left} AS
        WITH taken AS (
            SELECT sale AS row, CAST(sum(pieces) AS DOUBLE) AS pieces FROM {partial} GROUP BY sale
            UNION ALL
            SELECT cancellation, CAST(sum(pieces) AS DOUBLE) FROM {partial} GROUP BY cancellation
        ), remaining AS (
            SELECT row, rest.pieces, rest.pieces - taken.pieces AS left_pieces FROM taken JOIN {rest} AS rest
                USING (row)
        )
        SELECT unnest([sale, cancellation]) AS row, 0.0::DOUBLE AS left_pieces FROM {exact}
        UNION ALL
        SELECT row, CASE WHEN left_pieces > {NEGLIGIBLE_SHARE} * pieces THEN left_pieces ELSE 0 END FROM
            remaining
        """
    )
    for table in (touched, exact, rest, partial):
        desk.connection.execute(f"DROP TABLE {table}")
    return left


def _exact_matches(name: str, events: str) -> str:
    """Round 1: (sale, cancellation) pairs of equal pieces; only what is cancelled somewhere is sorted."""
    group = "trade, pieces"
    return f"""
        CREATE TABLE {name} AS
        WITH walk AS (
            SELECT *, sum(CASE WHEN back THEN -1 ELSE 1 END) OVER (
                PARTITION BY {group} ORDER BY {_ORDER} ROWS UNBOUNDED PRECEDING
            ) + CASE WHEN back THEN 1 ELSE 0 END AS level
            FROM (
                SELECT every.* FROM {events} AS every
                JOIN (SELECT DISTINCT {group} FROM {events} WHERE back) AS asked
                    ON asked.trade = every.trade AND asked.pieces = every.pieces
            ) AS facing_some
        ), facing AS (
            SELECT row, back, lag(row) OVER same AS before_row, lag(back) OVER same AS before_back
            FROM walk WINDOW same AS (PARTITION BY {group}, level ORDER BY {_ORDER})
        )
        SELECT before_row AS sale, row AS cancellation FROM facing WHERE back AND NOT before_back
    """


def _partial_matches(name: str, events: str) -> str:
    """Round 2: (sale, cancellation, pieces) over the slices between all heights that a group reaches."""
    group = "trade"
    return f"""
        CREATE TABLE {name} AS
        WITH walk AS (
            SELECT *, sum(CAST(CASE WHEN back THEN -pieces ELSE pieces END AS {HEIGHT})) OVER (
                PARTITION BY {group} ORDER BY {_ORDER} ROWS UNBOUNDED PRECEDING
            ) AS after
            FROM {events}
        ), span AS (
            SELECT *, coalesce(lag(after) OVER (PARTITION BY {group} ORDER BY {_ORDER}), 0) AS before
            FROM walk
        ), height AS (
            SELECT DISTINCT {group}, unnest([before, after]) AS low FROM span
        ), slice AS (
            SELECT *, lead(low) OVER (PARTITION BY {group} ORDER BY low) AS high FROM height
        ), crossing AS (
            SELECT span.*, slice.low, slice.high
            FROM span JOIN slice ON span.trade = slice.trade
                AND slice.low >= least(span.before, span.after) AND slice.high <= greatest(span.before,
                    span.after)
        ), facing AS (
            SELECT row, back, high - low AS pieces, lag(row) OVER same AS before_row, lag(back) OVER same AS
                before_back
            FROM crossing WINDOW same AS (PARTITION BY {group}, low ORDER BY {_ORDER})
        )
        SELECT before_row AS sale, row AS cancellation, sum(pieces) AS pieces
        FROM facing WHERE back AND NOT before_back GROUP BY ALL
    """

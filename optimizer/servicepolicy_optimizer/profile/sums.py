"""Sums that do not depend on the order in which parallel threads meet the rows: the same file, the same
bits.
"""


def exact_sum(expression: str, condition: str = "") -> str:
    """The SQL of a sum over decimals of nine places, returned as a double.

    A double sum differs in its last digits from run to run, because addition of doubles is not associative; a
    decimal sum is exact. Nine places leave room for sums up to 1e29.

    >>> exact_sum("pieces", "price > 0")
    'CAST(sum(CAST(pieces AS DECIMAL(38, 9))) FILTER (price > 0) AS DOUBLE)'
    """
    only = f" FILTER ({condition})" if condition else ""
    return f"CAST(sum(CAST({expression} AS DECIMAL(38, 9))){only} AS DOUBLE)"

"""Sums that do not depend on the order in which parallel threads meet the rows: the same file, the same
bits.
"""


def decimal_sum(expression: str, condition: str = "") -> str:
    """The SQL of a sum over decimals of nine places, exact and left as a decimal: sums of it are exact too.

    A double sum differs in its last digits from run to run, because addition of doubles is not associative; a
    decimal sum is exact. Nine places leave room for sums up to 1e29.

    >>> decimal_sum("pieces")
    'sum(CAST(pieces AS DECIMAL(38, 9)))'
    """
    only = f" FILTER ({condition})" if condition else ""
    return f"sum(CAST({expression} AS DECIMAL(38, 9))){only}"


def decimal_null() -> str:
    """The SQL of a sum of nothing."""
    return "CAST(NULL AS DECIMAL(38, 9))"


def exact_sum(expression: str, condition: str = "") -> str:
    """The SQL of an exact sum, returned as a double.

    >>> exact_sum("pieces", "price > 0")
    'CAST(sum(CAST(pieces AS DECIMAL(38, 9))) FILTER (price > 0) AS DOUBLE)'
    """
    return f"CAST({decimal_sum(expression, condition)} AS DOUBLE)"


def money_sums() -> str:
    """The SQL of the sums of pieces, revenue and cost, under their names, left as decimals."""
    return ", ".join(f"{decimal_sum(name)} AS {name}" for name in ("pieces", "revenue", "cost"))

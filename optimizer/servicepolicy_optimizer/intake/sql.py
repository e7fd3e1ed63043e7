"""Values in the text of a statement, in words that DuckDB and Spark both know."""

from collections.abc import Iterable, Mapping, Sequence


def text(value: str) -> str:
    """A text.

    >>> print(text("5 o'clock"))
    '5 o''clock'
    """
    return "'" + value.replace("'", "''") + "'"


def listed_values(values: Iterable[str | int]) -> str:
    """The right side of IN; of no value, one that nothing is equal to.

    >>> print(listed_values([3, 4]), listed_values([]))
    (3, 4) (NULL)
    """
    return f"({', '.join(_value(one) for one in values) or 'NULL'})"


def rows_of(columns: Mapping[str, str], rows: Sequence[Sequence[str | int]]) -> str:
    """A table expression of these rows; `columns` are names and types.

    >>> print(rows_of({"code": "VARCHAR", "class": "INTEGER"}, [("x", 1)]))
    (SELECT CAST(code AS VARCHAR) AS code, CAST(class AS INTEGER) AS class
    FROM (VALUES ('x', 1)) AS given(code, class))
    """
    typed = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in columns.items())
    if not rows:
        nothing = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in columns.items())
        return f"(SELECT * FROM (SELECT {nothing}) AS nothing WHERE false)"
    values = ", ".join(f"({', '.join(_value(one) for one in row)})" for row in rows)
    return f"(SELECT {typed} FROM (VALUES {values}) AS given({', '.join(columns)}))"


def _value(value: str | int) -> str:
    return text(value) if isinstance(value, str) else str(value)

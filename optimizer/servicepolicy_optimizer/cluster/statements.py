"""The statements of the profile, written for DuckDB, in Spark's words."""

from dataclasses import dataclass

import sqlglot
from sqlglot import exp

_HASH = "hash"
"""DuckDB's hash has 64 bits; Spark's of the same name has half of them, so that rows would share it by the
thousand."""


@dataclass(frozen=True)
class Statement:
    """One statement: a query, and the name of the table or view that it makes, if it makes one."""

    query: str
    creates: str | None = None
    is_view: bool = False
    drops: str | None = None


def in_spark(statement: str) -> Statement:
    """Translate one statement.

    >>> in_spark("CREATE TABLE t AS SELECT hash(a) AS mark, day // 7 AS week FROM lines")
    Statement(query='SELECT XXHASH64(a) AS mark, day DIV 7 AS week FROM lines', creates='t', is_view=False,
    drops=None)
    """
    tree = sqlglot.parse_one(statement, read="duckdb").transform(_in_words_of_spark)
    if isinstance(tree, exp.Create):
        return Statement(_text(tree.expression), tree.this.name, tree.kind == "VIEW")
    if isinstance(tree, exp.Drop):
        dropped = tree.find(exp.Table)
        return Statement("", drops=dropped.name if dropped else "")
    return Statement(_text(tree))


def _in_words_of_spark(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Anonymous) and node.name.lower() == _HASH:
        return exp.Anonymous(this="XXHASH64", expressions=node.expressions)
    return node


def _text(tree: exp.Expression) -> str:
    return str(tree.sql(dialect="spark"))

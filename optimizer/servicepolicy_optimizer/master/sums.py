"""Sums over decisions, written once: Σ amount[key] · variable[key]."""

from collections.abc import Iterable, Mapping
from typing import Any

from pyomo.core.expr import LinearExpression

Relation = Any
"""A Pyomo relation, equation or inequality. Pyomo ships no types, so this name is for the reader."""


def weighted_sum(variables: Any, amounts: Mapping[Any, float], *more: tuple[Any, Mapping[Any, float]]) -> Any:
    """Σ amount · variable over the keys of `amounts`, and of `more` such pairs; of no keys, an always zero.

    A relation between constants is no row in Pyomo, but "one of no options" must be a row: it is what makes
    the model infeasible, and what the search for conflicts names.
    """
    terms = [
        (amount, of[key]) for of, table in ((variables, amounts), *more) for key, amount in table.items()
    ]
    if not terms:
        return variables.model().nothing
    coefficients, decisions = zip(*terms, strict=True)
    return LinearExpression(linear_coefs=coefficients, linear_vars=decisions)


def plain_sum(variables: Any, keys: Iterable[Any]) -> Any:
    """Σ variable over `keys`; of no keys, a variable that is always 0."""
    return weighted_sum(variables, dict.fromkeys(keys, 1.0))

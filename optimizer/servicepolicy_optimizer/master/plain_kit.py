"""What the contents page is written with where nobody reads the model: the same rules become plain rows of
numbers, and no Pyomo object is made.

To make a model and to compile it takes longer than many a model takes to solve. This kit has of Pyomo what
the contents page and the rules use, and no more: sets, variables, linear relations. Rows and columns come in
the order in which Pyomo's compiler has them: variable by variable as the objective and then the rows first
speak of them, every index of it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pyomo.environ as pyo

INFINITE = float("inf")
KINDS = {
    pyo.Binary.name: (0.0, 1.0, True),
    pyo.NonNegativeReals.name: (0.0, INFINITE, False),
    pyo.Reals.name: (-INFINITE, INFINITE, False),
}
"""Name of a domain -> least, most, whether integral."""
AT_MOST, EQUAL, AT_LEAST = 1, 0, -1
"""Sides of a row, as Pyomo's compiler tells them."""

minimize = pyo.minimize


class Decisions:
    """A variable over an index; its name and its model are told when it is set as an attribute of one."""

    def __init__(
        self,
        index: Iterable[Any] = (None,),
        domain: Any = pyo.Reals,
        bounds: tuple[float, float] | None = None,
    ) -> None:
        """One decision for every index; one alone where there is none."""
        self.number = {key: place for place, key in enumerate(index)}
        least, most, self.integral = KINDS[domain.name]
        self.least, self.most = (least, most) if bounds is None else bounds
        self.name = ""
        self.model: Any = None

    def __getitem__(self, key: Any) -> Linear:
        """One decision."""
        return Linear(((self, (key,), (1.0,)),))


@dataclass(frozen=True, eq=False)
class Linear:
    """constant + Σ amount · decision."""

    terms: tuple[tuple[Decisions, Sequence[Any], Sequence[float]], ...]
    """A variable, indices of it, and an amount of each."""
    constant: float = 0.0

    __array_ufunc__ = None
    """A number of NumPy is a number here."""

    def __radd__(self, more: float) -> Linear:
        return Linear(self.terms, more + self.constant)

    def __rmul__(self, times: float) -> Linear:
        scaled = tuple((of, keys, [times * one for one in amounts]) for of, keys, amounts in self.terms)
        return Linear(scaled, times * self.constant)

    def __sub__(self, other: Linear) -> Linear:
        less = -1.0 * other
        return Linear((*self.terms, *less.terms), self.constant + less.constant)

    def __le__(self, other: Linear | float) -> Row:
        if isinstance(other, Linear):
            return Row(self - other, AT_MOST, 0.0)
        return Row(self, AT_MOST, other)

    def __ge__(self, other: Linear | float) -> Row:
        return other <= self if isinstance(other, Linear) else Row(self, AT_LEAST, other)

    def __eq__(self, other: object) -> Row:  # type: ignore[override]
        if isinstance(other, Linear):
            return Row(self - other, EQUAL, 0.0)
        assert isinstance(other, int | float)
        return Row(self, EQUAL, other)


@dataclass(frozen=True)
class Row:
    """A linear sum that is at most, equal to or at least an amount."""

    body: Linear
    side: int
    amount: float


@dataclass(frozen=True)
class Rule:
    """A family of rows: over an index, or one alone."""

    over: Sequence[Any]
    rule: Callable[..., Row]


@dataclass(frozen=True)
class Aim:
    """What is to be as small as possible."""

    rule: Callable[[Any], Linear]


def weighted(pairs: Iterable[tuple[Decisions, Mapping[Any, float]]], model: Any) -> Linear:
    """Σ amount · decision; of nothing, an always zero (see `weighted_sum`)."""
    terms = tuple((of, list(table), list(table.values())) for of, table in pairs if table)
    return Linear(terms) if terms else model.nothing[None]


def ConcreteModel(name: str) -> PlainModel:
    """An empty model."""
    return PlainModel(name)


def Set(initialize: Iterable[Any]) -> tuple[Any, ...]:
    """Every element once."""
    return tuple(dict.fromkeys(initialize))


def Var(*over: Iterable[Any], **said: Any) -> Decisions:
    """A variable."""
    return Decisions(over[0] if over else (None,), **said)


def Constraint(*over: Sequence[Any], rule: Callable[..., Row]) -> Rule:
    """A family of rows; without an index, one row."""
    return Rule(over[0] if over else (None,), rule)


def Objective(rule: Callable[[Any], Linear], sense: Any) -> Aim:
    """The objective."""
    return Aim(rule)


@dataclass(eq=False)
class PlainModel:
    """A model as rows: what is set as an attribute of it takes its name from there, as in Pyomo."""

    title: str
    objective: Linear = field(default_factory=lambda: Linear(()))
    rows: list[tuple[tuple[str, Any], Row]] = field(default_factory=list)
    """By family and index."""

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Decisions):
            value.name, value.model = name, self
        elif isinstance(value, Rule):
            self.rows += [((name, index), row) for index, row in _rows(self, value)]
            return
        elif isinstance(value, Aim):
            self.objective = value.rule(self)
            return
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        """What the contents page has set; asked only where there is no such attribute."""
        raise AttributeError(name)


AnyModel: TypeAlias = pyo.ConcreteModel | PlainModel
"""A model for those who want its arrays alone."""


def _rows(model: PlainModel, family: Rule) -> Iterator[tuple[Any, Row]]:
    for index in family.over:
        if index is None:
            yield index, family.rule(model)
        elif isinstance(index, tuple):
            yield index, family.rule(model, *index)
        else:
            yield index, family.rule(model, index)

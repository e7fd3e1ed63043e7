"""A Pyomo model as arrays, with the names of its rows and columns."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csc_array

from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.master.garbage import no_garbage_meanwhile

Name = tuple[str, Any]
"""(component, index): `("stock", ("A", "Asia|central|pooled"))`."""


@dataclass(frozen=True)
class Arrays:
    """min cost · x + constant   s.t.   row_lower ≤ matrix · x ≤ row_upper,   lower ≤ x ≤ upper.

    Some x are integral.
    """

    cost: Floats
    """(n,)"""
    constant: float
    matrix: csc_array
    """(m, n)"""
    row_lower: Floats
    """(m,) −inf where the row has only an upper side."""
    row_upper: Floats
    """(m,)"""
    lower: Floats
    """(n,)"""
    upper: Floats
    """(n,)"""
    integral: NDArray[np.bool_]
    """(n,)"""
    rows: tuple[Name, ...]
    columns: tuple[Name, ...]


@dataclass(frozen=True)
class Compiled:
    """A model and its arrays, which may hold more columns than the model was written with."""

    model: pyo.ConcreteModel
    problem: Arrays


def compiled(model: pyo.ConcreteModel) -> Compiled:
    """A model with its arrays."""
    return Compiled(model, arrays(model))


def unchanged(problem: Arrays) -> Arrays:
    """The problem as it is."""
    return problem


def with_whole_columns(problem: Arrays) -> Arrays:
    """The same problem with no column of stock mixed."""
    weight = np.array([component == "weight" for component, _ in problem.columns], dtype=bool)
    return replace(
        problem,
        integral=problem.integral | weight,
        upper=np.where(weight, np.minimum(problem.upper, 1.0), problem.upper),
    )


def without_option(problem: Arrays, item_class: str, option: str) -> Arrays:
    """The same problem with a stocking option of an item class not offered."""
    gone = np.array([name == ("stock", (item_class, option)) for name in problem.columns], dtype=bool)
    return replace(problem, upper=np.where(gone, 0.0, problem.upper))


@no_garbage_meanwhile
def arrays(model: pyo.ConcreteModel) -> Arrays:
    """Compile the active objective and constraints of a linear model."""
    form = LinearStandardFormCompiler().write(model, mixed_form=True)
    side = np.array([bound_type for _, bound_type in form.rows], dtype=int)
    rhs = np.asarray(form.rhs, dtype=float)
    bounds = [variable.bounds for variable in form.columns]
    return Arrays(
        cost=form.c.toarray()[0],
        constant=float(form.c_offset[0]),
        matrix=csc_array(form.A),
        row_lower=np.where(side <= 0, rhs, -np.inf),
        row_upper=np.where(side >= 0, rhs, np.inf),
        lower=np.array([-np.inf if lower is None else lower for lower, _ in bounds]),
        upper=np.array([np.inf if upper is None else upper for _, upper in bounds]),
        integral=np.array([not variable.is_continuous() for variable in form.columns], dtype=bool),
        rows=_names(constraint for constraint, _ in form.rows),
        columns=_names(form.columns),
    )


def _names(some: Iterable[Any]) -> tuple[Name, ...]:
    # The full name: of a model with a block for each future it says which. It is asked once a component.
    full, found = dict[int, str](), list[Name]()
    for data in some:
        component = data.parent_component()
        name = full.get(id(component))
        if name is None:
            name = full[id(component)] = component.name
        found.append((name, data.index()))
    return tuple(found)

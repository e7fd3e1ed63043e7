"""Where every rung of an item is a column, none is mixed."""

from typing import TypeAlias

import pyomo.environ as pyo

Model: TypeAlias = pyo.ConcreteModel
"""A master model, for those who only hand it on."""


def with_whole_columns(model: pyo.ConcreteModel) -> pyo.ConcreteModel:
    """The same model with no column mixed."""
    for weight in model.weight.values():
        weight.domain = pyo.Binary
    return model

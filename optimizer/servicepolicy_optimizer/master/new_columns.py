"""Columns that join a model already built: written by the same rules."""

from collections.abc import Mapping
from dataclasses import fields, replace

import pyomo.environ as pyo

from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Choices, ColumnSet
from servicepolicy_optimizer.master.keys import ShelfKey
from servicepolicy_optimizer.master.model import build


def build_new_columns(
    scenario: Scenario, choices: Choices, columns: Mapping[ShelfKey, ColumnSet]
) -> pyo.ConcreteModel:
    """The master model with nothing but new columns on some shelves, and no paths: for `Relaxation.add`.

    Every row in which a column can stand is there, under its name in the full model.
    """
    none = {place: _without_columns(known) for place, known in choices.columns.items()}
    return build(scenario, replace(choices, columns={**none, **columns}, paths={}))


def _without_columns(known: ColumnSet) -> ColumnSet:
    return ColumnSet(**{field.name: getattr(known, field.name)[:0] for field in fields(known)})

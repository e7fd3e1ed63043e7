"""How item classes are stocked: one option each, and columns that mix to what the option gives."""

import pyomo.environ as pyo

from servicepolicy_optimizer.master.sums import Relation, plain_sum


def one_stocking_option(m: pyo.ConcreteModel, item_class: str) -> Relation:
    """Σ_{g ∈ OPTION_OF[j]} stock[j,g] = 1   ∀ j ∈ ITEM_CLASS

    Every item class is stocked in exactly one way: one supply option, one deployment, one stock policy.
    """
    return plain_sum(m.stock, m.stocking.options_of[item_class]) == 1


def columns_of_option(m: pyo.ConcreteModel, item_class: str, option: str, shelf: str) -> Relation:
    """Σ_{k ∈ COLUMN_OF[j,g,h]} weight[j,g,h,k] = stock[j,g]   ∀ (j,g,h) ∈ SHELF

    Every shelf of the chosen option mixes its columns, and a shelf of another option has none. Written
    against `stock` and not against 1, so that the relaxation is the convex hull of the choice (perspective
    form).
    """
    columns = m.stocking.columns_of[item_class, option, shelf]
    return plain_sum(m.weight, columns) == m.stock[item_class, option]

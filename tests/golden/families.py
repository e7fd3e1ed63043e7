"""Each constraint family alone in a tiny model, written as an LP file: what a golden LP holds."""

import io

import pyomo.environ as pyo
from pyomo.opt import WriterFactory

from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.master import build, build_floor
from tests.golden.small_world import small_choices, small_floor_shelves, small_scenario

OF_ITEMS = {"fill_rate_of_items_floor"}
COUNTED = {
    "one_promise", "promise_within_plan", "promise_after_path", "promise_in_use", "distinct_promises",
    "better_customer_promise", "better_item_promise",
}  # fmt: skip
"""Families that are only seen where promises are counted."""
OF_THE_FLOOR = {"never_below", "short_of_demand"}


def families() -> list[str]:
    """The objective and every constraint family of the model and of its floor, in their order."""
    everything = (pyo.Constraint, pyo.Objective)
    return [part.local_name for part in _model("never_below").component_objects(everything)]


def golden_lp(family: str) -> str:
    """The LP file of the tiny model with this family and nothing else."""
    model = _model(family)
    for part in model.component_objects((pyo.Constraint, pyo.Objective)):
        if part.local_name != family:
            part.deactivate()
    if family != "total_cost":
        model.no_cost = pyo.Objective(expr=model.nothing)
    text = io.StringIO()
    WriterFactory("lp_v2").write(model, text, symbolic_solver_labels=True)
    return text.getvalue()


def _model(family: str) -> pyo.ConcreteModel:
    every_item = {"fill_rate_basis": FillRateBasis.EVERY_ITEM} if family in OF_ITEMS else {}
    if family in OF_THE_FLOOR:
        return build_floor(small_scenario(), small_choices(), small_floor_shelves())
    counted = {"rules": {**small_scenario().rules.model_dump(), "distinct_promises_at_most": 2}}
    return build(small_scenario(**every_item, **(counted if family in COUNTED else {})), small_choices())

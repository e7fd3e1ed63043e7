"""Each constraint family alone in a tiny model, written as an LP file: what a golden LP holds."""

import io

import pyomo.environ as pyo
from pyomo.opt import WriterFactory

from servicepolicy_models.frontier import Against
from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.master import Traded, build, build_best, build_floor, build_traded
from tests.golden.small_world import small_choices, small_floor_shelves, small_scenario

OF_ITEMS = {"fill_rate_of_items_floor"}
COUNTED = {
    "one_promise", "promise_within_plan", "promise_after_path", "promise_in_use", "distinct_promises",
    "better_customer_promise", "better_item_promise",
}  # fmt: skip
"""Families that are only seen where promises are counted."""
OF_THE_FLOOR = {"never_below", "short_of_demand"}
OF_THE_FRONTIER = {
    "in_full_on_path": Against.OTIF,
    "in_full_as_planned": Against.OTIF,
    "weighted_fill_floor": Against.FILL_RATE,
    "weighted_otif_floor": Against.OTIF,
    "weighted_response_ceiling": Against.RESPONSE,
    "best_of_traded": Against.OTIF,
}
"""Families that bound what a frontier trades, and what is traded."""


def families() -> list[str]:
    """The objective and every constraint family of the model and of its floor, in their order."""
    everything = (pyo.Constraint, pyo.Objective)
    own = [part.local_name for part in _model("never_below").component_objects(everything)]
    return [*own, *OF_THE_FRONTIER]


def golden_lp(family: str) -> str:
    """The LP file of the tiny model with this family and nothing else."""
    model = _model(family)
    for part in model.component_objects((pyo.Constraint, pyo.Objective)):
        if part.local_name != family:
            part.deactivate()
    if family not in ("total_cost", "best_of_traded"):
        model.no_cost = pyo.Objective(expr=model.nothing)
    text = io.StringIO()
    WriterFactory("lp_v2").write(model, text, symbolic_solver_labels=True)
    return text.getvalue()


def _model(family: str) -> pyo.ConcreteModel:
    every_item = {"fill_rate_basis": FillRateBasis.EVERY_ITEM} if family in OF_ITEMS else {}
    if family in OF_THE_FLOOR:
        return build_floor(small_scenario(), small_choices(), small_floor_shelves())
    if family in OF_THE_FRONTIER:
        weights = {("A", "X", "*"): 0.75, ("B", "X", "*"): 0.25}
        bound = None if family == "best_of_traded" else 0.75
        made = build_best if family == "best_of_traded" else build_traded
        return made(small_scenario(), small_choices(), Traded(OF_THE_FRONTIER[family], weights, bound))
    counted = {"rules": {**small_scenario().rules.model_dump(), "distinct_promises_at_most": 2}}
    return build(small_scenario(**every_item, **(counted if family in COUNTED else {})), small_choices())

"""Each constraint family alone in a tiny model, written as an LP file: what a golden LP holds."""

import io
from dataclasses import replace

import pyomo.environ as pyo
from pyomo.opt import WriterFactory

from servicepolicy_models.frontier import Against
from servicepolicy_models.futures import Measure
from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.master import Traded, build, build_best, build_floor, build_traded
from servicepolicy_optimizer.master.futures import FutureModel, Weighing, build_futures
from tests.golden.small_world import small_choices, small_floor_shelves, small_scenario

OF_ITEMS = {"fill_rate_of_items_floor"}
COUNTED = {
    "one_promise", "promise_within_plan", "promise_after_path", "promise_in_use", "distinct_promises",
    "better_customer_promise", "better_item_promise",
}  # fmt: skip
"""Families that are only seen where promises are counted."""
OF_THE_FLOOR = {"never_below", "short_of_demand"}
OBJECTIVES = {
    "total_cost": None,
    "best_of_traded": None,
    "expected_cost": Measure.EXPECTED,
    "largest_regret": Measure.REGRET,
    "tail_cost": Measure.CVAR,
}
OF_FUTURES = {
    "same_stocking": Measure.EXPECTED,
    "same_path": Measure.EXPECTED,
    "regret_of_future": Measure.REGRET,
    "excess_of_future": Measure.CVAR,
} | {name: measure for name, measure in OBJECTIVES.items() if measure}
"""Families of one policy for many futures, with the measure under which each is seen."""
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
    alone = [part.local_name for part in _model("never_below").component_objects(everything)]
    futures = _of_futures(Measure.EXPECTED).component_objects(everything, descend_into=False)
    return [*alone, *OF_THE_FRONTIER, *(part.local_name for part in futures)]


def golden_lp(family: str) -> str:
    """The LP file of the tiny model with this family and nothing else."""
    model = _model(family)
    for part in model.component_objects((pyo.Constraint, pyo.Objective)):
        # The full name: a future has families of its own.
        if part.name != family:
            part.deactivate()
    if family not in OBJECTIVES:
        model.no_cost = pyo.Objective(expr=model.nothing)
    text = io.StringIO()
    WriterFactory("lp_v2").write(model, text, symbolic_solver_labels=True)
    return text.getvalue()


def _model(family: str) -> pyo.ConcreteModel:
    every_item = {"fill_rate_basis": FillRateBasis.EVERY_ITEM} if family in OF_ITEMS else {}
    if family in OF_FUTURES:
        return _of_futures(OF_FUTURES[family])
    if family in OF_THE_FLOOR:
        return build_floor(small_scenario(), small_choices(), small_floor_shelves())
    if family in OF_THE_FRONTIER:
        weights = {("A", "X", "*"): 0.75, ("B", "X", "*"): 0.25}
        bound = None if family == "best_of_traded" else 0.75
        made = build_best if family == "best_of_traded" else build_traded
        return made(small_scenario(), small_choices(), Traded(OF_THE_FRONTIER[family], weights, bound))
    counted = {"rules": {**small_scenario().rules.model_dump(), "distinct_promises_at_most": 2}}
    return build(small_scenario(**every_item, **(counted if family in COUNTED else {})), small_choices())


def _of_futures(measure: Measure) -> pyo.ConcreteModel:
    """Two futures; the second has one way less to stock X, and nobody answers the phone."""
    first = small_choices()
    options = first.options | {"X": first.options["X"][:1]}
    paths = {(s, d): tuple(p for p in ways if p.channel == "EDI") for (s, d), ways in first.paths.items()}
    second = replace(first, options=options, paths=paths)
    futures = [
        FutureModel(small_scenario(), first, weight=0.75, own_cost=600.0),
        FutureModel(small_scenario(), second, weight=0.25, own_cost=640.0),
    ]
    return build_futures(futures, Weighing(measure, tail=0.5, shared_paths=True))

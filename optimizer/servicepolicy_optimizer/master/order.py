"""Who must not be served worse than whom.

Compared are neighbours that order something; a rule not asked makes no row.
"""

from typing import Any

import pyomo.environ as pyo

from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.master.promises import planned_fill_rate
from servicepolicy_optimizer.master.sums import Relation, weighted_sum


def better_customer_fill(m: pyo.ConcreteModel, *pair_and_region: str) -> Relation:
    """fill[i,j,r] ≥ fill[i',j,r]   ∀ i, i' neighbours in CUSTOMER_CLASS, j ∈ ITEM_CLASS, r ∈ REGION

    A better customer class never has a lower planned fill rate than the next class. Basis `every_item`:
    region by region.
    """
    return _fill_not_lower(m, pair_and_region)


def better_customer_response(m: pyo.ConcreteModel, *pair: str) -> Relation:
    """hours[i,j,r] ≤ hours[i',j,r]   ∀ i, i' neighbours in CUSTOMER_CLASS, j ∈ ITEM_CLASS, r ∈ REGION

    A better customer class is never promised a slower response than the next class.
    """
    return _response_not_slower(m, pair)


def better_customer_promise(m: pyo.ConcreteModel, *pair: str) -> Relation:
    """Σ_{f,t} f · promise[i,j,r,f,t] ≥ Σ_{f,t} f · promise[i',j,r,f,t]
    ∀ i, i' neighbours in CUSTOMER_CLASS, j ∈ ITEM_CLASS, r ∈ REGION, where promises are counted

    A better customer class is never promised a lower fill rate than the next class.
    """
    return _promise_not_lower(m, pair)


def better_item_fill(m: pyo.ConcreteModel, *pair_and_region: str) -> Relation:
    """fill[i,j,r] ≥ fill[i,j',r]   ∀ i ∈ CUSTOMER_CLASS, j, j' neighbours in ITEM_CLASS, r ∈ REGION

    A better item class never has a lower planned fill rate than the next class. Basis `every_item`: region
    by region.
    """
    return _fill_not_lower(m, pair_and_region)


def better_item_response(m: pyo.ConcreteModel, *pair: str) -> Relation:
    """hours[i,j,r] ≤ hours[i,j',r]   ∀ i ∈ CUSTOMER_CLASS, j, j' neighbours in ITEM_CLASS, r ∈ REGION

    A better item class is never promised a slower response than the next class.
    """
    return _response_not_slower(m, pair)


def better_item_promise(m: pyo.ConcreteModel, *pair: str) -> Relation:
    """Σ_{f,t} f · promise[i,j,r,f,t] ≥ Σ_{f,t} f · promise[i,j',r,f,t]
    ∀ i ∈ CUSTOMER_CLASS, j, j' neighbours in ITEM_CLASS, r ∈ REGION, where promises are counted

    A better item class is never promised a lower fill rate than the next class.
    """
    return _promise_not_lower(m, pair)


def _fill_not_lower(model: pyo.ConcreteModel, pair_and_region: tuple[str, ...]) -> Relation:
    better, worse, region = *_segments(pair_and_region[:-1]), pair_and_region[-1]
    return planned_fill_rate(model, better, region) >= planned_fill_rate(model, worse, region)


def _response_not_slower(model: pyo.ConcreteModel, pair: tuple[str, ...]) -> Relation:
    better, worse = _segments(pair)
    return _response_hours(model, better) <= _response_hours(model, worse)


def _promise_not_lower(model: pyo.ConcreteModel, pair: tuple[str, ...]) -> Relation:
    better, worse = _segments(pair)
    fill_rate = model.promising.fill_rate
    return weighted_sum(model.promise, fill_rate[better]) >= weighted_sum(model.promise, fill_rate[worse])


def _response_hours(model: pyo.ConcreteModel, segment: Segment) -> Any:
    """The response a segment is promised: its path's, or where promises are counted, the promise decided."""
    by_promise = (model.promise, model.promising.hours.get(segment, {}))
    return weighted_sum(model.path, model.promising.hours_by_path.get(segment, {}), by_promise)


def _segments(pair: tuple[str, ...]) -> tuple[Segment, Segment]:
    """Pyomo hands an index over flat."""
    i, j, r, other_i, other_j, other_r = pair
    return (i, j, r), (other_i, other_j, other_r)

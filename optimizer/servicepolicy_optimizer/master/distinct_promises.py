"""At most so many different promises in the whole matrix, where the scenario asks for it."""

import pyomo.environ as pyo

from servicepolicy_optimizer.master.promises import planned_fill_rate
from servicepolicy_optimizer.master.sums import Relation, plain_sum, weighted_sum


def one_promise(m: pyo.ConcreteModel, customer_class: str, item_class: str, region: str) -> Relation:
    """Σ_{f,t} promise[s,f,t] = 1   ∀ s ∈ SEGMENT_WITH_PROMISE

    Every segment is promised one fill rate f within one response time t, never less than its target asks.
    """
    return plain_sum(m.promise, m.promising.promises_of[customer_class, item_class, region]) == 1


def promise_within_plan(
    m: pyo.ConcreteModel, customer_class: str, item_class: str, region: str, within: str
) -> Relation:
    """Σ_{f,t} f · promise[s,f,t] ≤ fill[s,r]
    ∀ (s,r) : s ∈ SEGMENT_WITH_PROMISE, r a region in which the fill rate is promised

    Nobody is promised a higher fill rate than is planned.
    """
    s = (customer_class, item_class, region)
    return weighted_sum(m.promise, m.promising.fill_rate[s]) <= planned_fill_rate(m, s, within)


def promise_after_path(m: pyo.ConcreteModel, customer_class: str, item_class: str, region: str) -> Relation:
    """Σ_{f,t} t · promise[s,f,t] ≥ Σ_{d,q} hours[s,d,q] · path[s,d,q]   ∀ s ∈ SEGMENT_WITH_PROMISE

    Nobody is promised a faster response than the path can keep.
    """
    s = (customer_class, item_class, region)
    promised = weighted_sum(m.promise, m.promising.hours[s])
    return promised >= weighted_sum(m.path, m.serving.promised_hours.get(s, {}))


def promise_in_use(
    m: pyo.ConcreteModel, customer_class: str, item_class: str, region: str, fill_rate: float, hours: float
) -> Relation:
    """promise[s,f,t] ≤ used[f,t]   ∀ (s,f,t) ∈ PROMISE

    A promise that any segment gets is in use.
    """
    return m.promise[customer_class, item_class, region, fill_rate, hours] <= m.used[fill_rate, hours]


def distinct_promises(m: pyo.ConcreteModel, of_what: str) -> Relation:
    """Σ_{f,t} used[f,t] ≤ most_promises

    The matrix holds at most so many different promises, so that people can remember them.
    """
    return plain_sum(m.used, m.DIFFERENT_PROMISE) <= m.asked.distinct_promises[of_what]

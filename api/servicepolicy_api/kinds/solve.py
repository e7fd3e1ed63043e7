"""The kind `solve`: one scenario, one policy."""

from servicepolicy_api.answering import answer, customer_places
from servicepolicy_api.kinds.order import Answer, Listener, Order
from servicepolicy_api.kinds.tables import parquet_of_frame, parquet_of_items
from servicepolicy_models.demand import OrderLines
from servicepolicy_models.policy import Policy


def solve(order: Order, listener: Listener) -> Answer:
    """Find the policy; with order lines also where each customer belongs, for looking up."""
    asked = order.question
    policy = answer(
        asked.scenario, asked.files, listener.tell, lambda held: listener.keep(answer_of(held, order))
    )
    found = answer_of(policy, order)
    if not policy.segments or not isinstance(asked.scenario.demand, OrderLines):
        return found
    places = customer_places(asked.scenario, asked.files)
    return Answer(
        outcome=found.outcome,
        objective=found.objective,
        bound=found.bound,
        documents=found.documents,
        tables={**found.tables, "customers": (parquet_of_frame(places), len(places))},
    )


def answer_of(policy: Policy, order: Order) -> Answer:
    """A policy as documents and tables: the items, which may be many, apart."""
    told = policy.model_copy(update={"findings": (*order.question.remarks, *policy.findings), "items": ()})
    items = {"items": (parquet_of_items(policy.items), len(policy.items))} if policy.items else {}
    return Answer(
        outcome=policy.proof.held.value,
        objective=policy.proof.objective,
        bound=policy.proof.master_bound,
        documents={"policy": told.model_dump_json()},
        tables=items,
    )

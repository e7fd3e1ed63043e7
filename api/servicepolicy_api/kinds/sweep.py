"""The kind `sweep`: many what-ifs on one scenario, one row each."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from servicepolicy_api.answering import answer
from servicepolicy_api.kinds.order import Answer, Listener, Order
from servicepolicy_models.errors import ServicePolicyError
from servicepolicy_models.merge_patch import merged
from servicepolicy_models.reading import read_scenario
from servicepolicy_optimizer.question import in_silence


def sweep(order: Order, listener: Listener) -> Answer:
    """Solve the scenario under each patch; what is found so far is kept, and a bad patch is its own row."""
    patches = order.settings["patches"]
    rows: list[dict[str, Any]] = []
    for number, patch in enumerate(patches):
        listener.tell("sweep", number / len(patches), f"{number} of {len(patches)}")
        rows.append({"number": number, "patch": patch, **_row(order, patch)})
        listener.keep(_answer("partial", rows))
    return _answer("done", rows)


def _answer(outcome: str, rows: list[dict[str, Any]]) -> Answer:
    return Answer(outcome, documents={"rows": orjson.dumps(rows).decode()})


def _row(order: Order, patch: Mapping[str, Any]) -> dict[str, Any]:
    asked = order.question
    try:
        document = merged(asked.scenario.model_dump(mode="json"), patch)
        asked = replace(asked, scenario=read_scenario(orjson.dumps(document)))
        policy = answer(asked.scenario, asked.files, in_silence)
    except ServicePolicyError as refused:
        return {
            "outcome": "rejected", "code": refused.code,
            "findings": [one.model_dump(mode="json") for one in refused.findings],
        }  # fmt: skip
    return {
        "outcome": policy.proof.held.value,
        "objective": policy.proof.objective,
        "cost": policy.cost.model_dump() if policy.cost else None,
        "stock_value": policy.stock_value.total if policy.stock_value else None,
        "fill_rate": policy.fill_rate,
    }

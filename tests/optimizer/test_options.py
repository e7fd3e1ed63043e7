"""Which stocking options there are."""

from typing import Any

import pytest

from servicepolicy_models.means import StockPolicy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.options import stocking_options
from tests.optimizer.small_inline import small_scenario


def of_one_customer_class(**changes: Any) -> Scenario:
    document = small_scenario(1).model_dump(mode="json")
    document["segmentation"]["customers"]["classes"] = ["A"]
    for item in document["demand"]["items"]:
        item["demand"] = [pool for pool in item["demand"] if pool["customer_class"] == "A"]
    document["targets"] = [{"fill_rate": 0.9}]
    return Scenario.model_validate(document | {"stock_policies": ["pooled", "separate"]} | changes)


@pytest.mark.parametrize(
    ("rules", "policy"),
    [
        ({}, StockPolicy.POOLED),
        ({"fixed": [{"stock_policy": "separate"}]}, StockPolicy.SEPARATE),
        ({"forbidden": [{"stock_policy": "pooled"}]}, StockPolicy.SEPARATE),
    ],
)
def test_with_one_customer_class_the_first_stock_policy_that_is_allowed_stands_for_all(
    rules: dict[str, Any], policy: StockPolicy
) -> None:
    for options in stocking_options(of_one_customer_class(rules=rules)).values():
        assert {option.stock_policy for option in options} == {policy}

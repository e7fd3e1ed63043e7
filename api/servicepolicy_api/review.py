"""A scenario looked at without solving it: findings, defaults, size."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, TypeAdapter

from servicepolicy_api.left_out import left_out
from servicepolicy_models.consistency import check
from servicepolicy_models.demand import InlineDemand
from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_models.noun import Noun
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario


class Default(Noun):
    """A field that was left out, and the value it got."""

    field: str
    """JSON Pointer; `*` stands for every position of a list."""
    value: Any
    count: int
    """How many fields the pattern stands for."""


class Review(Noun):
    """What can be said of a scenario before it is solved."""

    valid: bool
    name: str | None = None
    findings: tuple[Finding, ...] = ()
    defaults: tuple[Default, ...] = ()
    size: dict[str, int] = Field(default_factory=dict)


DEFAULTS = TypeAdapter(tuple[Default, ...])


def review(document: bytes | Mapping[str, object]) -> Review:
    """Look at a scenario: every finding, every default, how much there is to decide. Nothing is solved."""
    try:
        scenario = read_scenario(document)
    except ScenarioRejected as rejected:
        return Review(valid=False, findings=rejected.findings)
    findings = check(scenario)
    # Made in one step: a hundred nouns made one by one take longer.
    defaults = DEFAULTS.validate_python(
        [
            {"field": where, "value": left.value, "count": left.times}
            for where, left in left_out(scenario).items()
        ]
    )
    return Review(
        valid=not any(finding.severity is Severity.ERROR for finding in findings),
        name=scenario.name,
        findings=findings,
        defaults=defaults,
        size=size_of(scenario),
    )


def size_of(scenario: Scenario) -> dict[str, int]:
    """How much there is to decide, as far as the scenario alone says it."""
    segmentation = scenario.segmentation
    classes = len(segmentation.customers.classes), len(segmentation.items.classes)
    demand = scenario.demand
    items = {"items": len(demand.items)} if isinstance(demand, InlineDemand) else {}
    paths = (scenario.channels, scenario.processes, scenario.modes, scenario.frequencies)
    promised_regions = len(segmentation.regions) if segmentation.promise_by_region else 1
    per_segment = 1
    for means in paths:
        per_segment *= len(means)
    return {
        **items,
        "customer_classes": classes[0],
        "item_classes": classes[1],
        "regions": len(segmentation.regions),
        "segments": classes[0] * classes[1] * promised_regions,
        "stocking_options_per_item_class_at_most": len(scenario.supply)
        * len(scenario.deployments)
        * len(scenario.stock_policies),
        "paths_per_segment_at_most": per_segment,
    }

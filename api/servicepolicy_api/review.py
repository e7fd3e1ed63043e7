"""A scenario looked at without solving it: findings, defaults, size."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, TypeAdapter

from servicepolicy_api.left_out import left_out
from servicepolicy_models.consistency import check, is_sound
from servicepolicy_models.demand import InlineDemand
from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_models.means import Mode, Process
from servicepolicy_models.noun import Noun
from servicepolicy_models.reading import read_if_well_formed, read_scenario
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
    return _said_of(scenario, check(scenario))


def _said_of(scenario: Scenario, findings: tuple[Finding, ...]) -> Review:
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


MOST_AT_ONCE_BYTES = 100_000
MOST_AT_ONCE = 5_000
"""Combinations that the rules look at, and entries that they compare with each other."""


def review_at_once(document: bytes) -> Review | None:
    """Look at a scenario of which there is nothing to say and that is small: it takes a millisecond or two.

    None: to say everything may take long, for each unknown name is compared with all known ones.
    """
    if len(document) > MOST_AT_ONCE_BYTES:
        return None
    scenario = read_if_well_formed(document)
    if scenario is None or not (_is_soon_checked(scenario) and is_sound(scenario)):
        return None
    return _said_of(scenario, ())


def _is_soon_checked(scenario: Scenario) -> bool:
    """Whether the rules take a time that the size of the body bounds."""
    segmentation, rules = scenario.segmentation, scenario.rules
    segments = len(segmentation.customers.classes) * len(segmentation.items.classes)
    links = len(segmentation.regions) * len(scenario.deployments)
    means: tuple[Process | Mode, ...] = (*scenario.processes, *scenario.modes)
    ways = len(scenario.channels) + sum(map(_size_of_means, means))
    choices = len(rules.fixed) + len(rules.forbidden)
    laws = len(scenario.demand_laws) + len(scenario.stockout_reactions)
    return (
        isinstance(scenario.demand, InlineDemand)
        and segments * links * ways + (choices + laws) ** 2 <= MOST_AT_ONCE
    )


def _size_of_means(means: Process | Mode) -> int:
    """Itself, the places where it is offered, and the classes that it names."""
    places = means.at if isinstance(means, Process) else means.lanes
    return 1 + len(places) + len(means.customer_classes or ()) + len(means.item_classes or ())


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

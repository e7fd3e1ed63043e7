"""A scenario looked at without solving it: findings, defaults, size."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, Field

from servicepolicy_models.consistency import check
from servicepolicy_models.demand import InlineDemand
from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_models.noun import Noun
from servicepolicy_models.pointer import pointer
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


def review(document: bytes | Mapping[str, object]) -> Review:
    """Look at a scenario: every finding, every default, how much there is to decide. Nothing is solved."""
    try:
        scenario = read_scenario(document)
    except ScenarioRejected as rejected:
        return Review(valid=False, findings=rejected.findings)
    findings = check(scenario)
    return Review(
        valid=not any(finding.severity is Severity.ERROR for finding in findings),
        name=scenario.name,
        findings=findings,
        defaults=_defaults(scenario),
        size=size_of(scenario),
    )


def _defaults(scenario: Scenario) -> tuple[Default, ...]:
    """Every field left out, those of a list's entries together; what is absent and means none is not."""
    found = _LeftOut()
    found.look_into(scenario, ())
    return tuple(
        Default(field=pointer(*path), value=found.values[path], count=count)
        for path, count in found.counted.items()
    )


class _LeftOut:
    """Counts fields that were left out, by their path.

    Entries of a list mostly leave out the same: which those are, and what they got instead, is found out once
    for every kind of noun and every choice of fields that were given.
    """

    def __init__(self) -> None:
        """Nothing was left out yet."""
        self.counted: Counter[tuple[str, ...]] = Counter()
        self.values: dict[tuple[str, ...], Any] = {}
        self._fields: dict[tuple[type[BaseModel], frozenset[str]], list[tuple[str, bool, Any]]] = {}

    def look_into(self, noun: BaseModel, above: tuple[str, ...]) -> None:
        """Count what was left out of a noun, and of all that it holds."""
        kind = (type(noun), frozenset(noun.model_fields_set))
        fields = self._fields.get(kind)
        if fields is None:
            fields = self._fields[kind] = list(_fields(noun))
        for name, is_given, default in fields:
            if not is_given:
                path = (*above, name)
                self.counted[path] += 1
                self.values[path] = default
                continue
            value = getattr(noun, name)
            if isinstance(value, BaseModel):
                self.look_into(value, (*above, name))
            elif isinstance(value, tuple):
                for entry in value:
                    if isinstance(entry, BaseModel):
                        self.look_into(entry, (*above, name, "*"))


def _fields(noun: BaseModel) -> Iterator[tuple[str, bool, Any]]:
    """Name, whether it was given, and what stands in for it; without those that can miss nothing."""
    for name, field in type(noun).model_fields.items():
        if name in noun.model_fields_set:
            if _may_hold_nouns(field.annotation):
                yield name, True, None
        elif getattr(noun, name) not in (None, (), {}, ""):
            yield name, False, noun.model_dump(mode="json", include={name})[name]


def _may_hold_nouns(annotation: Any) -> bool:
    """Whether a value of a type can be, or hold, a noun."""
    is_noun = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return is_noun or any(map(_may_hold_nouns, get_args(annotation)))


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

"""A scenario looked at without solving it: findings, defaults, size."""

from collections.abc import Mapping
from functools import cache, lru_cache
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
        Default(field=pointer(*path), value=value, count=count)
        for path, (value, count) in found.counted().items()
    )


MOST_ALIKE = 1_000
"""Choices of given fields whose left-out ones are remembered."""
Path = tuple[str, ...]
Alike = tuple[Path, type[BaseModel], frozenset[str]]
"""Nouns at one path, of one type, of which the same fields were given: they leave out the same."""


class _LeftOut:
    """Counts fields that were left out, by their path.

    Entries of a list are mostly alike: what they leave out, and what they get instead, is found out once, and
    then only they are counted.
    """

    def __init__(self) -> None:
        """Nothing was left out yet."""
        self._paths: dict[Path, None] = {}
        """In the order in which they were met."""
        self._times: dict[Alike, int] = {}
        """In the order in which they were met last."""
        self._left: dict[Alike, list[tuple[Path, Any]]] = {}
        self._given: dict[Alike, list[tuple[str, Path]]] = {}

    def look_into(self, noun: BaseModel, above: Path) -> None:
        """Count a noun, and all that it holds."""
        alike = (above, type(noun), frozenset(noun.model_fields_set))
        given = self._given.get(alike)
        self._times[alike] = self._times.pop(alike, 0) + 1
        if given is None:
            self._meet(noun, alike)
            return
        for name, path in given:
            self._look_further(getattr(noun, name), path)

    def counted(self) -> dict[Path, tuple[Any, int]]:
        """Path -> what stands there instead, and how often."""
        times = dict.fromkeys(self._paths, 0)
        values: dict[Path, Any] = {}
        for alike, number in self._times.items():
            for path, default in self._left[alike]:
                times[path] += number
                values[path] = default
        return {path: (values[path], number) for path, number in times.items()}

    def _meet(self, noun: BaseModel, alike: Alike) -> None:
        """Look into the first of nouns that are alike."""
        left = self._left[alike] = list[tuple[Path, Any]]()
        given = self._given[alike] = list[tuple[str, Path]]()
        above, kind, fields = alike
        for name, is_given, default in _fields(kind, fields):
            path = (*above, name)
            if is_given:
                given.append((name, path))
                self._look_further(getattr(noun, name), path)
            else:
                left.append((path, default))
                self._paths[path] = None

    def _look_further(self, value: Any, path: Path) -> None:
        if isinstance(value, BaseModel):
            self.look_into(value, path)
        elif isinstance(value, tuple):
            within = (*path, "*")
            for entry in value:
                if isinstance(entry, BaseModel):
                    self.look_into(entry, within)


@lru_cache(maxsize=MOST_ALIKE)
def _fields(kind: type[BaseModel], given: frozenset[str]) -> tuple[tuple[str, bool, Any], ...]:
    """Name, whether it was given, and what stands in for it; without those that can miss nothing."""
    found = []
    for name in kind.model_fields:
        if name in given:
            if _holds_nouns(kind, name):
                found.append((name, True, None))
        elif (default := _default(kind, name)) not in (None, [], {}, ""):
            found.append((name, False, default))
    return tuple(found)


@cache
def _default(kind: type[BaseModel], name: str) -> Any:
    """What stands in for a field of a noun, as JSON: it is the same for all, no noun makes up its own."""
    value = kind.model_fields[name].get_default(call_default_factory=True)
    return kind.model_construct(**{name: value}).model_dump(mode="json", include={name})[name]


@cache
def _holds_nouns(kind: type[BaseModel], name: str) -> bool:
    return _may_hold_nouns(kind.model_fields[name].annotation)


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

"""The same question with other cut-offs: whoever gets into another class keeps what was promised."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, TypeVar

from servicepolicy_models.class_search import ClassesAsked, ServiceHeld
from servicepolicy_models.means import StockoutReaction
from servicepolicy_models.noun import Noun
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.segmentation import Classification
from servicepolicy_models.targets import Target
from servicepolicy_optimizer.choices import Segment, SegmentTarget

CutOffs = tuple[float, ...]
Entry = TypeVar("Entry", bound=Noun)


@dataclass(frozen=True)
class Side:
    """One side of the matrix, cut anew: which of today's classes each new one holds members of."""

    classes: tuple[str, ...]
    cut_offs: CutOffs
    members: Mapping[str, tuple[str, ...]]
    """New class -> today's classes, the best first."""

    def holding(self, today: str) -> tuple[str, ...]:
        """New classes with members of one of today's."""
        return tuple(name for name, members in self.members.items() if today in members)


def side(today: Classification, cut_offs: CutOffs) -> Side:
    """Cut anew by the same ranking: classes overlap where their shares do.

    >>> side(Classification(), (0.1,)).members
    {'A': ('A', 'B'), 'B': ('B', 'C')}
    """
    if cut_offs == today.cut_offs:
        return Side(today.classes, cut_offs, {name: (name,) for name in today.classes})
    count = len(cut_offs) + 1
    names = today.classes if count <= len(today.classes) else tuple(ascii_uppercase)
    members = {}
    for name, (start, end) in zip(names[:count], _shares(cut_offs), strict=True):
        members[name] = tuple(
            one
            for one, (low, high) in zip(today.classes, _shares(today.cut_offs), strict=True)
            if max(start, low) < min(end, high)
        )
    return Side(names[:count], cut_offs, members)


def reclassed(
    scenario: Scenario,
    targets: Mapping[Segment, SegmentTarget],
    sides: tuple[Side, Side],
    asked: ClassesAsked,
) -> Scenario:
    """The scenario in other classes (customers, items).

    A class gets the strictest of what its members are promised today, and only those means that all of its
    members may use. Terms, reactions and rules of one of today's classes hold for every class with members of
    it; where several speak, the later one.
    """
    customers, items = sides
    cut = scenario.segmentation
    restricted = {
        name: tuple(_restricted(one, customers, items) for one in getattr(scenario, name))
        for name in ("channels", "processes", "modes", "supply", "deployments")
    }
    rules = scenario.rules
    promised = _promises(targets, customers, items, asked.service)
    return scenario.model_copy(
        update={
            **restricted,
            **_priced(scenario, customers, asked),
            "segmentation": cut.model_copy(
                update={
                    "customers": _classification(cut.customers, customers),
                    "items": _classification(cut.items, items),
                }
            ),
            "targets": tuple(promised),
            "terms": tuple(_spoken(scenario.terms, customers, items)),
            "rules": rules.model_copy(
                update={
                    "fixed": tuple(_spoken(rules.fixed, customers, items)),
                    "forbidden": tuple(_spoken(rules.forbidden, customers, items)),
                }
            ),
            "current_policy": (),
        }
    )


def _shares(cut_offs: CutOffs) -> list[tuple[float, float]]:
    return list(zip((0.0, *cut_offs), (*cut_offs, 1.0), strict=True))


def _classification(today: Classification, new: Side) -> Classification:
    overrides = {who: new.holding(name)[0] for who, name in today.overrides.items()}
    update = {"classes": new.classes, "cut_offs": new.cut_offs, "overrides": overrides}
    return today.model_copy(update=update)


def _restricted(entry: Noun, customers: Side, items: Side) -> Noun:
    update: dict[str, Any] = {}
    for field, new in (("customer_classes", customers), ("item_classes", items)):
        allowed = getattr(entry, field, None)
        if allowed is not None:
            update[field] = tuple(
                name for name, members in new.members.items() if set(members) <= set(allowed)
            )
    return entry.model_copy(update=update)


def _spoken(entries: Sequence[Entry], customers: Side, items: Side) -> Iterator[Entry]:
    """Each entry for every new class with members of the class it speaks of."""
    for entry in entries:
        for i in _addressed(getattr(entry, "customer_class", "*"), customers):
            for j in _addressed(getattr(entry, "item_class", "*"), items):
                said = {"customer_class": i, "item_class": j}
                fields = type(entry).model_fields
                yield entry.model_copy(update={name: one for name, one in said.items() if name in fields})


def _addressed(name: str, new: Side) -> tuple[str, ...]:
    return ("*",) if name == "*" else new.holding(name)


def _promises(
    targets: Mapping[Segment, SegmentTarget], customers: Side, items: Side, service: ServiceHeld
) -> Iterator[Target]:
    regions = dict.fromkeys(region for _, _, region in targets)
    for i, members_i in customers.members.items():
        for j, members_j in items.members.items():
            for region in regions:
                cells = [targets[a, b, region] for a in members_i for b in members_j]
                yield _strictest((i, j, region), cells, service)


def _strictest(segment: Segment, cells: Sequence[SegmentTarget], service: ServiceHeld) -> Target:
    hours = [cell.response_hours for cell in cells if cell.response_hours is not None]
    said: dict[str, Any] = {
        "response_hours": min(hours, default=None),
        "on_time_probability": max(cell.on_time_probability for cell in cells),
    }
    if service is ServiceHeld.KEPT:
        otif = [cell.otif for cell in cells if cell.otif is not None]
        cycle = [cell.cycle_service_level for cell in cells if cell.cycle_service_level is not None]
        said["otif"] = max(otif, default=None)
        if cycle:
            said["cycle_service_level"] = max(cycle)
        else:
            said["fill_rate"] = max(cell.fill_rate for cell in cells)
    return Target(customer_class=segment[0], item_class=segment[1], region=segment[2], **said)


def _priced(scenario: Scenario, customers: Side, asked: ClassesAsked) -> dict[str, Any]:
    if asked.shortage_factor is None:
        return {"stockout_reactions": tuple(_spoken(scenario.stockout_reactions, customers, customers))}
    reaction = StockoutReaction(shortage_factor=asked.shortage_factor)
    return {"stockout_reactions": (reaction,), "count_lost_sales": True}

"""The targets of a scenario as matrices: what a segment is promised, and how a typed cell becomes a target.

Targets refine one another: the last one that fits a segment and says something of a field holds.
"""

from collections.abc import Mapping, Sequence
from typing import Any

FIELDS = ("fill_rate", "response_hours", "on_time_probability", "otif")
PLACE = ("customer_class", "item_class", "region")
ANY = "*"
Place = tuple[str, str, str]
Targets = Sequence[Mapping[str, Any]]


def promised(targets: Targets, place: Place, field: str) -> float | None:
    """What a segment is promised; a region of `*` asks for what holds in all regions.

    >>> promised([{"fill_rate": 0.9}, {"item_class": "A", "fill_rate": 0.95}], ("B", "A", "*"), "fill_rate")
    0.95
    >>> promised([{"fill_rate": 0.9}], ("B", "A", "*"), "otif")
    """
    value = None
    for one in targets:
        if _fits(one, place) and one.get(field) is not None:
            value = one[field]
    return value


def with_promise(targets: Targets, place: Place, field: str, value: float | None) -> list[dict[str, Any]]:
    """The targets after a cell was typed; None takes back what the segment's own target says.

    >>> with_promise([{"fill_rate": 0.9}], ("B", "A", "*"), "fill_rate", 0.95)
    [{'fill_rate': 0.9}, {'customer_class': 'B', 'item_class': 'A', 'region': '*', 'fill_rate': 0.95}]
    >>> with_promise([{"otif": 0.9}, {"customer_class": "B", "otif": 0.8}], ("B", "*", "*"), "otif", None)
    [{'otif': 0.9}]
    """
    changed = [dict(one) for one in targets]
    own = [one for one in changed if _place(one) == place]
    if value is None:
        for one in own:
            one[field] = None
        return [one for one in changed if _says_something(one)]
    if own:
        own[-1][field] = value
        _make_room(own[-1], field)
    if not own or promised(changed, place, field) != value:
        # A later target speaks of the same segment: the new one must come after it.
        changed.append(dict(zip(PLACE, place, strict=True)) | {field: value})
    return changed


def _make_room(target: dict[str, Any], field: str) -> None:
    """A fill rate and a cycle service level exclude each other."""
    if field == "fill_rate" and target.get("cycle_service_level") is not None:
        target["cycle_service_level"] = None


def _place(target: Mapping[str, Any]) -> Place:
    customer, item, region = (str(target.get(side) or ANY) for side in PLACE)
    return customer, item, region


def _fits(target: Mapping[str, Any], place: Place) -> bool:
    return all(said in (ANY, asked) for said, asked in zip(_place(target), place, strict=True))


def _says_something(target: Mapping[str, Any]) -> bool:
    return any(value is not None for field, value in target.items() if field not in PLACE)

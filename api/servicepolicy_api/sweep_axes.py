"""The figures of a scenario that a sweep varies, and which of them a list of patches varies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servicepolicy_models.merge_patch import merge_patch, merged
from servicepolicy_models.pointer import pointer, steps_of

NOT_SWEPT = (
    "demand",
    "segmentation",
    "assumptions",
    "notes",
    "current_policy",
    "promise_ladder",
    "days_per_year",
)
"""What is no figure of a what-if, or comes in too many parts to be chosen from a list."""
OPEN = ("/budgets/inventory_value", "/budgets/total_cost", "/budgets/co2e_kg")
"""Figures that may be absent and can be swept all the same."""
KEYS = ("name", "title")
ANY = "*"
PLACES = ("customer_class", "item_class", "region")


def figures_of(document: Mapping[str, Any]) -> dict[str, float | None]:
    """JSON Pointer -> the figure that stands there, of every figure that can be swept; None: nothing does.

    >>> found = figures_of({"carrying_rate_per_year": 0.2, "modes": [{"name": "air", "cost": 3}]})
    >>> found["/carrying_rate_per_year"], found["/modes/0/cost"], found["/budgets/co2e_kg"]
    (0.2, 3, None)
    """
    parts = {name: value for name, value in document.items() if name not in NOT_SWEPT}
    found: dict[str, float | None] = dict(_leaves(parts, ()))
    budgets = document.get("budgets") or {}
    return found | {one: budgets.get(one.rpartition("/")[2]) for one in OPEN}


def called(document: Mapping[str, Any], where: str) -> str:
    """A figure by the names that stand on the way to it.

    >>> called({"modes": [{"name": "air", "cost_per_kg": 3}]}, "/modes/0/cost_per_kg")
    'modes · air · cost per kg'
    """
    place: Any = document
    words = []
    for step in steps_of(where):
        if isinstance(place, Sequence) and not isinstance(place, str):
            place = place[int(step)]
            words.append(_name(place, step))
        else:
            place = place.get(step) if isinstance(place, Mapping) else None
            words.append(step.replace("_", " "))
    return " · ".join(words)


def patch_of(document: Mapping[str, Any], figures: Mapping[str, float]) -> dict[str, Any]:
    """The merge patch that puts figures in their places; lists are replaced whole.

    >>> patch_of({"a": [{"x": 1}, {"x": 2}], "b": 3}, {"/a/1/x": 5, "/b": 3})
    {'a': [{'x': 1}, {'x': 5}]}
    """
    changed: Any = document
    for where, figure in figures.items():
        changed = _with(changed, steps_of(where), figure)
    patch: dict[str, Any] = merge_patch(document, changed)
    return patch


@dataclass(frozen=True)
class Axis:
    """A figure that varies from point to point."""

    where: str
    values: tuple[float | None, ...]
    """Each once, rising; None: absent."""


@dataclass(frozen=True)
class Axes:
    """What a list of patches varies, and where each of its points lies."""

    axes: tuple[Axis, ...]
    at: tuple[tuple[float | None, ...], ...]
    """Of every point, its figure on each axis."""


def axes_of(document: Mapping[str, Any], patches: Sequence[Mapping[str, Any]]) -> Axes:
    """Read the axes back from the patches: the figures that are not the same in all points."""
    points = [dict(_leaves(merged(_touched(document, patch), patch), ())) for patch in patches]
    spoken_of = {name for patch in patches for name in patch}
    base = dict(_leaves({name: document[name] for name in document if name in spoken_of}, ()))
    touched = {where for point in points for where in point if point[where] != base.get(where)}
    touched |= {where for patch in patches for where in _removed(patch, ()) if where in base}
    axes, columns = [], []
    for where in sorted(touched):
        part = steps_of(where)[0]
        column = [
            point.get(where) if part in patch else base.get(where)
            for point, patch in zip(points, patches, strict=True)
        ]
        values = sorted({one for one in column if one is not None})
        if len(set(column)) > 1:
            axes.append(Axis(where, (*values, *((None,) if None in column else ()))))
            columns.append(column)
    return Axes(tuple(axes), tuple(zip(*columns, strict=True)) if columns else tuple(() for _ in patches))


def _touched(document: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a document that a patch speaks of: the demand of a large one is not walked through."""
    return {name: document[name] for name in patch if name in document}


def _removed(patch: Any, steps: tuple[str, ...]) -> Iterator[str]:
    if patch is None:
        yield pointer(*steps)
    elif isinstance(patch, Mapping):
        for name, value in patch.items():
            yield from _removed(value, (*steps, name))


def _leaves(place: Any, steps: tuple[str | int, ...]) -> Iterator[tuple[str, float]]:
    if isinstance(place, bool) or place is None or isinstance(place, str):
        return
    if isinstance(place, int | float):
        yield pointer(*steps), place
    elif isinstance(place, Mapping):
        for name, value in place.items():
            yield from _leaves(value, (*steps, name))
    elif isinstance(place, Sequence):
        for number, value in enumerate(place):
            yield from _leaves(value, (*steps, number))


def _with(place: Any, steps: tuple[str, ...], figure: float) -> Any:
    if not steps:
        return figure
    first, *rest = steps
    if isinstance(place, Sequence) and not isinstance(place, str):
        changed = list(place)
        changed[int(first)] = _with(changed[int(first)], tuple(rest), figure)
        return changed
    inside = dict(place) if isinstance(place, Mapping) else {}
    return inside | {first: _with(inside.get(first), tuple(rest), figure)}


def _name(place: Any, step: str) -> str:
    """How an entry of a list is called: its name, its classes, or its number from 1."""
    if isinstance(place, Mapping):
        for key in KEYS:
            if place.get(key):
                return str(place[key])
        told = [str(place[key]) for key in PLACES if place.get(key)]
        if told:
            return "/".join(one for one in told if one != ANY) or ANY
    return str(int(step) + 1)

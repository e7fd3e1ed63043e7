"""Places in a document: read, written, and found again in the version that it was made of."""

from collections.abc import Mapping
from typing import Any

Steps = tuple[str | int, ...]
"""Field names and list positions, from the top."""


def value_at(document: Any, steps: Steps) -> Any:
    """What stands at a place; None where nothing does.

    >>> value_at({"modes": [{"time": {"mean_hours": 2}}]}, ("modes", 0, "time", "mean_hours"))
    2
    >>> value_at({"modes": []}, ("modes", 0, "name"))
    """
    for step in steps:
        if isinstance(document, Mapping):
            document = document.get(str(step))
        elif isinstance(document, list) and isinstance(step, int) and step < len(document):
            document = document[step]
        else:
            return None
    return document


def with_value(document: Any, steps: Steps, value: Any) -> Any:
    """The document with another value at a place; None: nothing stands there any more.

    >>> with_value({"budgets": {"co2e_kg": 5}}, ("budgets", "total_cost"), 9)
    {'budgets': {'co2e_kg': 5, 'total_cost': 9}}
    >>> with_value({"a": [{"b": 1}]}, ("a", 0, "b"), None)
    {'a': [{}]}
    """
    if not steps:
        return value
    step, *rest = steps
    if isinstance(document, list):
        changed = list(document)
        changed[int(step)] = with_value(changed[int(step)], tuple(rest), value)
        return changed
    above = dict(document) if isinstance(document, Mapping) else {}
    if not rest and value is None:
        above.pop(str(step), None)
        return above
    above[str(step)] = with_value(above.get(str(step)), tuple(rest), value)
    return above


def value_before(document: Any, before: Any, steps: Steps) -> Any:
    """What stood at the same place before. Entries of lists are the same by their name, else by position.

    >>> now = {"modes": [{"name": "new"}, {"name": "parcel", "cost": 5}]}
    >>> value_before(now, {"modes": [{"name": "parcel", "cost": 4}]}, ("modes", 1, "cost"))
    4
    """
    for step in steps:
        if isinstance(step, int) and isinstance(document, list) and isinstance(before, list):
            document = document[step] if step < len(document) else None
            before = _same(document, before, step)
        else:
            document, before = value_at(document, (step,)), value_at(before, (step,))
    return before


def _same(entry: Any, before: list[Any], position: int) -> Any:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    if name is None:
        return before[position] if position < len(before) else None
    return next((one for one in before if isinstance(one, Mapping) and one.get("name") == name), None)

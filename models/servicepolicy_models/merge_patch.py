"""JSON merge patch (RFC 7396): how a scenario is made of another."""

from collections.abc import Mapping
from typing import Any


def merged(target: Any, patch: Any) -> Any:
    """Apply a patch: objects are merged, null removes, everything else replaces (RFC 7396, section 2).

    >>> merged({"a": 1, "b": {"c": 2, "d": 3}}, {"a": None, "b": {"c": [4]}})
    {'b': {'c': [4], 'd': 3}}
    """
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def merge_patch(before: Any, after: Any) -> Any:
    """The patch from one document to another; lists are replaced whole.

    >>> merge_patch({"a": 1, "b": {"c": 2, "d": [1]}}, {"a": 1, "b": {"c": 3}})
    {'b': {'c': 3, 'd': None}}
    """
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return after
    patch = {name: None for name in before if name not in after}
    patch |= {
        name: merge_patch(before.get(name), value)
        for name, value in after.items()
        if name not in before or before[name] != value
    }
    return dict(sorted(patch.items()))

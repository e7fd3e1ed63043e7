"""Arrays found where they were computed before, and computed where they were not."""

from collections.abc import Callable, Iterable, Mapping

from servicepolicy_optimizer.recall.arrays import Array, Packed, packed, unpacked
from servicepolicy_optimizer.recall.content import Part, content_key
from servicepolicy_optimizer.recall.place import NOTHING_KEPT, Recall


def recalled(
    recall: Recall, what: str, parts: Callable[[], Iterable[Part]], make: Callable[[], Mapping[str, Array]]
) -> Mapping[str, Array]:
    """What `make` makes, by name; what: the kind of value. parts: everything that it depends on."""
    if recall is NOTHING_KEPT:
        return make()
    key = content_key(what, *parts())
    known = recall.get(key)
    found = unpacked(known) if known else None
    if found is not None:
        return found.arrays
    made = make()
    recall.put(key, packed(Packed(made)))
    return made

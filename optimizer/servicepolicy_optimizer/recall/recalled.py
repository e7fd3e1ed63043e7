"""Arrays found where they were computed before, and computed where they were not."""

from collections.abc import Callable, Iterable, Mapping

from servicepolicy_optimizer.recall.arrays import Array, Packed, packed, unpacked
from servicepolicy_optimizer.recall.content import Part, content_key
from servicepolicy_optimizer.recall.place import NOTHING_KEPT, Recall


def recalled(
    recall: Recall,
    what: str,
    parts: Callable[[], Iterable[Part]],
    make: Callable[[], Mapping[str, Array]],
    known_as: Callable[[], Iterable[Part]] | None = None,
) -> Mapping[str, Array]:
    """What `make` makes, by name; what: the kind of value. parts: everything that it depends on.

    known_as: what `parts` are made from, where that is quicker to tell than to make them. It leads to the key
    of the value, so that other parts of the same content still find it.
    """
    return recalled_where_made(recall, what, parts, make, known_as) or {}


def recalled_where_made(
    recall: Recall,
    what: str,
    parts: Callable[[], Iterable[Part]],
    make: Callable[[], Mapping[str, Array] | None],
    known_as: Callable[[], Iterable[Part]] | None = None,
) -> Mapping[str, Array] | None:
    """`recalled`, where `make` may make nothing, for want of time: then nothing is kept."""
    if recall is NOTHING_KEPT:
        return make()
    name = None if known_as is None else content_key(f"{what}, by what it is made from", *known_as())
    told = None if name is None else recall.get(name)
    key = content_key(what, *parts()) if told is None else told.decode("ascii")
    if name is not None and told is None:
        recall.put(name, key.encode("ascii"))
    known = recall.get(key)
    found = unpacked(known) if known else None
    if found is not None:
        return found.arrays
    made = make()
    if made is None:
        return None
    recall.put(key, packed(Packed(made)))
    return made

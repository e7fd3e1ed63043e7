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
    return recalled_at(recall, key_found(recall, what, parts, known_as), make)


def key_found(
    recall: Recall,
    what: str,
    parts: Callable[[], Iterable[Part]],
    known_as: Callable[[], Iterable[Part]] | None = None,
) -> str:
    """The key of a value: found by what its parts are made from, told by the parts where that is new."""
    if known_as is None:
        return content_key(what, *parts())
    name = content_key(f"{what}, by what it is made from", *known_as())
    told = recall.get(name)
    if told is not None:
        return told.decode("ascii")
    key = content_key(what, *parts())
    recall.put(name, key.encode("ascii"))
    return key


def recalled_at(
    recall: Recall, key: str, make: Callable[[], Mapping[str, Array] | None]
) -> Mapping[str, Array] | None:
    """What lies under a key, or is made and laid there."""
    known = recall.get(key)
    found = unpacked(known) if known else None
    if found is not None:
        return found.arrays
    made = make()
    if made is None:
        return None
    recall.put(key, packed(Packed(made)))
    return made

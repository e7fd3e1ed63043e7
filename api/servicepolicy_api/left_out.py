"""Which fields of a noun, and of all that it holds, were left out, and what stands there instead."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

from servicepolicy_models.pointer import pointer

MOST_ALIKE = 1_000
"""Choices of given fields whose left-out ones are remembered."""

Path = tuple[str, ...]
"""Names of fields; `*` stands for every position of a list."""
Address = tuple[int, ...]
"""Field and position, field and position ...: sorted by it, nouns and fields stand as in the document."""
Addresses = Callable[[int], Address]
"""Position among some nouns -> address."""
given_fields = attrgetter("__pydantic_fields_set__")


class LeftOut(NamedTuple):
    """A field that was left out."""

    address: Address
    """Where it was left out first."""
    value: Any
    """What stands there instead, as JSON."""
    times: int
    """How often it was left out."""


class Alike(NamedTuple):
    """Nouns of one type at one path of which the same fields were given: they leave out the same."""

    kind: type[BaseModel]
    given: frozenset[str]
    nouns: Sequence[BaseModel]
    addresses: Addresses


class Fields(NamedTuple):
    """What is asked of alike nouns: their fields by position, with the path of each."""

    given: tuple[tuple[int, str, Path], ...]
    """Those in which nouns may be; name and path."""
    left_out: tuple[tuple[int, str, Any], ...]
    """Those whose default means something; JSON Pointer and default."""


def left_out(noun: BaseModel) -> dict[str, LeftOut]:
    """JSON Pointer -> what was left out, in the order of the document; `*`: every position of a list.

    What is absent and means none is not told.
    """
    found: dict[str, LeftOut] = {}
    _look_into((noun,), (), lambda _: (), found)
    return dict(sorted(found.items(), key=lambda one: one[1].address))


def _look_into(
    nouns: Sequence[BaseModel], path: Path, addresses: Addresses, found: dict[str, LeftOut]
) -> None:
    """Count what the nouns at a path leave out, and all that they hold.

    All nouns of a path at once: there can be a hundred thousand, and most are alike.
    """
    for alike in _alike(nouns, addresses):
        fields, first, times = _fields(path, alike.kind, alike.given), alike.addresses(0), len(alike.nouns)
        for position, where, default in fields.left_out:
            here, before = (*first, position), found.get(where)
            if before is not None:
                found[where] = LeftOut(min(before.address, here), default, before.times + times)
            else:
                found[where] = LeftOut(here, default, times)
        for position, name, within in fields.given:
            _look_further(alike, position, name, within, found)


def _alike(nouns: Sequence[BaseModel], addresses: Addresses) -> Iterable[Alike]:
    kinds, given = list(map(type, nouns)), list(map(given_fields, nouns))
    if kinds.count(kinds[0]) == given.count(given[0]) == len(nouns):
        return (Alike(kinds[0], frozenset(given[0]), nouns, addresses),)
    positions = defaultdict(list)
    for position, alike in enumerate(zip(kinds, map(frozenset, given), strict=True)):
        positions[alike].append(position)
    return [
        Alike(kind, fields, [nouns[one] for one in those], _addresses_of(those, addresses))
        for (kind, fields), those in positions.items()
    ]


def _look_further(alike: Alike, position: int, name: str, path: Path, found: dict[str, LeftOut]) -> None:
    """Look into what one field of alike nouns holds: in each a noun, a list of nouns, or nothing."""
    values = list(map(attrgetter(name), alike.nouns))
    kinds = set(map(type, values))
    if tuple in kinds:
        lists = values if len(kinds) == 1 else [one if type(one) is tuple else () for one in values]
        _look_into_each(lists, (*path, "*"), alike.addresses, position, found)
    nouns = {kind for kind in kinds if issubclass(kind, BaseModel)}
    if nouns:
        singles = [(one,) if type(one) in nouns else () for one in values]
        _look_into_each(singles, path, alike.addresses, position, found)


def _look_into_each(
    held: Sequence[Sequence[BaseModel]],
    path: Path,
    above: Addresses,
    field_position: int,
    found: dict[str, LeftOut],
) -> None:
    nouns = list(chain.from_iterable(held))
    if nouns:
        _look_into(nouns, path, _addresses_within(held, above, field_position), found)


def _addresses_of(chosen: Sequence[int], addresses: Addresses) -> Addresses:
    return lambda position: addresses(chosen[position])


def _addresses_within(
    held: Sequence[Sequence[BaseModel]], above: Addresses, field_position: int
) -> Addresses:
    """Those of what nouns hold in one field, one after the other."""

    def addresses(position: int) -> Address:
        ends = list(accumulate(map(len, held)))
        return (*above(bisect_right(ends, position)), field_position, position)

    return addresses


@lru_cache(maxsize=MOST_ALIKE)
def _fields(path: Path, kind: type[BaseModel], given: frozenset[str]) -> Fields:
    named = list(enumerate(kind.model_fields))
    held = [(position, name) for position, name in named if name in given and _holds_nouns(kind, name)]
    left = [(position, name, _default(kind, name)) for position, name in named if name not in given]
    return Fields(
        tuple((position, name, (*path, name)) for position, name in held),
        tuple(
            (position, pointer(*path, name), default)
            for position, name, default in left
            if default not in (None, [], {}, "")
        ),
    )


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

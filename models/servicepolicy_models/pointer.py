"""JSON Pointers (RFC 6901): how a finding says where in a scenario it was made."""

import re
from collections.abc import Mapping, Sequence

from pydantic import BaseModel


def pointer(*steps: str | int) -> str:
    """Return the JSON Pointer of a path of field names and list positions (RFC 6901, section 3).

    >>> pointer("deployments", 0, "serves", "UK/Ireland")
    '/deployments/0/serves/UK~1Ireland'
    >>> pointer()
    ''
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def steps_of(text: str) -> tuple[str, ...]:
    """Return the unescaped steps of a JSON Pointer.

    Raises ValueError when the text is not a pointer: neither empty nor begun with `/`, or with a stray `~`.

    >>> steps_of("/deployments/0/serves/UK~1Ireland")
    ('deployments', '0', 'serves', 'UK/Ireland')
    """
    if text and not text.startswith("/"):
        raise ValueError("a JSON Pointer is empty or begins with /")
    if re.search("~(?![01])", text):
        raise ValueError("in a JSON Pointer ~ stands only before 0 or 1")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:])


def resolve(noun: object, text: str) -> object:
    """Return what a JSON Pointer points at within a noun.

    Raises ValueError when the text is not a pointer, LookupError when it points at nothing.
    """
    place = noun
    for step in steps_of(text):
        place = _inside(place, step)
    return place


def _inside(place: object, step: str) -> object:
    if isinstance(place, BaseModel):
        if step not in type(place).model_fields:
            raise LookupError(step)
        return getattr(place, step)
    if isinstance(place, Mapping):
        return place[step]
    # RFC 6901 knows no leading zeros and no signs in a position.
    is_position = re.fullmatch("0|[1-9][0-9]{0,15}", step)
    if is_position and isinstance(place, Sequence) and not isinstance(place, str):
        return place[int(step)]
    raise LookupError(step)

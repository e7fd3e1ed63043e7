"""Numbers that a reader wrote into fields."""

import math
from dataclasses import dataclass
from typing import Generic, TypeVar

from servicepolicy_api.page.here import Here
from servicepolicy_api.page.parts.fields import TextField
from servicepolicy_models.errors import error

T = TypeVar("T", int, float)


@dataclass(frozen=True)
class Written(Generic[T]):
    """What stands in a field: a number, nothing, or something that does not fit, which was said there."""

    value: T | None
    is_fit: bool = True


def number_of(here: Here, field: TextField, most: float) -> Written[float]:
    """A number above zero and not above `most`, or nothing."""
    text = field.value.strip().replace(",", ".")
    field.say(None)
    if not text:
        return Written(None)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if 0 < value <= most:
        return Written(value)
    words = here.words.solve
    field.say(error("", words.no_number, "request.body", words.write_number))
    return Written(None, is_fit=False)


def count_of(here: Here, field: TextField) -> Written[int]:
    """A whole number above zero, or nothing."""
    text = field.value.strip()
    field.say(None)
    if not text:
        return Written(None)
    if text.isdecimal() and 0 < int(text) < 2_147_483_648:
        return Written(int(text))
    words = here.words.solve
    field.say(error("", words.no_number, "request.body", words.write_version))
    return Written(None, is_fit=False)

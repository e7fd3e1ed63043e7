"""Canonical JSON (RFC 8785), quickly: most documents an ordinary encoder writes alike."""

from typing import Any

import orjson
import rfc8785

MOST_WHOLE = 2**53
"""From here on a double does not know its neighbours, and RFC 8785 takes no integer."""
LEAST_PLAIN = 1e-5
"""Below, RFC 8785 and orjson part over where the exponent begins."""


class _Unusual(Exception):
    """Something that orjson and RFC 8785 may write differently."""


def canonical(document: Any) -> bytes:
    """Return the canonical JSON of what a JSON text was parsed into, byte for byte that of rfc8785.

    They differ in whole floats (1.0 is 1), in exponents, and in the order of keys beyond ASCII. The first
    are rewritten here; a document with any of the others goes by rfc8785 itself, which takes far longer.

    >>> canonical({"b": [1.0, 0.25], "a": None})
    b'{"a":null,"b":[1,0.25]}'
    """
    try:
        return orjson.dumps(_plain(document), option=orjson.OPT_SORT_KEYS)
    except (_Unusual, orjson.JSONEncodeError):
        return rfc8785.dumps(document)


def _plain(value: Any) -> Any:
    """The same value without whole floats. Raises _Unusual."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is float or kind is int:
        if -MOST_WHOLE < value < MOST_WHOLE:
            if kind is int or value.is_integer():
                return int(value)
            if not -LEAST_PLAIN < value < LEAST_PLAIN:
                return value
    elif kind is dict:
        if all(map(str.isascii, value)):
            return {name: _plain(one) for name, one in value.items()}
    elif kind is list:
        return [_plain(one) for one in value]
    raise _Unusual

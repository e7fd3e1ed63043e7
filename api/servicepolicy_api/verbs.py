"""Paths that name a thing, beside paths that name what is done with it: `/v1/runs/1`, `/v1/runs/1:cancel`."""

from starlette.convertors import Convertor


class Named(Convertor[str]):
    """The name of a thing, without a verb behind it."""

    regex = "[^/:]+"

    def convert(self, value: str) -> str:
        """From the path."""
        return value

    def to_string(self, value: str) -> str:
        """Into a path."""
        return value

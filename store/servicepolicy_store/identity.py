"""Names that the store gives: they rise with time, so a list by name is a list by age."""

from uuid_utils import uuid7


def new_id() -> str:
    """Return a UUID of version 7 (RFC 9562)."""
    return str(uuid7())


def is_id(text: str) -> bool:
    """Whether a text can be such a name at all.

    >>> is_id("01890a5d-ac96-774b-bcce-b302099a8057"), is_id("latest")
    (True, False)
    """
    groups = text.split("-")
    digits = set("0123456789abcdef")
    return [len(group) for group in groups] == [8, 4, 4, 4, 12] and set("".join(groups)) <= digits

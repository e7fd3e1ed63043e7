"""A finding: where something is wrong, what it is, which rule it breaks, and how to mend it."""

from enum import StrEnum

from servicepolicy_models.noun import Noun


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """Nothing can be answered before it is mended."""

    WARNING = "warning"
    """The answer stands, but its reader must know this."""

    NOTE = "note"
    """A rule was applied as stated; counted so that nothing happens in silence."""


class Finding(Noun):
    """One finding about the input."""

    where: str
    """File and row, or JSON Pointer."""

    what: str
    """What was found there."""

    rule: str
    """The rule it breaks, or the rule by which it was handled, as a short stable code such as
    `demand.duplicate_rows`.
    """

    mend: str = ""
    """What the reader can do about it; empty for notes."""

    severity: Severity = Severity.ERROR

    count: int = 1
    """How many rows or fields the finding stands for."""

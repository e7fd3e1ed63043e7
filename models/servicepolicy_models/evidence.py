"""How sure the promises of a policy are: what they would have achieved on the company's own order lines."""

from servicepolicy_models.noun import Noun


class SegmentSureness(Noun):
    """How one segment's promise fared when the history was replayed."""

    customer_class: str
    item_class: str
    region: str
    """`*` when one promise covers all regions."""
    promised_fill_rate: float
    achieved_fill_rate: float | None
    """Null: nothing promised was ordered in the judged days."""
    standard_error: float | None
    pieces: float
    """Promised pieces that were ordered in the judged days."""
    sentence: str
    """The same in words."""


class PolicyEvidence(Noun):
    """The answer to: how sure is this promise?"""

    judged: bool
    """False: nothing could be judged; the sentence says why."""
    sentence: str
    judged_first_day: str | None = None
    judged_days: int = 0
    segments: tuple[SegmentSureness, ...] = ()
    """In the order of the policy's segments."""

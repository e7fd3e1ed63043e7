"""The body that asks to be told."""

from typing import Annotated, Literal

from pydantic import Field

from servicepolicy_models.noun import Noun

End = Literal["succeeded", "failed", "cancelled"]


class NewWebhook(Noun):
    """Where the end of runs is to be told."""

    url: Annotated[str, Field(min_length=1, max_length=2_000)]
    """https, and reachable from the internet."""
    events: Annotated[tuple[End, ...], Field(min_length=1)] = ("succeeded", "failed", "cancelled")
    """Which ends."""

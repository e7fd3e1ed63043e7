"""What a run may be asked about beside its own scenario."""

from typing import Annotated

from pydantic import Field

from servicepolicy_models.futures import FuturesAsked
from servicepolicy_models.noun import Name, Noun


class Base(Noun):
    """A named scenario."""

    name: Name
    version: Annotated[int, Field(ge=1, le=2_147_483_647)] | None = None
    """Absent: the newest."""


class RobustQuestion(FuturesAsked):
    """The futures, and where they start from."""

    others: Annotated[tuple[Base, ...], Field(max_length=50)] = ()
    """Named scenarios that the second and all further futures start from, one for each; absent: all start
    from the scenario of the run."""

"""The body that puts a policy in force."""

from typing import Annotated

from pydantic import Field

from servicepolicy_models.noun import Noun


class Publish(Noun):
    """Which run's policy comes into force."""

    run: Annotated[str, Field(max_length=36)]
    note: Annotated[str, Field(max_length=1_000)] = ""

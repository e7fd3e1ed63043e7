"""A run's policy comes into force: what is asked, and whether the run has one that could."""

from typing import Annotated

from pydantic import Field

from servicepolicy_api.awaiting import latest
from servicepolicy_api.memory import Memory
from servicepolicy_api.problems import Problem
from servicepolicy_api.run_answers import bare_policy
from servicepolicy_models.noun import Noun


class Publish(Noun):
    """Which run's policy comes into force."""

    run: Annotated[str, Field(max_length=36)]
    note: Annotated[str, Field(max_length=1_000)] = ""


def require_policy(memory: Memory, run_id: str) -> None:
    """Raises a Problem, or NotThere, unless the run holds a policy that could be in force."""
    if not bare_policy(memory, latest(memory, run_id)).segments:
        raise Problem(409, "policy.empty", "This run holds no policy that could be in force.")

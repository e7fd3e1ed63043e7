"""The answer when there is no policy: a finished answer that says what stands against it."""

from collections.abc import Sequence

from servicepolicy_models.policy import Conflict, Policy
from servicepolicy_models.proof import Proof
from servicepolicy_models.scenario import Scenario


def refusal(scenario: Scenario, proof: Proof, conflicts: Sequence[Conflict]) -> Policy:
    """No segments, no cost; the conflicts in the planner's words."""
    return Policy(
        scenario=scenario.name,
        currency=scenario.currency,
        days_per_year=scenario.days_per_year,
        fill_rate_basis=scenario.fill_rate_basis.value,
        proof=proof,
        conflicts=tuple(conflicts),
    )

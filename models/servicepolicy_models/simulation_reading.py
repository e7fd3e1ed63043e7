"""Words from a door become the settings of a simulation, or every reason why they cannot."""

from collections.abc import Mapping

from pydantic import ValidationError

from servicepolicy_models.complaints import finding_of
from servicepolicy_models.errors import SimulationRejected
from servicepolicy_models.simulation import SimulationSettings


def read_settings(given: Mapping[str, object]) -> SimulationSettings:
    """Settings by name; what is not given takes its default. Raises SimulationRejected with all findings."""
    try:
        return SimulationSettings.model_validate(given)
    except ValidationError as rejected:
        complaints = rejected.errors(include_url=False)
        raise SimulationRejected([finding_of(one, SimulationSettings) for one in complaints]) from None

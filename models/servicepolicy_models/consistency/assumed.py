"""An assumption names the field it is about."""

from collections.abc import Iterator

from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_models.pointer import resolve
from servicepolicy_models.scenario import Scenario


def assumptions_point_at_something(scenario: Scenario) -> Iterator[Finding]:
    """The JSON Pointer of every assumption resolves within the scenario."""
    for position, assumption in enumerate(scenario.assumptions):
        where = f"/assumptions/{position}/field"
        try:
            resolve(scenario, assumption.field)
        except LookupError:
            what = f'"{assumption.field}" points at nothing in this scenario.'
            yield error(where, what, "assumption.dangling", "Point at the field that is assumed.")
        except ValueError as wrong:
            what = f'"{assumption.field}" is not a JSON Pointer: {wrong}.'
            yield error(where, what, "assumption.dangling", 'Write it like "/supply/0/lead_time_mean_days".')

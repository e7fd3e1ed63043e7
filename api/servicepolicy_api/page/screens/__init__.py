"""The screens, each a file. A file that is named here is found at its addresses."""

from servicepolicy_api.page.screens import (
    begin,
    compare,
    edit,
    frontier,
    new_scenario,
    one_scenario,
    policies,
    policy,
    profile,
    runs,
    scenarios,
    segment,
    solve,
    sweep,
)

SCREENS = (
    scenarios, one_scenario, new_scenario, profile, edit,
    begin, runs, solve, policy, segment, policies, frontier, compare, sweep,
)  # fmt: skip


def ready() -> None:
    """Importing the screens has put them at their addresses; this says that they were wanted."""

"""The screens, each a file. A file that is named here is found at its addresses."""

from servicepolicy_api.page.screens import (
    begin,
    compare,
    frontier,
    policies,
    policy,
    runs,
    scenarios,
    segment,
    solve,
    sweep,
)

SCREENS = (scenarios, begin, runs, solve, policy, segment, policies, frontier, compare, sweep)


def ready() -> None:
    """Importing the screens has put them at their addresses; this says that they were wanted."""

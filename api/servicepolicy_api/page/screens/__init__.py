"""The screens, each a file. A file that is named here is found at its addresses."""

from servicepolicy_api.page.screens import edit, new_scenario, one_scenario, profile, scenarios

SCREENS = (scenarios, one_scenario, new_scenario, profile, edit)


def ready() -> None:
    """Importing the screens has put them at their addresses; this says that they were wanted."""

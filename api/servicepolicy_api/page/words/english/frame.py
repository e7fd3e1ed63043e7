"""What surrounds every screen."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Frame:
    """Header, navigation, what can go wrong with an address."""

    product: str = "Service policy"
    skip: str = "Skip to the content"
    screens: str = "Screens"
    look: str = "Language and colours"
    scenarios: str = "Scenarios"
    profile: str = "Profile"
    edit: str = "Edit"
    solve: str = "Solve"
    policy: str = "Policy"
    frontier: str = "Frontier"
    compare: str = "Compare"
    sweep: str = "Sweep"
    light: str = "Light colours"
    dark: str = "Dark colours"
    like_system: str = "System colours"
    sign_out: str = "Sign out"
    not_there: str = "This is not there"
    not_there_why: str = "The address names something that was never made here, or a name was mistyped."
    to_scenarios: str = "See all scenarios"
    store_away: str = "The store does not answer"
    store_away_why: str = "Nothing is lost. Load the page again in a few seconds."
    went_wrong: str = "Something went wrong on our side"
    went_wrong_why: str = "The log of the service says what. Nothing that was saved is lost."
    rejected: str = "This cannot be shown"
    version_moved: str = "Somebody else saved a newer version in the meantime, or the name is taken."

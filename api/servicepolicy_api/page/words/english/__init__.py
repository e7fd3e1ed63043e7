"""English: a class for each part of the page, its texts as defaults."""

from servicepolicy_api.page.words.english.costs import Costs, KnownPolicies, Means
from servicepolicy_api.page.words.english.edit import Edit
from servicepolicy_api.page.words.english.exploring import Compare, Frontier, InputGroups, Sweep
from servicepolicy_api.page.words.english.fields import Fields
from servicepolicy_api.page.words.english.frame import Frame
from servicepolicy_api.page.words.english.new_scenario import NewScenario
from servicepolicy_api.page.words.english.parts import Parts
from servicepolicy_api.page.words.english.policy import Policy, Publishing, Segment
from servicepolicy_api.page.words.english.profile import Profile
from servicepolicy_api.page.words.english.runs import Kinds, Phases, Runs, States
from servicepolicy_api.page.words.english.scenarios import Scenarios
from servicepolicy_api.page.words.english.sign_in import SignIn
from servicepolicy_api.page.words.english.solve import Repairs, Solve

__all__ = [
    "Compare",
    "Costs",
    "Edit",
    "Fields",
    "Frame",
    "Frontier",
    "InputGroups",
    "Kinds",
    "KnownPolicies",
    "Means",
    "NewScenario",
    "Parts",
    "Phases",
    "Policy",
    "Profile",
    "Publishing",
    "Repairs",
    "Runs",
    "Scenarios",
    "Segment",
    "SignIn",
    "Solve",
    "States",
    "Sweep",
]

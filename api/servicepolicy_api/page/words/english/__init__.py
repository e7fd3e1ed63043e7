"""English: a class for each part of the page, its texts as defaults."""

from servicepolicy_api.page.words.english.edit import Edit
from servicepolicy_api.page.words.english.fields import Fields
from servicepolicy_api.page.words.english.frame import Frame
from servicepolicy_api.page.words.english.new_scenario import NewScenario
from servicepolicy_api.page.words.english.parts import Parts
from servicepolicy_api.page.words.english.profile import Profile
from servicepolicy_api.page.words.english.scenarios import Scenarios
from servicepolicy_api.page.words.english.sign_in import SignIn

__all__ = ["Edit", "Fields", "Frame", "NewScenario", "Parts", "Profile", "Scenarios", "SignIn"]

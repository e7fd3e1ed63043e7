"""Chinese (simplified)."""

from servicepolicy_api.page.words.chinese.edit import EDIT
from servicepolicy_api.page.words.chinese.fields import FIELDS
from servicepolicy_api.page.words.chinese.frame import FRAME
from servicepolicy_api.page.words.chinese.new_scenario import NEW_SCENARIO
from servicepolicy_api.page.words.chinese.parts import PARTS
from servicepolicy_api.page.words.chinese.profile import PROFILE
from servicepolicy_api.page.words.chinese.scenarios import SCENARIOS
from servicepolicy_api.page.words.chinese.sign_in import SIGN_IN

__all__ = ["EDIT", "FIELDS", "FRAME", "NEW_SCENARIO", "PARTS", "PROFILE", "SCENARIOS", "SIGN_IN"]

"""Chinese (simplified)."""

from servicepolicy_api.page.words.chinese.costs import COSTS, KNOWN_POLICIES, MEANS
from servicepolicy_api.page.words.chinese.edit import EDIT
from servicepolicy_api.page.words.chinese.exploring import COMPARE, FRONTIER, INPUT_GROUPS, SWEEP
from servicepolicy_api.page.words.chinese.fields import FIELDS
from servicepolicy_api.page.words.chinese.frame import FRAME
from servicepolicy_api.page.words.chinese.new_scenario import NEW_SCENARIO
from servicepolicy_api.page.words.chinese.parts import PARTS
from servicepolicy_api.page.words.chinese.policy import POLICY, PUBLISHING, SEGMENT
from servicepolicy_api.page.words.chinese.profile import PROFILE
from servicepolicy_api.page.words.chinese.rules import RULES
from servicepolicy_api.page.words.chinese.runs import KINDS, PHASES, RUNS, STATES
from servicepolicy_api.page.words.chinese.scenarios import SCENARIOS
from servicepolicy_api.page.words.chinese.sign_in import SIGN_IN
from servicepolicy_api.page.words.chinese.solve import REPAIRS, SOLVE

__all__ = [
    "COMPARE",
    "COSTS",
    "EDIT",
    "FIELDS",
    "FRAME",
    "FRONTIER",
    "INPUT_GROUPS",
    "KINDS",
    "KNOWN_POLICIES",
    "MEANS",
    "NEW_SCENARIO",
    "PARTS",
    "PHASES",
    "POLICY",
    "PROFILE",
    "PUBLISHING",
    "REPAIRS",
    "RULES",
    "RUNS",
    "SCENARIOS",
    "SEGMENT",
    "SIGN_IN",
    "SOLVE",
    "STATES",
    "SWEEP",
]

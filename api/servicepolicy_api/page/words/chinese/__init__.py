"""Chinese (simplified)."""

from servicepolicy_api.page.words.chinese.costs import COSTS, KNOWN_POLICIES, MEANS
from servicepolicy_api.page.words.chinese.exploring import COMPARE, FRONTIER, INPUT_GROUPS, SWEEP
from servicepolicy_api.page.words.chinese.frame import FRAME
from servicepolicy_api.page.words.chinese.parts import PARTS
from servicepolicy_api.page.words.chinese.policy import POLICY, PUBLISHING, SEGMENT
from servicepolicy_api.page.words.chinese.runs import KINDS, PHASES, RUNS, STATES
from servicepolicy_api.page.words.chinese.scenarios import SCENARIOS
from servicepolicy_api.page.words.chinese.sign_in import SIGN_IN
from servicepolicy_api.page.words.chinese.solve import REPAIRS, SOLVE

__all__ = [
    "COMPARE", "COSTS", "FRAME", "FRONTIER", "INPUT_GROUPS", "KINDS", "KNOWN_POLICIES", "MEANS", "PARTS",
    "PHASES", "POLICY", "PUBLISHING", "REPAIRS", "RUNS", "SCENARIOS", "SEGMENT", "SIGN_IN", "SOLVE",
    "STATES", "SWEEP",
]  # fmt: skip

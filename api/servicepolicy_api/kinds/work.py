"""What each kind of run does: a pure function of its order. Loads the solver; only a run's process does."""

from collections.abc import Mapping

from servicepolicy_api.kinds.backtest import backtest
from servicepolicy_api.kinds.explained import EXPLAINED
from servicepolicy_api.kinds.order import Work
from servicepolicy_api.kinds.profile import profile
from servicepolicy_api.kinds.simulate import simulate
from servicepolicy_api.kinds.solve import solve

WORK_OF: Mapping[str, Work] = {
    "solve": solve, "simulate": simulate, "backtest": backtest, "profile": profile,
    **EXPLAINED,
}  # fmt: skip

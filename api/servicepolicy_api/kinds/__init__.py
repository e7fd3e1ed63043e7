"""The kinds of run: what can be asked. What a kind does stands in `kinds.work`, which loads the solver."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from servicepolicy_api.kinds.asked import RobustQuestion
from servicepolicy_api.kinds.sweep import SweepSettings
from servicepolicy_models.backtest import BacktestPlan
from servicepolicy_models.changes import RepairWishes
from servicepolicy_models.class_search import ClassesAsked
from servicepolicy_models.comparison import ComparisonQuestion
from servicepolicy_models.frontier import FrontierQuestion
from servicepolicy_models.noun import Noun
from servicepolicy_models.prices import PricesQuestion
from servicepolicy_models.qualification import QualificationRule
from servicepolicy_models.screening import ScreeningAsked
from servicepolicy_models.simulation import SimulationSettings


class NoSettings(Noun):
    """Nothing to choose beyond the scenario."""


class SimulateSettings(Noun):
    """Whose policy is played, and how."""

    policy_of: Annotated[str, Field(max_length=36)] | None = None
    """The run whose policy is played; absent: the scenario is solved first."""
    play: SimulationSettings | None = None
    """Absent: lines drawn from the record where there is one, else from the figures."""


@dataclass(frozen=True)
class Kind:
    """One kind of run, as the doors know it."""

    sentence: str
    settings: type[Noun]
    answer: str
    """Name of the document that is its answer."""
    route: str | None = None
    """Where it may also be asked for, without naming the kind: `/v1/{route}`."""
    is_made_of_runs: bool = False
    """Whether others are worked on in its place."""


KINDS: Mapping[str, Kind] = {
    "solve": Kind("The cheapest policy that keeps every promise.", NoSettings, "policy"),
    "sweep": Kind("The policy of every what-if, one row each.", SweepSettings, "rows", "sweeps", True),
    "simulate": Kind("A finished policy, played.", SimulateSettings, "simulation"),
    "backtest": Kind("Promised against achieved on the order history.", BacktestPlan, "backtest"),
    "profile": Kind("What customers, items and their cells amount to.", NoSettings, "profile"),
    "repairs": Kind("What makes an infeasible scenario feasible.", RepairWishes, "repairs", "repairs"),
    "prices": Kind("What promises and limits cost.", PricesQuestion, "prices", "prices"),
    "frontier": Kind("Cost against service or stock.", FrontierQuestion, "frontier", "frontiers"),
    "comparison": Kind("Why cost moved from run to run.", ComparisonQuestion, "comparison", "comparisons"),
    "robust": Kind("One policy for many futures.", RobustQuestion, "robust", "robust"),
    "screening": Kind("Which inputs matter.", ScreeningAsked, "screening", "screenings"),
    "classes": Kind("Whether the classes are right.", ClassesAsked, "classes", "class-searches"),
    "qualification": Kind(
        "Who is in which class by a rule.", QualificationRule, "qualification", "qualifications"
    ),
}
"""Name -> kind. A new kind gets a line here and, if it is worked on, one in `kinds.work.WORK_OF`; a test sees
that both agree."""

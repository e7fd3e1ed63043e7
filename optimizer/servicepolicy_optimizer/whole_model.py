"""How many service paths a question may have whose answer needs the whole model, and that many times."""

from servicepolicy_models.errors import TooLarge, error
from servicepolicy_models.policy import Conflict
from servicepolicy_optimizer.choices import Choices

MOST_PATHS = 50_000
"""With more, one exact solve of the whole model takes minutes to hours, and prices, frontiers, repairs and
conflicts need tens to hundreds: docs/performance.md shows HiGHS on 32,309 paths and on 278,426.
"""

MEND = (
    "Ask it of a scenario with fewer regions promised apart, channels, processes, modes or frequencies; "
    "`solve` answers the scenario as it is."
)


def paths_of(choices: Choices) -> int:
    """Service paths of all segments under all deployments."""
    return sum(len(paths) for paths in choices.paths.values())


def must_fit(choices: Choices) -> None:
    """Raise TooLarge before any work where the whole model would be solved again and again."""
    if paths_of(choices) > MOST_PATHS:
        raise TooLarge([error("/segmentation", _said(choices), "explain.too_many_paths", MEND)])


def conflict_of_size(choices: Choices) -> Conflict | None:
    """What is told instead of conflicts where there are too many paths to look for them."""
    if paths_of(choices) <= MOST_PATHS:
        return None
    return Conflict(family="too_many_paths", where="/segmentation", sentence=f"{_said(choices)} {MEND}")


def _said(choices: Choices) -> str:
    return (
        f"There are {paths_of(choices):,} service paths in {len(choices.targets):,} segments; prices, "
        f"frontiers, repairs and conflicts solve the whole model many times and take at most {MOST_PATHS:,}."
    )

"""Ways left by the rules: fixed and forbidden means, class lists, terms."""

from collections.abc import Iterable, Sequence

import numpy as np

from servicepolicy_models.errors import ScenarioRejected, error
from servicepolicy_models.rules import Choice
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.paths.ways import Mask, Ways
from servicepolicy_optimizer.wildcards import ANY

PATH_FIELDS = ("channel", "process", "mode", "frequency")
"""Fields of a choice that speak of paths, in the order of the grid's axes."""


def fixed_ways(ways: Ways, fixed: Iterable[Choice]) -> Mask:
    """Ways that keep every fixed choice: each named means of each applying choice must be used.  (C, P, M, F)

    Two choices that fix different means leave nothing.
    """
    left = np.ones(ways.shape, dtype=np.bool_)
    for choice in fixed:
        for axis, field in enumerate(PATH_FIELDS):
            if getattr(choice, field) is not None:
                left &= _along(ways, axis, getattr(choice, field))
    return left


def forbidden_ways(ways: Ways, forbidden: Iterable[Choice], deployment: str) -> Mask:
    """Ways that some forbidden choice rules out.  (C, P, M, F)

    A choice that names several means forbids only their combination; one that names a deployment too forbids
    it only there. Forbidden wins over fixed: what is both leaves nothing.
    """
    out = np.zeros(ways.shape, dtype=np.bool_)
    for choice in forbidden:
        named = [(axis, getattr(choice, field)) for axis, field in enumerate(PATH_FIELDS)]
        named = [(axis, name) for axis, name in named if name is not None]
        if named and choice.deployment in (None, deployment):
            out |= np.logical_and.reduce([_along(ways, axis, name) for axis, name in named])
    return out


def in_regions(choices: Sequence[Choice], regions: Iterable[str]) -> tuple[Choice, ...]:
    """The choices that speak of any of the regions: one path serves all, so what binds one binds the path."""
    covered = {ANY, *regions}
    return tuple(choice for choice in choices if choice.region in covered)


def reject_mixed_choices(scenario: Scenario) -> None:
    """Raise ScenarioRejected for forbidden combinations of a path with a supply option or a stock policy.

    A path is chosen for a deployment, whatever the supply option and the stock policy, so such a combination
    cannot be seen by either side alone.
    """
    findings = [
        error(
            f"/rules/forbidden/{position}",
            "The choice forbids a combination of serving (channel, process, mode, frequency) and stocking "
            "(supply, stock_policy).",
            "choice.mixed",
            "Forbid the serving and the stocking means apart, or a combination with a deployment only.",
        )
        for position, choice in enumerate(scenario.rules.forbidden)
        if any(getattr(choice, field) is not None for field in PATH_FIELDS)
        and (choice.supply is not None or choice.stock_policy is not None)
    ]
    if findings:
        raise ScenarioRejected(findings)


def _along(ways: Ways, axis: int, name: str) -> Mask:
    """Ways that use the named means on one axis.  (C, P, M, F)"""
    means = (ways.channels, ways.processes, ways.modes, ways.frequencies)[axis]
    shape = [1] * 4
    shape[axis] = len(means)
    return np.broadcast_to(np.array([one.name == name for one in means]).reshape(shape), ways.shape)

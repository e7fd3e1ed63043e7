"""All ways to serve: channel × process × mode × frequency, as one grid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servicepolicy_models.means import Channel, Mode, Process, ShippingFrequency
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Ints

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Ways:
    """The means of a scenario as four axes (C, P, M, F); a way is a point of the grid, in C order."""

    channels: tuple[Channel, ...]
    processes: tuple[Process, ...]
    modes: tuple[Mode, ...]
    frequencies: tuple[ShippingFrequency, ...]
    by_name: Ints
    """(C·P·M·F,) rank of each way by its name `channel|process|mode|frequency`; decides between equals."""

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """(C, P, M, F)"""
        return len(self.channels), len(self.processes), len(self.modes), len(self.frequencies)

    def names(self, way: int) -> tuple[str, str, str, str]:
        """Channel, process, mode, frequency of a way."""
        c, p, m, f = np.unravel_index(way, self.shape)
        return self.channels[c].name, self.processes[p].name, self.modes[m].name, self.frequencies[f].name


def ways_of(scenario: Scenario) -> Ways:
    """The grid of a scenario."""
    axes = (scenario.channels, scenario.processes, scenario.modes, scenario.frequencies)
    names = [
        "|".join((c.name, p.name, m.name, f.name))
        for c in axes[0]
        for p in axes[1]
        for m in axes[2]
        for f in axes[3]
    ]
    by_name = np.empty(len(names), dtype=np.intp)
    by_name[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return Ways(*axes, by_name=by_name)

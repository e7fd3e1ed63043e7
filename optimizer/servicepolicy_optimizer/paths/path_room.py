"""Whether the machine has the memory to choose among so many service paths."""

from servicepolicy_models.errors import TooLarge, error
from servicepolicy_optimizer.memory_available import available_bytes

BYTES_PER_PATH = 1_800
"""At the peak of price and fix, as measured at 278,426 and at 1,331,604 paths: docs/performance.md."""

MEND = (
    "Use fewer regions, channels, processes, modes, frequencies or deployments, forbid what nobody would "
    "choose, or take a larger machine."
)


class PathRoom:
    """Counts the paths of one segment under one deployment after the other."""

    def __init__(self, pairs: int) -> None:
        """pairs: of segment and deployment, that will be served."""
        self._pairs, self._served, self._paths = pairs, 0, 0
        self._free_bytes = available_bytes()

    def require(self, paths: int) -> None:
        """Raise TooLarge as soon as the paths so far do not fit, with an estimate for all of them."""
        self._served += 1
        self._paths += paths
        if self._free_bytes is None or self._paths * BYTES_PER_PATH <= self._free_bytes:
            return
        in_all = self._paths * self._pairs // self._served
        what = (
            f"About {in_all:,} service paths take {in_all * BYTES_PER_PATH / 1e9:,.1f} GB of memory; "
            f"{self._free_bytes / 1e9:,.1f} GB are available."
        )
        raise TooLarge([error("/segmentation", what, "paths.no_memory", MEND)])

"""Whether the machine has the memory for what is known of every item."""

from servicepolicy_models.errors import TooLarge, error
from servicepolicy_optimizer.memory_available import available_bytes

ARRAYS = 3
"""Arrays of items x atoms x atoms that stand side by side while the covariance is made."""


def require_memory(items: int, atoms: int) -> None:
    """Raise TooLarge, before they are made, where the arrays of so many items and atoms do not fit.

    An atom is a pair of customer class and region.
    """
    needed, free = ARRAYS * 8 * items * atoms * atoms, available_bytes()
    if free is None or needed <= free:
        return
    what = (
        f"{items:,} items with {atoms} pairs of customer class and region take {needed / 1e9:,.1f} GB of "
        f"memory; {free / 1e9:,.1f} GB are available."
    )
    mend = "Use fewer customer classes or regions, leave items without weight out, or take a larger machine."
    raise TooLarge([error("/segmentation", what, "demand.no_memory", mend)])

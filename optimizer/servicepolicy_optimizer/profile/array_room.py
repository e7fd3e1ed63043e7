"""Whether the machine has the memory for what is known of every item, or of every order line."""

from servicepolicy_models.errors import TooLarge, error
from servicepolicy_optimizer.memory_available import available_bytes

ARRAYS = 3
"""Arrays of items x atoms x atoms that stand side by side while the covariance is made."""

BYTES_PER_LINE = 230
"""What a line takes at the most while all become the arrays that are replayed; measured on a million."""


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


def require_memory_for_lines(lines: int) -> None:
    """Raise TooLarge, before they are read or made, where the arrays of so many order lines do not fit."""
    needed, free = BYTES_PER_LINE * lines, available_bytes()
    if free is None or needed <= free:
        return
    what = (
        f"{lines:,} order lines take {needed / 1e9:,.1f} GB of memory when they are replayed one by one; "
        f"{free / 1e9:,.1f} GB are available."
    )
    mend = (
        "Shorten the history (demand.history_from), simulate from the figures (source assumed), or take a "
        "larger machine; a profile and a policy need no such memory."
    )
    raise TooLarge([error("order lines", what, "demand.no_memory", mend)])

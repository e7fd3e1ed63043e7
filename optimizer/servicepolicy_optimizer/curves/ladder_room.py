"""Whether the machine has room for the ladders of so many items, before the first is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from servicepolicy_models.errors import TooLarge, error
from servicepolicy_optimizer.curves.in_a_file import DOUBLE_BYTES, Space
from servicepolicy_optimizer.intake.spill import free_bytes

LEFT_FREE_SHARE = 0.05
"""Share of the free disk that is left to others."""

BESIDE_LADDER_BYTES = 150
"""Of an item on a shelf: what is known of it, what follows of that, and its rungs in some thirty columns."""


@dataclass(frozen=True)
class ShelfSize:
    """A shelf that is to be stocked."""

    items: int
    doubles: int
    """That its ladder takes at the most."""


def require_room(shelves: Sequence[ShelfSize], space: Space) -> None:
    """Raise TooLarge where the ladders that memory does not hold need more of the disk than is free."""
    left, needed = space.most_bytes - space.taken_bytes, 0
    for one in shelves:
        takes = one.doubles * DOUBLE_BYTES
        if takes <= left:
            left -= takes
        else:
            needed += takes + one.items * BESIDE_LADDER_BYTES
    if not needed:
        return
    free = int(free_bytes(space.folder or Path(gettempdir())) * (1 - LEFT_FREE_SHARE))
    if needed <= free:
        return
    items = sum(one.items for one in shelves)
    what = (
        f"the ladders of {len(shelves):,} shelves with {items:,} items in all take {needed / 1e9:,.1f} GB of "
        f"the disk; {free / 1e9:,.1f} GB are free for it."
    )
    mend = (
        "Ask for fewer rungs, stocking options or items, leave out rationed shelves, which take four times "
        "what others do, or name a temporary folder on a larger disk (TMPDIR)."
    )
    raise TooLarge([error("/limits/rungs", what, "ladders.no_room", mend)])

"""Whether the machine has room for the ladders and the answer of so many items, before the first ladder is
made.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from servicepolicy_models.errors import TooLarge, error
from servicepolicy_optimizer.curves.in_a_file import DOUBLE_BYTES, Space
from servicepolicy_optimizer.intake.spill import free_bytes
from servicepolicy_optimizer.memory_available import available_bytes

LEFT_FREE_SHARE = 0.05
"""Share of the free disk that is left to others."""

BESIDE_LADDER_BYTES = 150
"""Of an item on a shelf: what is known of it, what follows of that, and its rungs in some thirty columns."""

DESCRIBED_BYTES = 2_000
"""Of an item while its shelf is stocked or judged: its demand with known order sizes, and what is made of
it."""

ROW_BYTES = 1_900
"""Of an item on a shelf in an item table, while its waits are added to it."""

HARDLY_ANY_BYTES = 500_000_000
"""Of memory, that nobody asks the machine for."""


@dataclass(frozen=True)
class ShelfSize:
    """A shelf that is to be stocked."""

    option: tuple[str, str]
    """Item class and stocking option."""
    items: int
    doubles: int
    """That its ladder takes at the most."""


def require_room(shelves: Sequence[ShelfSize], space: Space) -> None:
    """Raise TooLarge where the disk has no room for the ladders that memory does not hold, or memory none for
    the largest shelf, the ladders that it holds, and the item table of the option with most rows.
    """
    left, on_disk = space.most_bytes - space.taken_bytes, 0
    for one in shelves:
        takes = one.doubles * DOUBLE_BYTES
        if takes <= left:
            left -= takes
        else:
            on_disk += takes + one.items * BESIDE_LADDER_BYTES
    if on_disk:
        _require_disk(shelves, on_disk, space.folder or Path(gettempdir()))
    held = space.most_bytes - space.taken_bytes - left
    _require_memory(shelves, held + DESCRIBED_BYTES * max((one.items for one in shelves), default=0))


def _require_disk(shelves: Sequence[ShelfSize], needed: int, folder: Path) -> None:
    free = int(free_bytes(folder) * (1 - LEFT_FREE_SHARE))
    if needed <= free:
        return
    what = f"{_told(shelves)} take {needed / 1e9:,.1f} GB of the disk; {free / 1e9:,.1f} GB are free for it."
    mend = (
        "Ask for fewer rungs, stocking options or items, leave out rationed shelves, which take four times "
        "what others do, or name a temporary folder on a larger disk (TMPDIR)."
    )
    raise TooLarge([error("/limits/rungs", what, "ladders.no_room", mend)])


def _require_memory(shelves: Sequence[ShelfSize], of_shelves: int) -> None:
    """of_shelves: bytes that are needed without the item table."""
    rows, most = Counter[tuple[str, str]](), dict[str, int]()
    for one in shelves:
        rows[one.option] += one.items
    for (item_class, _), count in rows.items():
        most[item_class] = max(most.get(item_class, 0), count)
    needed = of_shelves + ROW_BYTES * sum(most.values())
    free = available_bytes() if needed > HARDLY_ANY_BYTES else None
    if free is None or needed <= free:
        return
    what = f"{_told(shelves)} take {needed / 1e9:,.1f} GB of memory; {free / 1e9:,.1f} GB are available."
    mend = "Ask for fewer items, leave out the stock policy `separate`, or take a larger machine."
    raise TooLarge([error("/stock_policies", what, "ladders.no_memory", mend)])


def _told(shelves: Sequence[ShelfSize]) -> str:
    return f"{len(shelves):,} shelves with {sum(one.items for one in shelves):,} items in all"

"""What was computed before, found again by the content of what it was computed from.

A value is a pure function of its inputs; its key is the hash of all of them and of the program itself. So a
recalled value is the computed one to the last bit, and what cannot be read is computed again.
"""

from servicepolicy_optimizer.recall.arrays import Packed, packed, unpacked
from servicepolicy_optimizer.recall.content import Part, content_key
from servicepolicy_optimizer.recall.place import NOTHING_KEPT, InMemory, Recall
from servicepolicy_optimizer.recall.recalled import key_found, recalled, recalled_at, recalled_where_made

__all__ = [
    "NOTHING_KEPT",
    "InMemory",
    "Packed",
    "Part",
    "Recall",
    "content_key",
    "key_found",
    "packed",
    "recalled",
    "recalled_at",
    "recalled_where_made",
    "unpacked",
]

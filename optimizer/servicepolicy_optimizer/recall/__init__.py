"""What was computed before, found again by the content of what it was computed from.

A value is a pure function of its inputs; its key is the hash of all of them and of the program itself. So a
recalled value is the computed one to the last bit, and what cannot be read is computed again.
"""

from servicepolicy_optimizer.recall.arrays import Packed, packed, unpacked
from servicepolicy_optimizer.recall.content import content_key
from servicepolicy_optimizer.recall.facts import facts_key, laid_out, packed_facts, unpacked_facts
from servicepolicy_optimizer.recall.place import NOTHING_KEPT, InMemory, Recall

__all__ = [
    "NOTHING_KEPT", "InMemory", "Packed", "Recall", "content_key", "facts_key", "laid_out", "packed",
    "packed_facts", "unpacked", "unpacked_facts",
]  # fmt: skip

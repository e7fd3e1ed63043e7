"""Examples in a finding: the first few, and whether there are more."""

from collections.abc import Sequence

EXAMPLES = 5
"""How many rows or codes a finding names."""


def listed(examples: Sequence[object], count: int) -> str:
    """The examples in a row; dots when there are more than shown.

    >>> listed(["a", "b"], 2), listed(["a", "b"], 7)
    ('a, b', 'a, b, ...')
    """
    shown = ", ".join(str(one) for one in examples[:EXAMPLES])
    return f"{shown}, ..." if count > min(len(examples), EXAMPLES) else shown

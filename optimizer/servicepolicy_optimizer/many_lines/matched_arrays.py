"""Cancellations matched where pieces are whole: what the statements of `profile.cancellations` find, by
stacks.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from servicepolicy_optimizer.compiled.matching import match_equal, match_parts
from servicepolicy_optimizer.profile.cancellations import NEGLIGIBLE_SHARE

EXACT_ODD_PART = 2**53 // 5**18
"""Statements add pieces up as decimals of eighteen places, made from doubles times 10^18: exactly so for
whole numbers whose odd part is no larger.
"""


def are_exact(pieces: Any) -> Any:
    """(n,) whether pieces are whole, and statements add them up as such.

    >>> are_exact(np.array([1.0, -2361.0, 2363.0, 4096.0, 2.5])).tolist()
    [True, True, False, True, False]
    """
    whole = np.abs(np.rint(pieces)).astype(np.int64)
    odd = whole // np.maximum(whole & -whole, 1)
    return (np.rint(pieces) == pieces) & (odd <= EXACT_ODD_PART)


def left_whole(lines: Mapping[str, Any]) -> Any:
    """(n,) what matching leaves of the pieces of lines: `trade`, `ordered_at`, `back`, and whole `pieces`.
    Lines of one moment follow one another by their `row`, or where there is none, as they stand.
    """
    row = lines.get("row")
    if row is not None and np.any(row[1:] < row[:-1]):
        in_order, left = np.argsort(row), np.empty(len(row))
        left[in_order] = left_whole({name: column[in_order] for name, column in lines.items()})
        return left
    trade, back, moment = lines["trade"], lines["back"], lines["ordered_at"]
    size = np.abs(lines["pieces"])
    left = size.astype(np.int64)
    equal = np.lexsort((back, moment, left, trade))
    rest = left[equal]
    begins = (np.diff(trade[equal], prepend=-1) != 0) | (np.diff(rest, prepend=-1) != 0)
    match_equal(np.cumsum(begins), back[equal], rest)
    left[equal] = rest
    # Only trades in which a cancellation is left.
    some = np.zeros(int(trade.max(initial=-1)) + 1, np.bool_)
    some[trade[back & (left > 0)]] = True
    still = np.flatnonzero((left > 0) & some[trade])
    still = still[np.lexsort((back[still], moment[still], trade[still]))]
    rest = left[still]
    match_parts(trade[still], back[still], rest)
    left[still] = rest
    return np.where(left > NEGLIGIBLE_SHARE * size, left, 0).astype(np.float64)

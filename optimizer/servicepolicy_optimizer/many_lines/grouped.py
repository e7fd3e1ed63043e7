"""Sums by group over lines in arrays: the groups of a statement, and its decimals."""

import math
from typing import Any

import numpy as np

from servicepolicy_models.errors import TooLarge, error
from servicepolicy_optimizer.compiled.line_groups import add_decimals, count_up, join_key, widen
from servicepolicy_optimizer.many_lines.numbering import KeyNumbers
from servicepolicy_optimizer.many_lines.sql_tables import decimals

EVERY = slice(None)


class ExactSums:
    """Exact sums by group number."""

    def __init__(self) -> None:
        """Nothing was added."""
        self._high, self._low = np.zeros(0, np.int64), np.zeros(0, np.int64)

    def add(self, number: Any, amounts: Any, groups: int) -> None:
        """Add amounts (n,) to the sums of groups number (n,), of which there are so many by now; what is not
        a number is left out.
        """
        self._high, self._low = _longer(self._high, groups, 0), _longer(self._low, groups, 0)
        add_decimals(number, np.asarray(amounts, np.float64), self._high, self._low)

    def decimals(self, groups: int, absent: Any = None) -> Any:
        """(groups,) the sums as decimals of the database; NULL where absent."""
        return decimals(
            _longer(self._high, groups, 0)[:groups], _longer(self._low, groups, 0)[:groups], absent
        )


class Groups:
    """Groups of lines, by a key of 64 bits made of several columns; how many lines each has."""

    def __init__(self, *sizes: int) -> None:
        """The sizes of the key's columns: values are -1 (there is none) up to size - 1. Raises TooLarge where
        a key would need more than 64 bits: then two groups could share one.
        """
        if math.prod(size + 1 for size in sizes) > np.iinfo(np.int64).max:
            what = f"Their groups have {' x '.join(map(str, sizes))} keys, more than 64 bits tell apart."
            mend = "Shorten the history (demand.history_from), or look at a part of the customers."
            raise TooLarge([error("order lines", what, "demand.no_memory", mend)])
        self.numbers, self._lines = KeyNumbers(math.prod(size + 1 for size in sizes)), np.zeros(0, np.int64)
        self._sizes = sizes

    def of(self, *columns: Any) -> Any:
        """(n,) group numbers of lines; they are counted."""
        return self.of_keys(self.keys(*columns))

    def keys(self, *columns: Any) -> Any:
        """(n,) keys of lines; nothing is counted."""
        key = np.zeros(len(columns[0]), np.int64)
        for column, size in zip(columns, self._sizes, strict=True):
            join_key(key, column, size + 1)
        return key

    def of_keys(self, key: Any) -> Any:
        """(n,) group numbers of lines with keys (n,); they are counted."""
        number = self.numbers.of(key)
        self._lines = _longer(self._lines, self.count, 0)
        count_up(number, self._lines)
        return number

    @property
    def count(self) -> int:
        """How many groups there are."""
        return self.numbers.count

    @property
    def rows(self) -> Any:
        """(count,) lines."""
        return self._lines[: self.count]

    def columns(self, some: slice = EVERY) -> list[Any]:
        """Column by column, the values of some groups, or of all."""
        found, key = list[Any](), self.numbers.keys[some].copy()
        for size in reversed(self._sizes):
            found.append((key % (size + 1) - 1).astype(np.int32))
            key //= size + 1
        return found[::-1]


class Range:
    """Least and most of whole numbers by group."""

    def __init__(self) -> None:
        """Nothing was seen."""
        self._least, self._most = np.zeros(0, np.int64), np.zeros(0, np.int64)

    def add(self, number: Any, values: Any, groups: int) -> None:
        """See the values (n,) of groups number (n,), of which there are so many by now."""
        limits = np.iinfo(np.int64)
        self._least = _longer(self._least, groups, limits.max)
        self._most = _longer(self._most, groups, limits.min)
        widen(number, values, self._least, self._most)

    def found(self, groups: int) -> tuple[Any, Any]:
        """(groups,) the least and the most."""
        return self._least[:groups], self._most[:groups]


def _longer(array: Any, size: int, filling: int) -> Any:
    """The array, or where it is too short a longer one, filled up."""
    if len(array) >= size:
        return array
    longer = np.full(max(size, 2 * len(array)), filling, array.dtype)
    longer[: len(array)] = array
    return longer

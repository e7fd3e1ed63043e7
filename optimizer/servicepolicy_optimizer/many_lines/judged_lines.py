"""The step of the waterfall that takes each line, by itself; and lines that others concern: equal lines, and
lines of a trade in which something was cancelled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from servicepolicy_optimizer.compiled.line_groups import mark_lines, seen_in_order
from servicepolicy_optimizer.many_lines.counted_arrays import days_from
from servicepolicy_optimizer.many_lines.numbering import KeyNumbers
from servicepolicy_optimizer.many_lines.stored_lines import StoredLines
from servicepolicy_optimizer.profile.numbered_lines import Judging
from servicepolicy_optimizer.profile.waterfall import steps_of

BITS_A_LINE = 16
"""Of the table that tells which hashes were seen: one in thirty lines is looked at once more in vain."""

MATCHED = ("ordered_at", "pieces", "back")
"""What a cancellation is matched by, beside the trade."""

EPOCH_DAY = date(1970, 1, 1)


@dataclass(frozen=True)
class Wanted:
    """By what the lines are judged."""

    judging: Judging
    named: bool
    """Whether the file names customers: then only a customer's cancellations are matched."""
    items: int
    code_of: Any
    """(spellings,) number of the code under which a spelling counts."""
    order_lines: Any
    """(orders,) lines."""


@dataclass(frozen=True)
class Concerned:
    """Lines that others concern."""

    alike: Any
    """Places (k,), rising, of lines that share a hash with another; none where equal lines are not asked for.
    They may be all of a file, so they stay where they are."""
    near: Mapping[str, Any] | None
    """Lines with `spot` (place) of trades in which something was cancelled, and `trade`; None: none."""


def judged_lines(lines: StoredLines, wanted: Wanted) -> Concerned:
    """Judge each line by itself, and look for those that others concern."""
    rules, repeated, trades = wanted.judging.rules, _Repeated(wanted), KeyNumbers()
    price = ("price",) if "price" in lines.columns else ()
    asked = ("order_key", "spelling", "item", "customer", "nameless", "back", "ordered_at", "pieces", *price)

    def look(first: int, batch: dict[str, Any]) -> tuple[Any, Any, Any]:
        step = _alone(batch, wanted.judging)
        lines.step[first : first + len(step)] = step
        order, marks = _marks_inside(batch, step, wanted) if rules.drop_exact_duplicates else (None, None)
        return order, marks, _cancelled(batch, wanted) if rules.match_cancellations else None

    for order, marks, cancelled in lines.each(asked, look):
        if marks is not None:
            repeated.look(order, marks)
        if cancelled is not None:
            trades.of(cancelled)
    return _concerned(lines, wanted, trades, repeated)


def _marks_inside(batch: Mapping[str, Any], step: Any, wanted: Wanted) -> tuple[Any, Any]:
    """Orders and hashes of the lines that lie inside the history: others equal nothing."""
    order, marks = batch["order_key"], marks_of(batch, wanted.code_of)
    return (order, marks) if step.all() else (order[step > 0], marks[step > 0])


def _cancelled(batch: Mapping[str, Any], wanted: Wanted) -> Any:
    """The trades of lines that are cancellations."""
    cancels = batch["back"] & (batch["item"] >= 0)
    if wanted.named:
        cancels &= ~batch["nameless"]
    return _trade(batch, wanted.items, cancels)


def _alone(batch: Mapping[str, Any], judging: Judging) -> Any:
    """(n,) the step that takes each line by itself."""
    day = days_from(EPOCH_DAY, batch["ordered_at"])
    size = np.abs(batch["pieces"])
    known = {**batch, "day": day, "is_duplicate": np.zeros(len(day), np.bool_)}
    return steps_of(
        _first_verdict(known, judging),
        batch["back"],
        size,
        size,
        is_late(batch["ordered_at"], judging),
        len(judging.asked),
    )


def is_late(moments: Any, judging: Judging) -> Any:
    """(n,) whether lines came after the last day."""
    return days_from(judging.last_day, moments) > 0


def _first_verdict(lines: Mapping[str, Any], judging: Judging) -> Any:
    """(n,) the first rule that takes each line; one more than there are for none."""
    verdict = np.full(len(lines["pieces"]), len(judging.asked), np.int8)
    for number, one in reversed(list(enumerate(judging.asked))):
        verdict[one.takes(lines)] = number
    return verdict


def _trade(batch: Mapping[str, Any], items: int, some: Any) -> Any:
    """A key for each customer and item of some lines."""
    return batch["customer"][some].astype(np.int64) * (items + 1) + batch["item"][some] + 1


class _Repeated:
    """Hashes that were seen more than once in an order, and some few that were not."""

    def __init__(self, wanted: Wanted) -> None:
        self._found = [np.empty(0, np.int64)]
        asked, lines = wanted.judging.rules.drop_exact_duplicates, int(wanted.order_lines.sum(dtype=np.int64))
        self._begins: Any = np.zeros(len(wanted.order_lines) + 1, np.uint32 if lines < 2**32 else np.int64)
        np.cumsum(wanted.order_lines, out=self._begins[1:])
        self._bits = np.zeros(lines * BITS_A_LINE // 64 + 1 if asked else 1, np.uint64)
        self.orders = np.zeros(len(wanted.order_lines), np.bool_)
        """(orders,) whether an order has such a hash."""

    def look(self, order: Any, marks: Any) -> None:
        """Look at the orders (n,) and hashes (n,) of some lines more."""
        seen = np.empty(len(marks), np.bool_)
        seen_in_order(order, marks, self._begins, BITS_A_LINE, self._bits, seen)
        self._found.append(marks[seen])
        self.orders[order[seen]] = True

    def marks(self) -> KeyNumbers:
        """The hashes; no line can be looked at any more."""
        self._bits = self._begins = np.empty(0, np.uint64)
        found = KeyNumbers()
        for one in self._found:
            found.of(one)
        return found


def marks_of(batch: Mapping[str, Any], code_of: Any) -> Any:
    """(n,) hashes of lines: equal lines have equal ones."""
    marks = np.empty(len(batch["pieces"]), np.int64)
    # Minus zero equals zero but has other bits.
    pieces = (batch["pieces"] + 0.0).view(np.int64)
    mark_lines(batch["order_key"], code_of[batch["spelling"]], pieces, batch["ordered_at"], marks)
    return marks


def _concerned(lines: StoredLines, wanted: Wanted, trades: KeyNumbers, repeated: _Repeated) -> Concerned:
    marks = repeated.marks()
    spots, numbers, near = [np.empty(0, np.int64)], [np.empty(0, np.int32)], list[dict[str, Any]]()
    if not trades.count and not marks.count:
        return Concerned(spots[0], None)
    cancelled = _customers_of(trades, wanted.items)
    names = ["order_key", "spelling", "item", "customer", *MATCHED]

    def look(first: int, batch: dict[str, Any]) -> tuple[Any, Any, dict[str, Any] | None]:
        spot, number, matched = spots[0], numbers[0], None
        if marks.count:
            inside = lines.step[first : first + len(batch["pieces"])] > 0
            some = np.flatnonzero(repeated.orders[batch["order_key"]] & inside)
            number = marks.find(marks_of({name: batch[name][some] for name in MARKED}, wanted.code_of))
            spot, number = some[number >= 0] + first, number[number >= 0]
        if trades.count:
            customer = batch["customer"]
            some = np.flatnonzero((customer >= 0) & (customer < len(cancelled)))
            some = some[cancelled[customer[some]]]
            trade = trades.find(_trade(batch, wanted.items, some))
            some, trade = some[trade >= 0], trade[trade >= 0]
            matched = {name: batch[name][some] for name in MATCHED} | {"spot": some + first, "trade": trade}
        return spot, number, matched

    for spot, number, matched in lines.each(names, look):
        spots.append(spot)
        numbers.append(number)
        if matched is not None:
            near.append(matched)
    alike = _shared(np.concatenate(spots), np.concatenate(numbers))
    # Column by column, and the parts go as they are joined.
    joined = (
        {name: np.concatenate([one.pop(name) for one in near]) for name in tuple(near[0])} if near else None
    )
    return Concerned(alike, joined)


MARKED = ("order_key", "spelling", "ordered_at", "pieces")
"""What a hash is of."""


def _customers_of(trades: KeyNumbers, items: int) -> Any:
    """Whether a customer cancelled anything, up to the last who did."""
    customers = trades.keys // (items + 1)
    cancelled = np.zeros(int(customers.max(initial=-1)) + 1, np.bool_)
    cancelled[customers] = True
    return cancelled


def _shared(spots: Any, number: Any) -> Any:
    """The places (k,) of those of the lines at `spots` (n,) whose number of a hash (n,) another has too."""
    return spots[np.bincount(number)[number] > 1]

"""QuickXplain: a smallest contradiction in few questions."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def quick_explain(candidates: Sequence[Thing], contradict: Callable[[Sequence[Thing]], bool]) -> list[Thing]:
    """Candidates that contradict together, none of which could be left out.

    `contradict` says whether some candidates contradict (with whatever stands behind them); all of them must,
    and what contains a contradiction must contradict as well. Of n candidates and k in the answer it is asked
    O(k log(n / k)) times (Junker 2004, QuickXplain: preferred explanations and relaxations for
    over-constrained problems).

    >>> quick_explain("abcdefgh", lambda some: "c" in some and "g" in some)
    ['c', 'g']
    >>> quick_explain("abc", lambda some: True)
    []
    """
    return [] if contradict(()) else _within([], False, candidates, contradict)


def _within(
    kept: Sequence[Thing],
    has_grown: bool,
    candidates: Sequence[Thing],
    contradict: Callable[[Sequence[Thing]], bool],
) -> list[Thing]:
    if has_grown and contradict(kept):
        return []
    if len(candidates) <= 1:
        return list(candidates)
    half = len(candidates) // 2
    first, second = candidates[:half], candidates[half:]
    of_second = _within([*kept, *first], True, second, contradict)
    of_first = _within([*kept, *of_second], bool(of_second), first, contradict)
    return [*of_first, *of_second]

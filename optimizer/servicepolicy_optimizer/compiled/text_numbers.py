"""Texts get numbers, told apart letter by letter; the table of places is that of `line_groups`.

Places are counted without a sign: what might count from the end is looked at once more for each letter.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from servicepolicy_optimizer.compiled.line_groups import FOLD, mixed
from servicepolicy_optimizer.compiled.machine_code import bare_machine_code

ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT = (np.uint64(n) for n in range(1, 9))


@bare_machine_code
def word_at(letters: Any, at: Any) -> Any:
    """Eight letters as a number; written so, the compiler reads them at once."""
    return (
        np.uint64(letters[at])
        | np.uint64(letters[at + ONE]) << np.uint64(8)
        | np.uint64(letters[at + TWO]) << np.uint64(16)
        | np.uint64(letters[at + THREE]) << np.uint64(24)
        | np.uint64(letters[at + FOUR]) << np.uint64(32)
        | np.uint64(letters[at + FIVE]) << np.uint64(40)
        | np.uint64(letters[at + SIX]) << np.uint64(48)
        | np.uint64(letters[at + SEVEN]) << np.uint64(56)
    )


@bare_machine_code
def is_text(letters: Any, begin: Any, size: Any, known: Any, number: Any, arena: Any) -> bool:
    """Whether so many letters from here are the text with this number; `known` and `arena` as in
    `number_texts`.
    """
    at = np.uint64(known[number])
    if np.uint64(known[number + ONE]) - at != size:
        return False
    here, end = begin, begin + size
    while here + EIGHT <= end:
        if word_at(letters, here) != word_at(arena, at):
            return False
        here += EIGHT
        at += EIGHT
    while here < end:
        if letters[here] != arena[at]:
            return False
        here += ONE
        at += ONE
    return True


@bare_machine_code
def mark_of(letters: Any, begin: Any, size: Any) -> Any:
    """64 bits that depend on all letters of a text."""
    mark, here, end = size, begin, begin + size
    while here + EIGHT <= end:
        mark = mixed(mark ^ word_at(letters, here))
        here += EIGHT
    word = np.uint64(0)
    while here < end:
        word = (word << EIGHT) | np.uint64(letters[here])
        here += ONE
    return mixed(mark ^ word)


@bare_machine_code
def number_texts(
    starts: Any, letters: Any, places: Any, known: Any, arena: Any, marks: Any, count: int, out: Any
) -> int:
    """The number of every text into out (n,); return how many texts have one now.

    starts (n + 1,) and letters: the texts end to end; known (...,) and arena: those that have a number, the
    same way, with room for all that may come; marks (...,): 32 bits of each; places: table of their numbers

    A line mostly belongs to the order of the line before, so that is compared first.
    """
    mask, last = np.uint64(len(places) - 1), -1
    for n in range(len(out)):
        begin = np.uint64(starts[n])
        size = np.uint64(starts[n + 1]) - begin
        if last >= 0 and is_text(letters, begin, size, known, np.uint64(last), arena):
            out[n] = last
            continue
        mark = mark_of(letters, begin, size)
        short = np.uint32(mark ^ (mark >> FOLD))
        place = np.uint64(short) & mask
        while True:
            held = places[place]
            if held < 0:
                at = np.uint64(known[count])
                for k in range(size):
                    arena[at + k] = letters[begin + k]
                known[count + 1] = at + size
                marks[count] = short
                places[place] = count
                held = count
                count += 1
                break
            one = np.uint64(held)
            if marks[one] == short and is_text(letters, begin, size, known, one, arena):
                break
            place = (place + ONE) & mask
        out[n] = held
        last = held
    return count


@bare_machine_code
def place_texts(marks: Any, places: Any) -> None:
    """Write the number of every text (n,) into a table of places, all free; marks as in `number_texts`."""
    mask = np.uint64(len(places) - 1)
    for n in range(len(marks)):
        place = np.uint64(marks[n]) & mask
        while places[place] >= 0:
            place = (place + np.uint64(1)) & mask
        places[place] = n


@bare_machine_code
def are_plain(starts: Any, letters: Any) -> bool:
    """Whether each text begins and ends with a letter of ASCII that is no blank; false where one is empty.

    starts (n + 1,), letters: the texts end to end
    """
    for n in range(len(starts) - 1):
        if starts[n] == starts[n + 1]:
            return False
        first, last = letters[starts[n]], letters[starts[n + 1] - 1]
        if first <= ord(" ") or first > ord("~") or last <= ord(" ") or last > ord("~"):
            return False
    return True

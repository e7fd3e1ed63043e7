"""Order lines in groups: texts and whole keys get numbers, amounts are added up exactly, number by number.

Every table of places is an open one: a power of two places, less than half of them taken, -1 where none is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from servicepolicy_optimizer.compiled.machine_code import machine_code

SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: Knuth's multiplicative hashing (The Art of Computer Programming 3, 6.4)."""
FOLD = np.uint64(32)

PLACES_PER_UNIT = 1e9
"""A decimal has nine places."""
LOW_BITS = 60
LOW_UNITS = 1 << LOW_BITS
LOW_MASK = LOW_UNITS - 1
"""An exact sum is high * 2^60 + low units, 0 <= low < 2^60: what a decimal of 38 digits holds fits."""


@machine_code
def mixed(number: Any) -> Any:
    """64 bits that depend on all bits of a number of 64 bits."""
    spread = number * SPREAD
    return (spread ^ (spread >> FOLD)) * SPREAD


@machine_code
def place_of(mark: Any, mask: Any) -> Any:
    """Where the search for a mark of 64 bits begins in a table of mask + 1 places."""
    return (mark ^ (mark >> FOLD)) & mask


@machine_code
def is_text(letters: Any, begin: int, size: int, known: Any, number: int, arena: Any) -> bool:
    """Whether so many letters from here are the text with this number; `known` and `arena` as in
    `number_texts`.
    """
    at = known[number]
    if known[number + 1] - at != size:
        return False
    k = 0
    while k < size and letters[begin + k] == arena[at + k]:
        k += 1
    return k == size


@machine_code
def number_texts(starts: Any, letters: Any, places: Any, known: Any, arena: Any, count: int, out: Any) -> int:
    """The number of every text into out (n,); return how many texts have one now.

    starts (n + 1,) and letters: the texts end to end; known (...,) and arena: those that have a number, the
    same way, with room for all that may come; places: table of their numbers

    A line mostly belongs to the order of the line before, so that is compared first.
    """
    mask = np.uint64(len(places) - 1)
    last = -1
    for n in range(len(out)):
        begin, size = starts[n], starts[n + 1] - starts[n]
        if last >= 0 and is_text(letters, begin, size, known, last, arena):
            out[n] = last
            continue
        mark = np.uint64(size)
        for k in range(size):
            mark = (mark ^ np.uint64(letters[begin + k])) * SPREAD
        place = place_of(mark, mask)
        while True:
            held = places[place]
            if held < 0:
                at = known[count]
                for k in range(size):
                    arena[at + k] = letters[begin + k]
                known[count + 1] = at + size
                places[place] = count
                held = count
                count += 1
                break
            if is_text(letters, begin, size, known, held, arena):
                break
            place = (place + np.uint64(1)) & mask
        out[n] = held
        last = held
    return count


@machine_code
def number_keys(keys: Any, places: Any, known: Any, count: int, out: Any) -> int:
    """The number of every key (n,) of 64 bits into out (n,); return how many keys have one now.

    known (...,): the keys that have a number, with room for all that may come; places: table of numbers
    """
    mask = np.uint64(len(places) - 1)
    for n in range(len(keys)):
        key = keys[n]
        place = place_of(np.uint64(key) * SPREAD, mask)
        while True:
            held = places[place]
            if held < 0:
                known[count] = key
                places[place] = count
                held = count
                count += 1
                break
            if known[held] == key:
                break
            place = (place + np.uint64(1)) & mask
        out[n] = held
    return count


@machine_code
def find_keys(keys: Any, places: Any, known: Any, out: Any) -> None:
    """The number of every key (n,) into out (n,), -1 where it has none."""
    mask = np.uint64(len(places) - 1)
    for n in range(len(keys)):
        key = keys[n]
        place = place_of(np.uint64(key) * SPREAD, mask)
        held = places[place]
        while held >= 0 and known[held] != key:
            place = (place + np.uint64(1)) & mask
            held = places[place]
        out[n] = held


@machine_code
def mark_lines(order: Any, code: Any, pieces: Any, moment: Any, out: Any) -> None:
    """A hash of every line (n,) into out (n,): equal for lines of one order, code, quantity and moment."""
    for n in range(len(out)):
        mark = mixed(np.uint64(order[n])) + np.uint64(code[n])
        mark = mixed(mark) + np.uint64(pieces[n])
        out[n] = np.int64(mixed(mark) ^ mixed(np.uint64(moment[n])))


@machine_code
def seen_before(marks: Any, bits: Any, seen: Any) -> None:
    """Whether a mark's bit is set already, into seen (n,); then set it. bits: a power of two words."""
    mask, six, low = np.uint64(len(bits) - 1), np.uint64(6), np.uint64(63)
    for n in range(len(marks)):
        mark = np.uint64(marks[n])
        bit = np.uint64(1) << (mark & low)
        word = (mark >> six) & mask
        seen[n] = (bits[word] & bit) != 0
        bits[word] |= bit


@machine_code
def add_decimals(number: Any, amounts: Any, high: Any, low: Any) -> None:
    """Add every amount (n,), rounded half away from zero to nine places, to the sum of its number; what is
    not a number is left out.
    """
    for n in range(len(number)):
        amount = amounts[n]
        if amount != amount:
            continue
        scaled = amount * PLACES_PER_UNIT
        units = np.trunc(scaled)
        rest = scaled - units
        if rest >= 0.5:
            units += 1.0
        elif rest <= -0.5:
            units -= 1.0
        # Towards zero: a small negative number of units less a large one would have no room in a double.
        over = np.trunc(units / LOW_UNITS)
        group = number[n]
        summed = low[group] + np.int64(units - over * LOW_UNITS)
        low[group] = summed & LOW_MASK
        high[group] += np.int64(over) + (summed >> LOW_BITS)


@machine_code
def widen(number: Any, values: Any, least: Any, most: Any) -> None:
    """The least and the most of the values (n,) of every number."""
    for n in range(len(number)):
        group = number[n]
        least[group] = min(least[group], values[n])
        most[group] = max(most[group], values[n])


@machine_code
def add_cells(
    order: Any, customer: Any, cells: Any, width: int, buyer: Any, words: Any, stranger: Any
) -> None:
    """Set the bit of every line's cell (n,) in the words (O, W) of its order, `width` bits to a word.

    buyer (O,): whose order it is, -1 before its first line; a line of another customer is no part of it, but
    a stranger (n,)
    """
    for n in range(len(order)):
        one = order[n]
        if buyer[one] < 0:
            buyer[one] = customer[n]
        stranger[n] = buyer[one] != customer[n]
        if not stranger[n]:
            words[one, cells[n] // width] |= np.int64(1) << np.int64(cells[n] % width)

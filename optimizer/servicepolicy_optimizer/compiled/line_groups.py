"""Order lines in groups: whole keys get numbers, amounts are added up exactly, number by number.

Every table of places is an open one: a power of two places, less than half of them taken, -1 where none is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from servicepolicy_optimizer.compiled.machine_code import bare_machine_code

SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: Knuth's multiplicative hashing (The Art of Computer Programming 3, 6.4)."""
FOLD = np.uint64(32)

PLACES_PER_UNIT = 1e9
"""A decimal has nine places."""
LOW_BITS = 60
LOW_UNITS = 1 << LOW_BITS
LOW_MASK = LOW_UNITS - 1
"""An exact sum is high * 2^60 + low units, 0 <= low < 2^60: what a decimal of 38 digits holds fits."""
LARGEST_WORD = 9e18
"""Whole doubles below are numbers of 64 bits."""


@bare_machine_code
def mixed(number: Any) -> Any:
    """64 bits that depend on all bits of a number of 64 bits."""
    spread = number * SPREAD
    return (spread ^ (spread >> FOLD)) * SPREAD


@bare_machine_code
def place_of(mark: Any, mask: Any) -> Any:
    """Where the search for a mark of 64 bits begins in a table of mask + 1 places."""
    return (mark ^ (mark >> FOLD)) & mask


@bare_machine_code
def number_of(key: Any, places: Any, is_direct: bool, known: Any, count: int) -> Any:
    """The number of a key of 64 bits; one that has none is written as number `count`.

    known (...,): the keys that have a number, with room for one more; places: table of numbers; is_direct:
    whether that has a place for every key there may be, so that the key itself is the place
    """
    mask = np.uint64(len(places) - 1)
    place = np.uint64(key) if is_direct else place_of(np.uint64(key) * SPREAD, mask)
    while True:
        held = places[place]
        if held < 0:
            known[count] = key
            places[place] = count
            return count
        if known[held] == key:
            return held
        place = (place + np.uint64(1)) & mask


@bare_machine_code
def number_keys(keys: Any, places: Any, is_direct: bool, known: Any, count: int, out: Any) -> int:
    """The number of every key (n,) into out (n,); return how many keys have one now."""
    for n in range(len(keys)):
        number = number_of(keys[n], places, is_direct, known, count)
        count = max(count, number + 1)
        out[n] = number
    return count


@bare_machine_code
def join_key(key: Any, column: Any, width: int) -> None:
    """One column (n,) more for keys (n,): values from -1 up to below width - 1."""
    for n in range(len(key)):
        key[n] = key[n] * width + column[n] + 1


@bare_machine_code
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


@bare_machine_code
def mark_lines(order: Any, code: Any, pieces: Any, moment: Any, out: Any) -> None:
    """A hash of every line (n,) into out (n,): equal for lines of one order, code, quantity and moment."""
    for n in range(len(out)):
        mark = mixed(np.uint64(order[n])) + np.uint64(code[n])
        mark = mixed(mark) + np.uint64(pieces[n])
        out[n] = np.int64(mixed(mark) ^ mixed(np.uint64(moment[n])))


@bare_machine_code
def units_of(amount: Any) -> Any:
    """An amount, rounded half away from zero to nine places, as words high * 2^60 + low, 0 <= low < 2^60."""
    scaled = amount * PLACES_PER_UNIT
    if abs(scaled) < LARGEST_WORD:
        whole = np.int64(scaled)
        rest = scaled - whole
        whole += np.int64(rest >= 0.5) - np.int64(rest <= -0.5)
        return whole >> LOW_BITS, whole & LOW_MASK
    # A whole number. Towards zero: a small negative number of units less a large one would have no room in a
    # double.
    over = np.trunc(scaled / LOW_UNITS)
    low = np.int64(scaled - over * LOW_UNITS)
    return np.int64(over) + (low >> LOW_BITS), low & LOW_MASK


@bare_machine_code
def add_decimals(number: Any, amounts: Any, high: Any, low: Any) -> None:
    """Add every amount (n,) to the sum of its number; what is not a number is left out."""
    for n in range(len(number)):
        if amounts[n] != amounts[n]:
            continue
        over, rest = units_of(amounts[n])
        group = number[n]
        summed = low[group] + rest
        low[group] = summed & LOW_MASK
        high[group] += over + (summed >> LOW_BITS)


@bare_machine_code
def add_amount(amount: Any, sums: Any, group: int, place: int) -> None:
    """Add an amount to the two words, high and low, that begin at a place of a group's row of sums."""
    if amount != amount:
        return
    over, rest = units_of(amount)
    summed = sums[group, place + 1] + rest
    sums[group, place + 1] = summed & LOW_MASK
    sums[group, place] += over + (summed >> LOW_BITS)


@bare_machine_code
def widen(number: Any, values: Any, least: Any, most: Any) -> None:
    """The least and the most of the values (n,) of every number."""
    for n in range(len(number)):
        group = number[n]
        least[group] = min(least[group], values[n])
        most[group] = max(most[group], values[n])


@bare_machine_code
def placed(customer: int, place: int, named: Any, home: Any) -> Any:
    """The region of a line: as the line names it, else of its customer; -1 for none."""
    region = named[place]
    return region if region >= 0 else home[customer]


@bare_machine_code
def add_placed(
    step: Any,
    kept: int,
    item: Any,
    customer: Any,
    place: Any,
    left: Any,
    price: Any,
    moved: Any,
    unit_price: Any,
    unit_cost: Any,
    named: Any,
    home: Any,
    class_of: Any,
    by_item: bool,
    turn: int,
    widths: Any,
    places: Any,
    is_direct: bool,
    known: Any,
    count: int,
    sums: Any,
) -> int:
    """Add up lines (n,) of a step by their item, or customer, by the class of the other, and by region;
    return how many groups there are now. Of items, or customers, only those with an even number have turn
    0, the others turn 1, and half of their number is in the key.

    moved (...,): number of an item in demand; unit_price, unit_cost (items,); named (places + 1,), home
    (customers,): regions; class_of: of customers where lines are added by item, else of items; widths (2,):
    of classes and regions in a key; places ... known: as in `number_of`; sums (..., 8): pieces, revenue and
    cost, two words each, then lines: a group lies in one line of the processor's cache
    """
    classes, regions = widths[0], widths[1]
    for n in range(len(step)):
        if step[n] != kept:
            continue
        one, buyer = moved[item[n]], customer[n]
        if (one if by_item else buyer) & 1 != turn:
            continue
        region = placed(buyer, place[n], named, home)
        if by_item:
            key = np.int64((one >> 1) + 1) * classes + class_of[buyer] + 1
        else:
            key = np.int64((buyer >> 1) + 1) * classes + class_of[one] + 1
        number = number_of(key * regions + region + 1, places, is_direct, known, count)
        count = max(count, number + 1)
        sums[number, 6] += 1
        paid = price[n]
        if paid != paid:
            paid = unit_price[one]
        add_amount(left[n], sums, number, 0)
        add_amount(left[n] * paid, sums, number, 2)
        add_amount(left[n] * unit_cost[one], sums, number, 4)
    return count


@bare_machine_code
def add_cells(
    step: Any,
    kept: int,
    order: Any,
    item: Any,
    customer: Any,
    place: Any,
    moved: Any,
    named: Any,
    home: Any,
    class_of: Any,
    regions: int,
    width: int,
    buyer: Any,
    words: Any,
    cells: Any,
) -> int:
    """Set the bit of every line's cell in the words (O, W) of its order, `width` bits to a word, and write
    the cells (n,), item class x regions + region, -1 for lines of other steps; return how many lines are of
    strangers.

    buyer (O,): whose order it is, -1 before its first line. A line of another customer, a stranger, is no
    part of it; its cell is -2 - cell
    """
    strangers = 0
    for n in range(len(step)):
        cells[n] = -1
        if step[n] != kept:
            continue
        one, whose = moved[item[n]], customer[n]
        cell = class_of[one] * regions + placed(whose, place[n], named, home)
        number = order[n]
        if buyer[number] < 0:
            buyer[number] = whose
        if buyer[number] != whose:
            strangers += 1
            cells[n] = -2 - cell
            continue
        cells[n] = cell
        words[number, cell // width] |= np.int64(1) << np.int64(cell % width)
    return strangers


@bare_machine_code
def look_up(numbers: Any, of: Any, others: Any, out: Any) -> None:
    """What `of` (N,) says of every number (n,) into out (n,); -1 of -1, and -2 - k is number k of the
    `others` (M,).
    """
    for n in range(len(numbers)):
        one = numbers[n]
        if one >= 0:
            out[n] = of[one]
        else:
            out[n] = others[-2 - one] if one < -1 else -1


@bare_machine_code
def count_up(number: Any, counts: Any) -> None:
    """Count every number (n,)."""
    for n in range(len(number)):
        counts[number[n]] += 1


@bare_machine_code
def seen_in_order(order: Any, marks: Any, begins: Any, width: int, bits: Any, seen: Any) -> None:
    """Whether a mark's bit is set already among those of its order, into seen (n,); then set it.

    begins (O + 1,): lines of all orders before each, for each of which there are `width` bits. Lines of an
    order mostly follow one another, and so do its bits.
    """
    six, low = np.uint64(6), np.uint64(63)
    for n in range(len(marks)):
        begin, end = np.int64(begins[order[n]]), np.int64(begins[order[n] + 1])
        span = np.uint64((end - begin) * width)
        at = np.uint64(begin * width) + (((np.uint64(marks[n]) >> FOLD) * span) >> FOLD)
        bit = np.uint64(1) << (at & low)
        word = at >> six
        seen[n] = (bits[word] & bit) != 0
        bits[word] |= bit

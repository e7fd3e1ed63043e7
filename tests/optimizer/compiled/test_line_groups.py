"""Compiled groups of lines against dictionaries and decimals."""

from decimal import ROUND_HALF_UP, Decimal

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.compiled.line_groups import add_cells, add_decimals, mark_lines, seen_in_order
from servicepolicy_optimizer.many_lines.grouped import ExactSums, Groups, Range
from servicepolicy_optimizer.many_lines.numbering import KeyNumbers, TextNumbers

PARTS = st.lists(
    st.lists(st.sampled_from(["", "a", "aa", "ab", "é", "a\x00", "ordér 7"]), max_size=8), max_size=5
)
AMOUNTS = st.lists(
    st.tuples(st.integers(0, 3), st.floats(-1e18, 1e18) | st.integers(-9, 9).map(lambda n: n * 0.5e-9)),
    max_size=40,
)


def numbered(values):
    known = {}
    return [known.setdefault(value, len(known)) for value in values], list(known)


@settings(deadline=None)  # the first call compiles
@given(parts=PARTS)
def test_texts_are_numbered_as_they_are_met(parts):
    numbers = TextNumbers()
    found = [number for part in parts for number in numbers.of(pa.array(part, pa.string())).tolist()]
    wanted, texts = numbered([text for part in parts for text in part])
    assert found == wanted
    assert numbers.texts().to_pylist() == texts


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_some_texts_of_an_array_are_numbered(kind):
    texts = ["first", "second", "the third", "four"]
    numbers = TextNumbers()
    assert numbers.of(pa.array(texts, kind).slice(1, 2)).tolist() == [0, 1]
    assert numbers.texts().to_pylist() == texts[1:3]


@pytest.mark.parametrize(
    ("texts", "plain"),
    [
        (["a", "7 b", "x y z"], True),
        (["a", ""], False),
        (["a "], False),
        ([" a"], False),
        (["é7"], False),
        ([], False),
    ],
)
def test_plain_texts_begin_and_end_with_letters(texts, plain):
    numbers = TextNumbers()
    numbers.of(pa.array(texts, pa.string()))
    assert numbers.are_plain() == plain


def test_long_texts_that_differ_in_one_letter_are_told_apart():
    alike = "a text of thirty-one letters..."
    texts = [alike, *(alike[:n] + "?" + alike[n + 1 :] for n in range(len(alike))), alike[:-1], alike + "."]
    numbers = TextNumbers()
    assert numbers.of(pa.array(texts)).tolist() == list(range(len(texts)))
    assert numbers.of(pa.array(texts[::-1])).tolist() == list(range(len(texts)))[::-1]


def test_very_many_texts_and_keys_keep_their_numbers_while_the_tables_grow():
    rng = np.random.default_rng(3)
    keys = rng.integers(-(2**62), 2**62, 20_000)[rng.integers(0, 20_000, 60_000)]
    wanted, known = numbered(keys.tolist())
    of_keys, of_texts = KeyNumbers(), TextNumbers()
    for part in np.split(keys, 20):
        of_keys.of(part)
        of_texts.of(pa.array([f"order {key}" for key in part]))
    assert of_keys.of(keys).tolist() == wanted
    assert of_texts.of(pa.array([f"order {key}" for key in keys])).tolist() == wanted
    assert of_keys.keys.tolist() == known
    assert of_texts.texts().to_pylist() == [f"order {key}" for key in known]
    assert of_keys.find(np.array([known[7], 2**62 + 1])).tolist() == [7, -1]


def test_keys_of_one_place_are_told_apart():
    # Multiples of 2^54 differ in their highest bits only.
    keys = np.arange(500, dtype=np.int64) << 54
    numbers = KeyNumbers()
    assert numbers.of(keys).tolist() == numbered(keys.tolist())[0]


@settings(deadline=None)
@given(amounts=AMOUNTS)
def test_sums_are_those_of_decimals(amounts):
    number = np.array([one for one, _ in amounts], np.int32)
    values = np.array([value for _, value in amounts], float)
    sums = ExactSums()
    for part in (slice(0, 5), slice(5, None)):
        sums.add(number[part], values[part], 4)
    wanted = [Decimal(0)] * 4
    for group, value in zip(number, values, strict=True):
        units = Decimal(float(value) * 1e9).quantize(Decimal(1), ROUND_HALF_UP)
        wanted[group] += units.scaleb(-9)
    assert sums.decimals(4).to_pylist() == wanted


def test_an_amount_becomes_the_decimal_that_the_database_makes_of_it():
    rng = np.random.default_rng(1)
    cents = rng.integers(0, 10**6, 20_000) * rng.integers(1, 10**5, 20_000) / 100
    halves = rng.integers(-(10**7), 10**7, 20_000) * 0.5e-9
    values = np.concatenate((cents, halves, rng.normal(size=20_000) * 1e3, rng.random(20_000) * 1e18))
    sums, every = ExactSums(), np.arange(len(values), dtype=np.int32)
    sums.add(every, values, len(values))
    lines = pa.table({"number": every, "value": values})
    with duckdb.connect() as connection:
        connection.register("lines", lines)
        cast = "SELECT CAST(value AS DECIMAL(38, 9)) AS value FROM lines ORDER BY number"
        wanted = connection.sql(cast).to_arrow_table().column("value").to_pylist()
    assert sums.decimals(len(values)).to_pylist() == wanted


def test_what_is_not_a_number_is_left_out_and_nothing_is_absent():
    sums = ExactSums()
    sums.add(np.array([0, 0, 1], np.int32), np.array([1.5, np.nan, np.nan]), 2)
    assert sums.decimals(2, np.array([False, True])).to_pylist() == [Decimal("1.5"), None]


def test_groups_and_ranges_are_those_of_a_dictionary():
    rng = np.random.default_rng(2)
    columns = rng.integers(-1, 4, (2, 300)).astype(np.int8)
    values = rng.integers(-50, 50, 300)
    groups, ranges = Groups(4, 4), Range()
    for part in (slice(0, 100), slice(100, 300)):
        number = groups.of(*columns[:, part])
        ranges.add(number, values[part], groups.count)
    pairs = list(zip(*columns.tolist(), strict=True))
    _, known = numbered(pairs)
    assert list(zip(*(one.tolist() for one in groups.columns()), strict=True)) == known
    assert groups.rows.tolist() == [pairs.count(pair) for pair in known]
    least, most = ranges.found(groups.count)
    for number, pair in enumerate(known):
        own = [value for value, other in zip(values.tolist(), pairs, strict=True) if other == pair]
        assert (least[number], most[number]) == (min(own), max(own))


def test_equal_lines_have_one_mark_and_a_mark_is_told_when_it_comes_again():
    order, code = np.array([1, 1, 1, 2], np.int32), np.array([5, 5, 6, 5], np.int64)
    pieces, moment, marks = np.array([3, 3, 3, 3], np.int64), np.full(4, 9, np.int64), np.empty(4, np.int64)
    mark_lines(order, code, pieces, moment, marks)
    assert marks[0] == marks[1] and len(set(marks.tolist())) == 3
    begins, bits, seen = np.array([0, 0, 4, 8]), np.zeros(3, np.uint64), np.empty(4, np.bool_)
    seen_in_order(order, marks, begins, 16, bits, seen)
    assert seen.tolist() == [False, True, False, False]
    seen_in_order(order, marks, begins, 16, bits, seen)
    assert seen.all()
    seen_in_order(3 - order, marks, begins, 16, bits, seen)
    assert not seen[0]  # another order's bits are others


@pytest.mark.parametrize("width", [1, 5, 62])
def test_cells_of_an_order_are_those_of_its_first_customer(width):
    order, customer = np.array([0, 1, 0, 0, 0], np.int32), np.array([1, 2, 1, 3, 1], np.int32)
    # Two regions: of places 0 and 1, and at home where a line names none.
    item, place = np.array([0, 2, 1, 1, 2], np.int32), np.array([0, 1, -1, 1, 0], np.int32)
    step = np.array([9, 9, 9, 9, 8], np.int8)
    moved, item_class = np.array([1, 0, 2], np.int32), np.array([4, 0, 30], np.int32)
    named, home = np.array([0, 1, -1], np.int32), np.array([0, 1, 0, 0], np.int32)
    buyer, cells = np.full(2, -1, np.int32), np.empty(5, np.int32)
    words = np.zeros((2, 62 // width + 1), np.int64)
    lines = (step, 9, order, item, customer, place)
    assert add_cells(*lines, moved, named, home, item_class, 2, width, buyer, words, cells) == 1
    assert buyer.tolist() == [1, 2] and cells.tolist() == [0, 61, 9, -2 - 9, -1]
    met = [[c for c in range(62) if words[one, c // width] >> (c % width) & 1] for one in (0, 1)]
    assert met == [[0, 9], [61]]


def test_a_carry_goes_up_and_a_borrow_comes_down():
    high, low = np.zeros(1, np.int64), np.zeros(1, np.int64)
    add_decimals(np.zeros(4, np.int32), np.array([1.1e9, 1.1e9, -2.2e9, -1e-9]), high, low)
    assert (int(high[0]) << 60) + int(low[0]) == -1

"""Values in memory are bounded by their bytes; no two inputs share a key."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from servicepolicy_optimizer.recall import InMemory, Packed, content_key, packed, unpacked


def test_the_least_asked_for_is_forgotten_first():
    recall = InMemory(100)
    recall.put("a", bytes(40))
    recall.put("b", bytes(40))
    assert recall.get("a") == bytes(40)
    recall.put("c", bytes(40))
    assert recall.get("b") is None
    assert recall.get("a") is not None and recall.get("c") is not None
    assert recall.bytes == 80


def test_what_would_drive_out_everything_is_not_kept():
    recall = InMemory(100)
    recall.put("a", bytes(60))
    assert recall.get("a") is None


def test_a_value_put_again_counts_once():
    recall = InMemory(100)
    for size in (10, 20, 30):
        recall.put("a", bytes(size))
    assert recall.bytes == 30


NUMBERS = arrays.arrays(st.sampled_from([np.float64, np.int64, np.bool_]), arrays.array_shapes(min_side=0))


@given(st.dictionaries(st.text("abc.", min_size=1), NUMBERS), st.dictionaries(st.text(), st.integers()))
def test_what_is_packed_is_unpacked(given, words):
    found = unpacked(packed(Packed(given, words)))
    assert found.words == words
    assert found.arrays.keys() == given.keys()
    for name, value in given.items():
        assert found.arrays[name].dtype == value.dtype
        assert found.arrays[name].tobytes() == value.tobytes()


@given(st.binary(max_size=200))
def test_other_bytes_are_no_value(content):
    assert unpacked(content) is None


def test_objects_are_never_read():
    value = packed(Packed({"a": np.zeros(1)}))
    assert unpacked(value.replace(b'"<f8"', b'"|O8"')) is None


@given(arrays.arrays(np.float64, arrays.array_shapes(min_side=2)), st.randoms())
def test_the_order_in_memory_is_kept(array, chance):
    axes = list(range(array.ndim))
    chance.shuffle(axes)
    given = array.transpose(axes)
    found = unpacked(packed(Packed({"a": given}))).arrays["a"]
    assert (found.strides, found.tobytes()) == (given.strides, given.tobytes())


@given(st.integers(0, 200), st.binary(max_size=3))
def test_torn_or_longer_bytes_are_no_value(length, more):
    value = packed(Packed({"a": np.arange(20.0)}, {"b": 1}))
    torn = value[:length] if length < len(value) else value + more
    assert torn == value or unpacked(torn) is None


PARTS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), NUMBERS),
    lambda some: st.lists(some, max_size=3),
    max_leaves=5,
)


def same(one, other):
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return repr(one) == repr(other)


@given(PARTS, PARTS)
def test_different_parts_have_different_keys(one, other):
    assert (content_key("x", one) == content_key("x", other)) == same(one, other)


def test_a_zero_below_is_another_number():
    assert content_key("x", np.zeros(2)) != content_key("x", -np.zeros(2))

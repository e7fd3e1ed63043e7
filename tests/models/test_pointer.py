"""JSON Pointers, with the examples of RFC 6901, section 5."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicepolicy_models.pointer import pointer, resolve, steps_of

DOCUMENT = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, 'k"l': 6, " ": 7, "m~n": 8}
EXAMPLES = {
    "": DOCUMENT, "/foo": ["bar", "baz"], "/foo/0": "bar", "/": 0, "/a~1b": 1, "/c%d": 2, "/e^f": 3,
    '/k"l': 6, "/ ": 7, "/m~0n": 8,
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), EXAMPLES.items())
def test_the_examples_of_the_rfc_resolve(text, value):
    assert resolve(DOCUMENT, text) == value


@pytest.mark.parametrize("text", ["/no", "/foo/2", "/foo/00", "/foo/-1", "/foo/-", "/foo/bar", "/foo/0/b"])
def test_what_is_not_there_is_a_lookup_error(text):
    with pytest.raises(LookupError):
        resolve(DOCUMENT, text)


@pytest.mark.parametrize("text", ["foo", "#/foo", "/m~n", "/a~2b", "/~"])
def test_what_is_no_pointer_is_a_value_error(text):
    with pytest.raises(ValueError, match="JSON Pointer"):
        resolve(DOCUMENT, text)


@given(st.lists(st.one_of(st.text(max_size=6), st.integers(0, 99)), max_size=5))
def test_a_pointer_leads_back_to_its_steps(steps):
    assert steps_of(pointer(*steps)) == tuple(map(str, steps))

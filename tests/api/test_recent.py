"""What is kept of bodies stays within its bytes, and those used last stay."""

from hypothesis import given
from hypothesis import strategies as st

from servicepolicy_api.recent import Recent


def test_those_used_last_stay():
    recent = Recent[str](10)
    recent.keep(b"a", "a", 5)
    recent.keep(b"b", "b", 5)
    assert recent.get(b"a") == "a"
    recent.keep(b"c", "c", 5)
    assert [recent.get(key) for key in (b"a", b"b", b"c")] == ["a", None, "c"]
    recent.keep(b"d", "d", 11)
    assert recent.get(b"d") is None and recent.get(b"c") == "c"
    recent.keep(b"c", "C", 10)
    assert (recent.get(b"a"), recent.get(b"c")) == (None, "C")


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 12)), max_size=40))
def test_they_never_take_more_than_they_may(kept):
    recent, last = Recent[int](10), {}
    for name, size in kept:
        recent.keep(name.encode(), size, size)
        last[name] = size
        held = {one: recent.get(one.encode()) for one in last}
        assert all(found in (None, last[one]) for one, found in held.items())
        assert sum(found or 0 for found in held.values()) <= 10
        assert size > 10 or held[name] == size

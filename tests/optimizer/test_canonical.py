"""The quick canonical JSON is that of the library that knows nothing but RFC 8785."""

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from servicepolicy_models.reading import read_scenario
from servicepolicy_optimizer.canonical import canonical
from servicepolicy_optimizer.fingerprint import canonical_json

NUMBERS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(-1e-4, 1e-4),
    st.floats(1e15, 1e17),
    st.decimals(-1_000_000, 1_000_000, places=3).map(float),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
DOCUMENTS = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(TEXTS, inner)),
    max_leaves=30,
)


@given(DOCUMENTS)
def test_it_is_that_of_the_library(document):
    assert canonical(document) == rfc8785.dumps(document)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_that_of_the_library(number):
    assert canonical(number) == rfc8785.dumps(number)


@pytest.mark.parametrize(
    "number", [0.0, -0.0, 1e-5, 9.99e-6, 1e-6, 1e-7, 2**53 - 1, float(2**53), 1e21, 5e-324]
)
def test_the_edges_are_those_of_the_library(number):
    assert canonical([number, -number]) == rfc8785.dumps([number, -number])


@pytest.mark.parametrize("unfit", [float("nan"), float("inf"), 2**53, -(2**53), "\ud800", {1: 2}, {1}])
def test_what_the_library_refuses_is_refused(unfit):
    with pytest.raises(Exception) as by_library:
        rfc8785.dumps([unfit])
    with pytest.raises(by_library.type):
        canonical([unfit])


def test_keys_are_sorted_as_utf_16():
    document = {"\U00010000": 1, "\ue000": 2, "é": 3, "z": 4}
    assert list(orjson.loads(canonical(document))) == ["z", "é", "\U00010000", "\ue000"]


def test_every_scenario_that_comes_with_the_program(checkout):
    for path in (checkout / "scenarios").glob("*/scenario.json"):
        scenario = read_scenario(path.read_bytes())
        assert canonical_json(scenario) == rfc8785.dumps(scenario.model_dump(mode="json")), path.parent.name

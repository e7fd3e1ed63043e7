"""What is said of a scenario that is not solved, against the plain road."""

from collections import Counter

import orjson
import pytest
from pydantic import BaseModel

from servicepolicy_api.review import review, review_at_once
from servicepolicy_models.pointer import pointer
from servicepolicy_models.reading import read_scenario


def left_out(noun, above=()):
    """Every field that was left out, noun by noun."""
    for name in type(noun).model_fields:
        value = getattr(noun, name)
        if name not in noun.model_fields_set:
            if value not in (None, (), {}, ""):
                yield pointer(*above, name), noun.model_dump(mode="json", include={name})[name]
        elif isinstance(value, BaseModel):
            yield from left_out(value, (*above, name))
        elif isinstance(value, tuple):
            for entry in value:
                if isinstance(entry, BaseModel):
                    yield from left_out(entry, (*above, name, "*"))


def scenarios(checkout):
    """Those that come with the program, and one whose items leave out and hold different things."""
    for path in sorted((checkout / "scenarios").glob("*/scenario.json")):
        yield orjson.loads(path.read_bytes())
    mixed = orjson.loads((checkout / "scenarios" / "spare-parts" / "scenario.json").read_bytes())
    for number, item in enumerate(mixed["demand"]["items"]):
        if number % 2:
            item.pop("unit_weight_kg", None)
        for pool in item["demand"][: number % 3]:
            pool.pop("order_size_second_moment_pieces2", None)
    yield mixed


def test_every_default_is_told_as_if_each_noun_had_been_looked_at(checkout):
    for document in scenarios(checkout):
        found = list(left_out(read_scenario(document)))
        counted, values = Counter(field for field, _ in found), dict(found)
        told = [(one.field, one.value, one.count) for one in review(document).defaults]
        assert told == [(field, values[field], count) for field, count in counted.items()]


@pytest.mark.parametrize("document", [b"{", {"name": "x"}])
def test_what_is_no_scenario_has_findings_and_no_defaults(document):
    said = review(document)
    assert (said.valid, said.defaults) == (False, ())
    assert said.findings


def test_what_is_said_at_once_is_what_is_said_in_time(checkout):
    said = {True: 0, False: 0}
    for document in scenarios(checkout):
        body = orjson.dumps(document)
        at_once = review_at_once(body)
        assert at_once in (None, review(body))
        said[at_once is not None] += 1
    assert all(said.values())


def test_what_may_take_long_is_not_said_at_once(checkout):
    document = orjson.loads((checkout / "scenarios" / "spare-parts" / "scenario.json").read_bytes())
    assert review_at_once(orjson.dumps(document)) is not None
    choice = {"customer_class": "A", "mode": document["modes"][0]["name"]}
    for harder in (
        {"notes": ["n" * 100_000]},
        {"rules": {"forbidden": [choice] * 100}},
        {"channels": [{**document["channels"][0], "name": f"channel {n}"} for n in range(600)]},
        {"modes": [{**one, "customer_classes": ["A"] * 5_000} for one in document["modes"]]},
        {"targets": [{"customer_class": "nobody"}]},
        {"name": ""},
    ):
        assert review_at_once(orjson.dumps({**document, **harder})) is None

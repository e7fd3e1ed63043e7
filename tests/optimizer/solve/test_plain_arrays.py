"""A model written as plain rows has the arrays that Pyomo's compiler makes of it, to the last bit."""

from dataclasses import fields, replace

import numpy as np
import pyomo.environ as pyo
import pytest

from servicepolicy_optimizer.master import build, plain_rows
from servicepolicy_optimizer.solve import arrays
from servicepolicy_optimizer.solve.named_arrays import Arrays
from tests.optimizer.master.worlds import Shape, world

SHAPES = {
    "regions": Shape(items=1, regions=2, columns=5, by_region=True, likely=0.5, ordered=0.5),
    "two item classes": Shape(likely=0.4, ordered=0.6),
    "counted promises": Shape(items=2, columns=4, distinct=True, likely=0.4, ordered=0.5),
    "every item": Shape(items=2, regions=2, basis="every_item", likely=0.5, ordered=0.5),
    "every item, counted": Shape(regions=2, basis="every_item", distinct=True, likely=0.3, ordered=0.5),
    "nobody promised apart": Shape(customers=1, items=1, options=1, paths=1, columns=1, likely=0.0),
}


def told(problem: Arrays) -> list[object]:
    """Every field, arrays by their bits."""
    found: list[object] = []
    for one in fields(problem):
        value = getattr(problem, one.name)
        parts = (value.data, value.indices, value.indptr) if one.name == "matrix" else (value,)
        found += [
            (one.name, part.dtype.str, part.shape, part.tobytes()) if isinstance(part, np.ndarray) else part
            for part in parts
        ]
    return [*found, problem.matrix.shape]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_plain_rows_are_the_compiled_model(shape):
    families: set[str] = set()
    for seed in range(40):
        scenario, choices = world(seed, shape)
        of_model = arrays(build(scenario, choices))
        assert told(arrays(plain_rows(scenario, choices))) == told(of_model)
        families |= {name for name, _ in of_model.rows}
    assert {"one_stocking_option", "columns_of_option", "one_path"} <= families


def test_every_family_of_the_contents_page_was_compared():
    met: set[str] = set()
    for shape in SHAPES.values():
        for seed in range(40):
            met |= {name for name, _ in arrays(plain_rows(*world(seed, shape))).rows}
    page = build(*world(0, SHAPES["regions"]))
    assert {one.name for one in page.component_objects(pyo.Constraint)} <= met


def test_a_shelf_that_nothing_stands_on():
    for seed in range(10):
        scenario, choices = world(seed, SHAPES["regions"])
        place = next(iter(choices.columns))
        some = choices.columns[place]
        none = type(some)(**{one.name: getattr(some, one.name)[:0] for one in fields(some)})
        bare = replace(choices, columns={**choices.columns, place: none}, paths={})
        assert told(arrays(plain_rows(scenario, bare))) == told(arrays(build(scenario, bare)))

"""A relaxation that grew column by column has the prices of one built with all of them."""

from dataclasses import fields, replace

import numpy as np
import pytest

from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Limits
from servicepolicy_optimizer.choices import ColumnSet
from servicepolicy_optimizer.curves.item_curves import joined
from servicepolicy_optimizer.master import ColumnWriter, build
from servicepolicy_optimizer.solve import Relaxation, compiled, relax, relaxed
from tests.optimizer.master.worlds import Shape, world

EXACT = Limits(relative_gap=0.0)
SHAPES = {
    "regions": Shape(items=1, regions=2, columns=5, likely=0.15),
    "two item classes, ordered": Shape(items=2, columns=4, likely=0.1, ordered=0.5),
    "counted promises": Shape(items=1, columns=4, distinct=True, likely=0.1),
    "many limits": Shape(items=1, regions=2, columns=4, likely=0.6),
}


def part(columns, which):
    return ColumnSet(**{field.name: getattr(columns, field.name)[which] for field in fields(columns)})


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_grown_relaxation_equals_a_built_one(shape):
    seen = set()
    for seed in range(20):
        scenario, choices = world(seed, shape)
        first = {place: part(columns, slice(0, 1)) for place, columns in choices.columns.items()}
        grown = Relaxation(build(scenario, replace(choices, columns=first)), EXACT)
        before = grown.prices()
        for n in range(1, shape.columns):
            one_more = {
                place: part(columns, slice(n, n + 1))
                for place, columns in choices.columns.items()
                if columns.size > n
            }
            known = {place: part(columns, slice(0, n)) for place, columns in choices.columns.items()}
            grown.add(ColumnWriter(scenario, choices).written(one_more, known))
            sofar = {place: part(columns, slice(0, n + 1)) for place, columns in choices.columns.items()}
            built = relax(build(scenario, replace(choices, columns=sofar)), EXACT)
            after = grown.prices()
            assert after.held == built.held
            if after.held is Held.OPTIMAL:
                assert after.objective == pytest.approx(built.objective, rel=1e-9)
                assert set(built.rows) <= set(after.rows)
        seen.add((before.held, after.held))
    assert (Held.INFEASIBLE, Held.OPTIMAL) in seen, "columns must have made some world feasible"


def named(problem):
    """Everything that a problem says, by the names of its rows and columns; without what no row asks."""
    matrix = problem.matrix.tocoo()
    entries = {
        (problem.rows[row], problem.columns[column]): amount
        for row, column, amount in zip(*matrix.coords, matrix.data, strict=True)
        if amount and problem.columns[column][0] != "nothing"
    }
    columns = zip(
        problem.cost.tolist(),
        problem.lower,
        problem.upper,
        problem.integral.tolist(),
        problem.columns,
        strict=True,
    )
    sides = zip(problem.row_lower, problem.row_upper, problem.rows, strict=True)
    return (
        entries,
        {name: said for *said, name in columns if name[0] != "nothing"},
        {name: said for *said, name in sides},
    )


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_coefficient_of_a_written_column_is_what_the_rules_say(shape):
    families = set()
    for seed in range(30):
        scenario, choices = world(seed, shape)
        first = {place: part(columns, slice(0, 1)) for place, columns in choices.columns.items()}
        beyond = {place: part(columns, slice(1, None)) for place, columns in choices.columns.items()}
        known, built = (
            compiled(build(scenario, replace(choices, columns=first))),
            compiled(build(scenario, choices)),
        )
        relaxation = Relaxation(known.model, EXACT, relaxed(known.problem))
        relaxation.add(ColumnWriter(scenario, choices).written(beyond, first))
        grown = relaxation.grown(known.problem)
        (entries, columns, sides), (as_ruled, all_columns, all_sides) = named(grown), named(built.problem)
        assert entries == as_ruled
        assert columns == all_columns
        assert {row: sides[row] for row in all_sides} == all_sides
        assert not {row for row, _ in entries} - all_sides.keys()
        stock = [name for name in built.problem.columns if name[0] == "weight"]
        assert [name for name in grown.columns if name[0] == "weight"] == stock
        families |= {row[0] for row, name in entries if name[0] == "weight"}
    assert {"columns_of_option", "fill_rate_floor"} <= families
    wanted = {"counted promises": {"promise_within_plan"}, "two item classes, ordered": {"better_item_fill"}}
    assert wanted.get(next(name for name, one in SHAPES.items() if one is shape), set()) <= families


def test_a_row_that_joins_with_its_first_column_has_the_side_of_the_rule():
    """Where nothing is ever short and no fill rate is promised, a promise that is counted has no row yet."""
    families = set()
    for shape in SHAPES.values():
        for seed in range(30):
            scenario, choices = world(seed, shape)
            perfect = {
                place: replace(part(columns, slice(0, 1)), pieces_short=0 * columns.pieces_short[:1])
                for place, columns in choices.columns.items()
            }
            first = compiled(build(scenario, replace(choices, columns=perfect)))
            grown = Relaxation(first.model, EXACT, relaxed(first.problem))
            grown.add(ColumnWriter(scenario, choices).written(choices.columns, perfect))
            after = named(grown.grown(first.problem))[2]
            everything = {
                place: joined([perfect[place], columns]) for place, columns in choices.columns.items()
            }
            sides = named(compiled(build(scenario, replace(choices, columns=everything))).problem)[2]
            assert after == sides
            families |= {family for family, _ in after.keys() - set(first.problem.rows)}
    assert families == {"better_customer_fill", "better_item_fill", "promise_within_plan"}


def test_prices_of_an_infeasible_relaxation_ask_for_the_column_that_makes_it_feasible():
    """The column that keeps the promise has a negative reduced cost at these prices."""
    helped = 0
    for seed in range(60):
        scenario, choices = world(seed, Shape(items=1, columns=5, likely=0.0, ordered=0.0))
        first = {place: part(columns, slice(0, 1)) for place, columns in choices.columns.items()}
        prices = relax(build(scenario, replace(choices, columns=first)), EXACT)
        if (
            prices.held is not Held.INFEASIBLE
            or relax(build(scenario, choices), EXACT).held is not Held.OPTIMAL
        ):
            continue
        helped += 1
        customers = scenario.segmentation.customers.classes
        reduced_costs = []
        for place, columns in choices.columns.items():
            short = sum(
                price * columns.pieces_short[:, customers.index(s[0])].sum(axis=1)
                for s, price in prices.piece_short.items()
            )
            reduced_costs.append(float((columns.cost + short - prices.shelf[place]).min()))
        assert min(reduced_costs) < -1e-6
    assert helped > 5


def test_a_row_in_which_no_first_column_stood_is_added_with_the_column_that_does():
    """Columns that are never short leave the rows of order empty; the compiler drops an empty row."""
    bound = 0
    for seed in range(30):
        scenario, choices = world(seed, Shape(items=1, columns=4, likely=0.0, ordered=1.0))
        perfect = {
            place: replace(part(columns, slice(0, 1)), pieces_short=0 * columns.pieces_short[:1])
            for place, columns in choices.columns.items()
        }
        perfect = {
            place: replace(columns, lost_sales_cost=np.full(1, 1e4)) for place, columns in perfect.items()
        }
        model = build(scenario, replace(choices, columns=perfect))
        grown = Relaxation(model, EXACT)
        first_rows = set(grown.prices().rows)
        grown.add(ColumnWriter(scenario, choices).written(choices.columns, perfect))
        everything = {place: joined([perfect[place], columns]) for place, columns in choices.columns.items()}
        built, after = relax(build(scenario, replace(choices, columns=everything)), EXACT), grown.prices()
        assert after.held == built.held
        if after.held is Held.OPTIMAL:
            assert after.objective == pytest.approx(built.objective, rel=1e-9)
            added = set(after.rows) - first_rows
            assert all(family == "better_customer_fill" for family, _ in added)
            bound += any(after.rows[row] > 1e-9 for row in added)
    assert bound > 3

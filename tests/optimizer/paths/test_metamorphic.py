"""What must happen to the paths when the question changes in a known way."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicepolicy_optimizer.paths import every_path, service_paths
from servicepolicy_optimizer.targets import resolve_targets
from tests.optimizer.paths.test_pruning import means
from tests.optimizer.paths.worlds import facts, scenario

MONEY = (
    "cost_per_order", "cost_per_line", "cost_per_piece", "cost_per_kg", "cost_per_shipment", "minimum_charge",
    "fixed_cost_per_year", "labour_cost_per_hour", "cost_per_error",
)  # fmt: skip

seeds = st.integers(0, 10_000)
quick = settings(deadline=None, max_examples=25)


def demand(seed: int, **more: Any):
    rng = np.random.default_rng(seed)
    shape = (2, 2, 1)
    given = {
        "orders_per_year": rng.uniform(10, 500, shape),
        "lines_per_year": rng.uniform(10, 900, shape),
        "pieces_per_year": rng.uniform(10, 900, shape),
        "customers": rng.integers(1, 40, shape).astype(float),
        "revenue_per_year": rng.uniform(1e3, 1e4, shape),
        "visit_weight_kg": np.sort(rng.uniform(0, 60, (*shape, 10)), axis=-1),
    }
    return facts(**(given | more))


def world(seed: int, **changes: Any):
    rng = np.random.default_rng(seed)
    asked = {"response_hours": float(rng.choice([24, 48, 240]))}
    return scenario(**({"targets": [asked]} | means(rng) | changes))


def paths(made, found_facts, of=every_path):
    return of(made, found_facts, resolve_targets(made, found_facts)).paths


def cheapest(made, found_facts):
    return {
        key: min((path.cost for path in ways), default=np.inf)
        for key, ways in paths(made, found_facts).items()
    }


def in_other_money(document: Any, rate: float) -> Any:
    if isinstance(document, dict):
        return {
            k: v * rate if k in MONEY and v is not None else in_other_money(v, rate)
            for k, v in document.items()
        }
    return [in_other_money(one, rate) for one in document] if isinstance(document, list) else document


@quick
@given(seeds, st.floats(0.01, 100.0))
def test_money_may_be_counted_in_another_currency(seed, rate):
    rng = np.random.default_rng(seed)
    reaction = {"demand_lost_share_per_day": 0.03}
    ours = means(rng)
    at_home = scenario(**ours, stockout_reactions=[reaction])
    abroad = scenario(**in_other_money(ours, rate), stockout_reactions=[reaction])
    here = demand(seed)
    items = here.items
    there = type(here)(
        **{
            **vars(here),
            "items": type(items)(**{**vars(items), "unit_cost": items.unit_cost * rate}),
            "segments": type(here.segments)(
                **{**vars(here.segments), "revenue_per_year": here.segments.revenue_per_year * rate}
            ),
        }
    )
    for one, other in zip(paths(at_home, here).values(), paths(abroad, there).values(), strict=True):
        assert [path.name for path in one] == [path.name for path in other]
        assert [path.cost * rate for path in one] == pytest.approx([path.cost for path in other], rel=1e-9)


@quick
@given(seeds, st.integers(2, 50))
def test_costs_grow_with_volume_when_customers_do_too(seed, times):
    """As many orders from as many more customers: the same shipments, so many times over."""
    made = world(seed)
    small = demand(seed)
    volumes = ("orders_per_year", "lines_per_year", "pieces_per_year", "customers", "revenue_per_year")
    large = demand(seed, **{name: getattr(small.segments, name) * times for name in volumes})
    for one, other in zip(paths(made, small).values(), paths(made, large).values(), strict=True):
        assert [path.cost * times for path in one] == pytest.approx([path.cost for path in other], rel=1e-9)
        assert [path.co2e_kg * times for path in one] == pytest.approx(
            [path.co2e_kg for path in other], rel=1e-9
        )
        assert [p.promised_response_hours for p in one] == [p.promised_response_hours for p in other]


@quick
@given(seeds)
def test_a_further_mode_never_raises_the_cheapest_cost(seed):
    made = world(seed)
    further = means(np.random.default_rng(seed + 1))["modes"][0] | {"name": "Rail"}
    wider = world(seed, modes=[mode.model_dump() for mode in made.modes] + [further])
    before, after = cheapest(made, demand(seed)), cheapest(wider, demand(seed))
    assert all(after[key] <= before[key] * (1 + 1e-12) for key in before)


@quick
@given(seeds)
def test_a_later_target_never_raises_the_cheapest_cost(seed):
    strict, lenient = (world(seed, targets=[{"response_hours": hours}]) for hours in (24.0, 96.0))
    before, after = cheapest(strict, demand(seed)), cheapest(lenient, demand(seed))
    assert all(after[key] <= before[key] for key in before)


@quick
@given(seeds)
def test_a_lower_asked_probability_never_makes_a_promise_slower(seed):
    strict, lenient = (world(seed, targets=[], on_time_probability=asked) for asked in (0.99, 0.8))
    slow, fast = paths(strict, demand(seed)), paths(lenient, demand(seed))
    for key, ways in slow.items():
        by_name = {path.name: path for path in fast[key]}
        assert all(
            by_name[path.name].promised_response_hours <= path.promised_response_hours for path in ways
        )


@quick
@given(seeds)
def test_pruning_keeps_the_cheapest_and_the_fastest(seed):
    made, found = world(seed), demand(seed)
    everything, few = paths(made, found), paths(made, found, service_paths)
    for of in (lambda path: path.cost, lambda path: path.promised_response_hours):
        for key in everything:
            least = [min(map(of, ways[key]), default=0.0) for ways in (everything, few)]
            assert least[0] == pytest.approx(least[1])


@quick
@given(seeds)
def test_the_order_of_the_means_does_not_matter(seed):
    made = world(seed)
    turned = made.model_copy(
        update={kind: getattr(made, kind)[::-1] for kind in ("channels", "processes", "modes", "frequencies")}
    )
    one, other = paths(made, demand(seed), service_paths), paths(turned, demand(seed), service_paths)
    for key, ways in one.items():
        assert {path.name: path.cost for path in ways} == pytest.approx(
            {path.name: path.cost for path in other[key]}
        )


@quick
@given(seeds)
def test_two_regions_alike_cost_as_much_as_one(seed):
    """Split the demand of a segment over two regions with the same lanes."""
    made, whole = world(seed), demand(seed)
    half = {
        name: np.repeat(getattr(whole.segments, name) / 2.0, 2, axis=2)
        for name in ("orders_per_year", "lines_per_year", "pieces_per_year", "customers", "revenue_per_year")
    }
    weights = np.repeat(whole.segments.visit_weight_kg, 2, axis=2)
    split = facts(["North", "South"], **half, visit_weight_kg=weights)
    for one, other in zip(paths(made, whole).values(), paths(made, split).values(), strict=True):
        assert [path.cost for path in one] == pytest.approx([path.cost for path in other], rel=1e-9)
        chances = [[path.on_time_probability for path in ways] for ways in (one, other)]
        assert chances[0] == pytest.approx(chances[1], abs=1e-12)

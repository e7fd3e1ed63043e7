"""Where nothing but openings ties decisions together: against every combination, and against the model."""

from itertools import product

import numpy as np
import pytest

from servicepolicy_models.means import StockPolicy
from servicepolicy_models.rules import Budgets, PolicyRules
from servicepolicy_optimizer import item_by_item
from servicepolicy_optimizer.baselines import without_limits
from servicepolicy_optimizer.choices import Choices, SegmentTarget, ServicePath, Shelf, StockingOption
from servicepolicy_optimizer.openings_alone import cheapest, openings_alone, settled_by_openings
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.recall import InMemory
from servicepolicy_optimizer.settle import MIXING_LOSS, objective, settle
from tests.optimizer.small_inline import small_scenario

FACILITIES = ("channel:a", "channel:b", "location:c", "location:d", "supply:e")
TARGET = SegmentTarget(0.9, None, 0.95, None, 10.0, 5.0)


def path(rng):
    needs = tuple(str(one) for one in rng.choice(FACILITIES, rng.integers(0, 3), replace=False))
    means, cost = ("web", "wave", "road", "daily"), float(rng.integers(1, 30))
    return ServicePath(*means, cost, 0, 0, 0, 24, 1, 20, 0, {}, 0, 0, needs)


def random_choices(seed):
    """Two item classes with up to three options, two customer classes, two deployments; and what the stock of
    each option costs.
    """
    rng = np.random.default_rng(seed)
    options = {
        j: tuple(
            StockingOption(j, f"s{n}", str(rng.choice(["central", "regional"])), StockPolicy.POOLED,
                           (Shelf("Leeds", None, ("North",)),))
            for n in range(rng.integers(1, 4))
        )
        for j in ("X", "Y")
    }  # fmt: skip
    targets = {(i, j, "*"): TARGET for i in "AB" for j in options}
    paths = {
        (s, d): tuple(path(rng) for _ in range(rng.integers(0 if d == "regional" else 1, 4)))
        for s in targets
        for d in ("central", "regional")
    }
    named = {(j, one.name): one for j, offered in options.items() for one in offered}
    needs = {key: tuple(str(one) for one in rng.choice(FACILITIES, 1)) for key in named}
    fixed = {name: float(rng.integers(1, 40)) for name in FACILITIES[:-1]}
    stock = {key: float(rng.choice([*rng.integers(1, 40, 4), np.inf])) for key in named}
    return Choices(targets, options, {}, paths, needs, fixed), stock


def every_cost(choices, stock):
    """What each complete decision costs."""
    for taken in product(*choices.options.values()):
        option = {one.item_class: one for one in taken}
        offered = [choices.paths[s, option[s[1]].deployment] for s in choices.targets]
        for ways in product(*offered):
            needed = {name for way in ways for name in way.facilities}
            needed.update(
                name for one in taken for name in choices.option_facilities[one.item_class, one.name]
            )
            yield (
                sum(stock[one.item_class, one.name] for one in taken)
                + sum(way.cost for way in ways)
                + sum(choices.facility_cost.get(name, 0.0) for name in needed)
            )


@pytest.mark.parametrize("seed", range(60))
def test_no_combination_costs_less(seed):
    choices, stock = random_choices(seed)
    least = min(every_cost(choices, stock), default=np.inf)
    found = cheapest(choices, stock)
    assert (found is None) == np.isinf(least)
    if found is None:
        return
    assert found.objective == pytest.approx(least)
    taken = [next(one for one in choices.options[j] if one.name == name) for j, name in found.option.items()]
    ways = [choices.paths[s, d][q] for s, (d, q) in found.path.items()]
    needed = {name for one in taken for name in choices.option_facilities[one.item_class, one.name]}
    needed.update(name for way in ways for name in way.facilities)
    assert set(found.open) == {name for name in needed if name in choices.facility_cost}
    assert sum(stock[one.item_class, one.name] for one in taken) + sum(way.cost for way in ways) + sum(
        choices.facility_cost[name] for name in found.open
    ) == pytest.approx(least)


def dear(seed):
    """A small world whose means cost something to open."""
    rng, scenario = np.random.default_rng(seed), without_limits(small_scenario(seed))
    free = scenario.model_copy(update={"rules": PolicyRules()})
    return free.model_copy(
        update={
            means: tuple(
                one.model_copy(update={"fixed_cost_per_year": float(rng.integers(0, 400))})
                for one in getattr(free, means)
            )
            for means in ("channels", "processes", "modes", "supply", "locations")
        }
    )


def asked_of(scenario, recall=None):
    known = Known() if recall is None else Known(recall=recall)
    return question(scenario, inline_facts(scenario), known, in_silence)


def the_same(one, other):
    """To the last bit."""
    rungs = {place: chosen.tobytes() for place, chosen in one.decided.rungs.items()}
    return (
        one.solution == other.solution
        and one.decided.paths == other.decided.paths
        and rungs == {place: chosen.tobytes() for place, chosen in other.decided.rungs.items()}
    )


def test_the_model_finds_nothing_cheaper(monkeypatch):
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    answered = 0
    for seed in range(30):
        asked = asked_of(dear(seed))
        found, plain = settled_by_openings(asked), settle(asked, in_silence)
        if found is None:
            continue
        answered += 1
        assert found.solution.objective <= plain.solution.objective * (1 + 1e-4)
        assert found.solution.objective >= plain.solution.bound * (1 - 1e-4)
        assert objective(found) <= objective(plain) * (1 + MIXING_LOSS)
        assert objective(found) >= found.solution.objective * (1 - 1e-6)
    assert answered > 8


@pytest.mark.parametrize("seed", range(12))
def test_what_is_recalled_is_found_from_nothing(seed):
    recall = InMemory(10**9)
    first, again, alone = (settled_by_openings(asked_of(dear(seed), kept)) for kept in (recall, recall, None))
    assert (first is None) == (again is None) == (alone is None)
    assert first is None or (the_same(first, again) and the_same(first, alone))


@pytest.mark.parametrize(
    "update",
    [
        {"budgets": Budgets(total_cost=1e9)},
        {"rules": PolicyRules(better_customer_never_served_worse=True)},
        {"rules": PolicyRules(one_channel_per_customer_class=True)},
        {"rules": PolicyRules(distinct_promises_at_most=2)},
    ],
)
def test_what_ties_decisions_together_is_left_to_the_model(update):
    assert not openings_alone(asked_of(dear(3).model_copy(update=update)))


@pytest.mark.parametrize(
    ("means", "field"),
    [
        ("channels", "labour_capacity_hours_per_year"),
        ("processes", "capacity_lines_per_day"),
        ("modes", "capacity_kg_per_year"),
        ("locations", "storage_capacity_m3"),
        ("locations", "capacity_lines_per_day"),
    ],
)
def test_so_is_what_a_means_can_take(means, field):
    scenario = dear(3)
    some = tuple(one.model_copy(update={field: 1e9}) for one in getattr(scenario, means))
    assert openings_alone(asked_of(scenario))
    assert not openings_alone(asked_of(scenario.model_copy(update={means: some})))


def test_so_is_on_time_in_full():
    targets = tuple(one.model_copy(update={"otif": 0.5, "response_hours": 72}) for one in dear(3).targets)
    assert not openings_alone(asked_of(dear(3).model_copy(update={"targets": targets})))

"""Is 3x3 right: the search against every classing solved apart, and the bound for free items."""

import json
from itertools import combinations, product

import numpy as np
import pytest
from pydantic import ValidationError

from servicepolicy_models.class_search import ClassesAsked
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.segmentation import Classification
from servicepolicy_optimizer.demand_reading import DemandFiles, read_tables
from servicepolicy_optimizer.explain.asking import ask
from servicepolicy_optimizer.explain.classes import ClassesRejected, search_classes
from servicepolicy_optimizer.explain.free_items import free_item_bound
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.reclassed import reclassed, side
from servicepolicy_optimizer.profile import facts, inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.synthetic import wholesaler
from servicepolicy_optimizer.targets import resolve_targets
from tests.optimizer.every_rung import _items
from tests.optimizer.small_inline import small_scenario


@pytest.fixture(scope="module")
def shop(tmp_path_factory, checkout):
    """A tiny wholesaler in 2x2 classes, and what reads it in other classes."""
    folder = tmp_path_factory.mktemp("shop")
    made = wholesaler(np.random.default_rng(7), 20, 12, 300)
    made.order_lines.to_csv(folder / "order_lines.csv", index=False)
    made.items.to_csv(folder / "items.csv", index=False)
    text = (checkout / "scenarios" / "synthetic-wholesaler" / "scenario.json").read_text(encoding="utf-8")
    document = json.loads(text)
    two = {"classes": ["A", "B"], "measure": "revenue", "cut_offs": [0.2]}
    document |= {
        "segmentation": document["segmentation"] | {"customers": two, "items": two},
        "targets": [
            {"fill_rate": 0.7, "response_hours": 96},
            {"customer_class": "A", "fill_rate": 0.9, "response_hours": 48},
            {"customer_class": "A", "item_class": "A", "fill_rate": 0.95},
        ],
        "stock_policies": ["pooled"],
        "deployments": document["deployments"][:1],
        "terms": [],
        "current_policy": [],
        "assumptions": [],
        "stockout_reactions": [],
        "limits": {"rungs": 5, "price_levels": 4, "relative_gap": 1e-6},
    }
    for name in ("channels", "processes", "modes", "supply"):
        for one in document[name]:
            one.pop("customer_classes", None)
            one.pop("item_classes", None)
    scenario = read_scenario(document)
    with read_tables(scenario, scenario.demand, DemandFiles(folder)) as tables:
        yield scenario, lambda other: facts(other, tables.lines, tables.items, tables.customers)


def every_classing(shop, asked):
    """Cost of every pair of cut-offs on the grid, each solved apart, with nothing remembered."""
    scenario, read = shop
    targets, cut = resolve_targets(scenario, read(scenario)), scenario.segmentation
    grid = sorted({*asked.grid, 0.2})
    choices = [one for count in range(asked.most_customer_classes) for one in combinations(grid, count)]
    costs = {}
    for customers, items in product(choices, choices):
        sides = side(cut.customers, customers), side(cut.items, items)
        other = reclassed(scenario, targets, sides, asked)
        cost = ask(other, read(other), Memory()).objective
        costs[customers, items] = float("inf") if cost is None else cost
    return costs


@pytest.mark.parametrize(
    ("grid", "said"),
    [((0.2, 0.5), {}), ((0.2,), {"service": "priced", "shortage_factor": 0.5})],
    ids=["kept", "priced"],
)
def test_where_every_classing_is_solved_the_best_is_the_best(shop, grid, said):
    asked = ClassesAsked(most_customer_classes=2, most_item_classes=2, grid=grid, **said)
    found, costs = search_classes(*shop, asked, in_silence), every_classing(shop, asked)
    assert (
        found.method == "enumeration"
        and found.solves == found.classings_on_grid == len(costs) == (len(grid) + 1) ** 2
    )
    assert found.best.cost == pytest.approx(min(costs.values()), rel=1e-6)
    assert found.today.cost == pytest.approx(costs[(0.2,), (0.2,)], rel=1e-6)
    assert found.loss == pytest.approx(found.today.cost - found.best.cost)
    for one in found.by_number:
        same = [cost for cuts, cost in costs.items() if list(map(len, cuts)) == _cuts(one)]
        assert one.cost == pytest.approx(min(same), rel=1e-6)
    assert found.item_level_bound <= found.today.cost + 1e-6
    assert found.item_level_loss == pytest.approx(found.today.cost - found.item_level_bound, abs=1e-6)
    assert "were solved" in found.proved and "were not tried" in found.proved


def _cuts(one):
    return [one.customer_classes - 1, one.item_classes - 1]


def test_beyond_the_cap_it_says_what_is_not_proved(shop):
    asked = ClassesAsked(most_customer_classes=2, most_item_classes=2, grid=(0.2, 0.5), most_solves=5)
    found = search_classes(*shop, asked, in_silence)
    assert (found.method, found.solves) == ("coordinate_search", 5)
    assert "the cap on solves was reached" in found.proved and "is not proved" in found.proved
    assert found.best.cost <= found.today.cost


def test_today_as_it_is_is_the_scenario_itself(shop):
    scenario, read = shop
    today = [
        side(one, one.cut_offs) for one in (scenario.segmentation.customers, scenario.segmentation.items)
    ]
    same = reclassed(scenario, resolve_targets(scenario, read(scenario)), tuple(today), ClassesAsked())
    before, after = (ask(one, read(one), Memory()).objective for one in (scenario, same))
    assert after == pytest.approx(before, rel=1e-9)


def test_a_class_gets_the_strictest_promise_of_its_members(shop):
    scenario, read = shop
    cut, targets = scenario.segmentation, resolve_targets(scenario, read(scenario))
    sides = side(cut.customers, (0.1, 0.5)), side(cut.items, ())
    asked = ClassesAsked(most_customer_classes=3)
    promised = {one.customer_class: one for one in reclassed(scenario, targets, sides, asked).targets}
    told = {name: (one.fill_rate, one.response_hours) for name, one in promised.items()}
    assert told == {"A": (0.95, 48.0), "B": (0.95, 48.0), "C": (0.7, 96.0)}


def test_means_and_overrides_follow_their_classes():
    today = Classification(overrides={"X-1": "C", "X-2": "A"})
    cut = side(today, (0.5,))
    assert cut.members == {"A": ("A", "B", "C"), "B": ("C",)}
    assert cut.holding("C") == ("A", "B")
    scenario = small_scenario(3)
    customers = scenario.segmentation.customers.model_copy(update={"measure": "revenue", "cut_offs": (0.2,)})
    restricted = scenario.channels[0].model_copy(update={"customer_classes": ("B",)})
    scenario = scenario.model_copy(
        update={
            "channels": (restricted, *scenario.channels[1:]),
            "segmentation": scenario.segmentation.model_copy(update={"customers": customers}),
        }
    )
    items = scenario.segmentation.items
    sides = side(customers, (0.5,)), side(items, items.cut_offs)
    targets = resolve_targets(scenario, inline_facts(scenario))
    assert reclassed(scenario, targets, sides, ClassesAsked()).channels[0].customer_classes == ("B",)


@pytest.mark.parametrize("basis", ["segment", "every_item"])
@pytest.mark.parametrize("seed", range(6))
def test_no_choice_of_free_items_is_below_the_bound(seed, basis):
    """Every item with an option of its own, every rung: the cheapest that keeps the promises."""
    scenario = small_scenario(seed, fill_rate_basis=basis)
    asked = question(scenario, inline_facts(scenario), Known(), in_silence)
    bound, today = free_item_bound(asked), ask(scenario, inline_facts(scenario), Memory()).objective
    assert bound <= today + 1e-6
    if basis == "segment":
        assert bound <= cheapest_of_free_items(asked) + 1e-6
        assert bound >= 0.8 * today


def cheapest_of_free_items(asked):
    """Tries, for every item class, every option and rung for every item by itself."""
    total = 0.0
    for item_class, options in asked.choices.options.items():
        ways = {}
        for option in options:
            for shelf in option.shelves:
                rows = asked.room.shelves[item_class, option.name, shelf.name].items.rows.tolist()
                for row, part in zip(rows, _items(asked, option, shelf.name), strict=True):
                    ways.setdefault(row, {}).setdefault(option.name, []).append(part)
        cost, short = np.zeros(1), np.zeros((1, len(asked.facts.customer_classes)))
        for by_option in ways.values():
            every = [_together(parts) for parts in by_option.values()]
            own_cost = np.concatenate([one[0] for one in every])
            own_short = np.concatenate([one[1] for one in every])
            cost = (cost[:, None] + own_cost[None]).ravel()
            short = (short[:, None] + own_short[None]).reshape(-1, short.shape[1])
        allowed = [
            (1 - one.fill_rate) * one.pieces_per_year
            for one in (asked.choices.targets[c, item_class, "*"] for c in asked.facts.customer_classes)
        ]
        total += cost[(short <= np.array(allowed) + 1e-9).all(axis=1)].min()
    return total + sum(
        min(path.cost for (s, _), paths in asked.choices.paths.items() if s == segment for path in paths)
        for segment in asked.choices.targets
    )


def _together(parts):
    """One item on several shelves: every combination of their rungs."""
    cost, short = parts[0].cost, parts[0].short
    for part in parts[1:]:
        cost = (cost[:, None] + part.cost[None]).ravel()
        short = (short[:, None] + part.short[None]).reshape(-1, short.shape[1])
    return cost, short


def test_classes_that_no_ranking_made_and_too_few_are_told_why(shop):
    given = small_scenario(3)
    with pytest.raises(ClassesRejected) as rejected:
        search_classes(given, inline_facts, ClassesAsked(), in_silence)
    assert {finding.rule for finding in rejected.value.findings} == {"classes.no_ranking"}
    scenario, read = shop
    with pytest.raises(ClassesRejected, match="more than 1"):
        search_classes(scenario, read, ClassesAsked(most_item_classes=1), in_silence)
    tight = scenario.model_copy(
        update={"budgets": scenario.budgets.model_copy(update={"inventory_value": 0.01})}
    )
    with pytest.raises(ClassesRejected, match="no policy"):
        search_classes(tight, read, ClassesAsked(), in_silence)


@pytest.mark.parametrize(
    "said", [{"grid": (0.5, 0.2)}, {"service": "priced"}, {"shortage_factor": 0.5}], ids=str
)
def test_a_question_that_contradicts_itself_is_refused(said):
    with pytest.raises(ValidationError):
        ClassesAsked(**said)


def test_what_is_held_on_the_way_is_the_best_so_far_and_proves_nothing(shop):
    scenario, read = shop
    asked, held = ClassesAsked(grid=(0.5,), most_customer_classes=2, most_item_classes=2, most_solves=3), []
    whole = search_classes(scenario, read, asked, in_silence, keep=held.append)
    assert [one.solves for one in held] == list(range(2, whole.solves + 1))
    assert all(one.best.cost <= one.today.cost for one in held)
    assert "It ended because it was stopped" in held[0].proved

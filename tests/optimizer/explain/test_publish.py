"""One policy for many futures, against every choice that could be made before the future is known."""

from functools import cache
from itertools import product

import numpy as np
import pytest

from servicepolicy_models.futures import Future, FuturesAsked, Measure, Shared
from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer import item_by_item
from servicepolicy_optimizer.explain import publish as published_by
from servicepolicy_optimizer.explain.asking import ask
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.publish import Foreseen, FuturesRejected, publish
from servicepolicy_optimizer.explain.scaled_inputs import scaled, without
from servicepolicy_optimizer.explain.weighing import mean_of_the_worst
from servicepolicy_optimizer.paths import every_path
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.targets import resolve_targets
from tests.optimizer.every_rung import _ways
from tests.optimizer.small_inline import small_scenario

MODES = [
    {"name": name, "lanes": [{"bands": [{"cost_per_shipment": cost}], "time": {"mean_hours": hours}}]}
    for name, cost, hours in (("road", 4.0, 30), ("courier", 3.5, 20), ("rail", 3.9, 40))
]
FUTURES = (
    Future(name="as today", weight=3),
    Future(name="demand up", times={"demand": 2.0}),
    Future(name="courier fails", weight=0.5, without=("mode:courier",)),
    Future(name="all dearer", times={"freight": 2.0, "lead_time": 1.5, "carrying_rate": 2.0}),
)


def world(seed, **changes):
    return small_scenario(seed, modes=MODES, **changes)


def foreseen(scenario):
    return Foreseen(scenario.name, scenario, inline_facts(scenario))


def asking(futures=FUTURES, **said):
    return FuturesAsked(futures=futures, **said)


def every_future(scenario, asked):
    facts = inline_facts(scenario)
    return [scaled((without(scenario, one.without, ""), facts), one.times) for one in asked.futures]


def stock_costs(scenario, facts):
    """(item class, supply, deployment, policy) -> least cost over every combination of rungs; inf: none."""
    asked = question(scenario, facts, Known(), in_silence)
    found = {}
    for item_class, options in asked.choices.options.items():
        allowed = np.array(
            [
                (1 - target.fill_rate) * target.pieces_per_year
                for target in (asked.choices.targets[c, item_class, "*"] for c in facts.customer_classes)
            ]
        )
        for option in options:
            ways = _ways(asked, option)
            kept = (ways.short <= allowed * (1 + 1e-12) + 1e-12).all(axis=1)
            found[item_class, option.supply, option.deployment, option.stock_policy] = ways.cost[kept].min(
                initial=np.inf
            )
    return found


def path_costs(scenario, facts):
    """(segment, deployment, names) -> cost of every path that is in time."""
    paths = every_path(scenario, facts, resolve_targets(scenario, facts)).paths
    return {(s, d, path.name): path.cost for (s, d), ways in paths.items() for path in ways}


@cache
def what_is_known(seed):
    """Of every future of the world: its own best cost, and what all ways of stocking and serving cost."""
    worlds = every_future(world(seed), asking())
    own = np.array([ask(*one, Memory()).objective for one in worlds])
    return own, [stock_costs(*one) for one in worlds], [path_costs(*one) for one in worlds]


def best_by_enumeration(seed, asked):
    """The least measure over every shared choice of options and paths, stock as cheap as a future allows."""
    own, stock, paths = what_is_known(seed)
    blocks = [
        np.array([[of.get(key, np.inf) for of in stock] for key in stock[0] if key[0] == item_class])
        for item_class in dict.fromkeys(key[0] for key in stock[0])
    ]
    for segment in dict.fromkeys(key[0] for key in paths[0]):
        if asked.shared is Shared.MEANS:
            keys = [key for key in paths[0] if key[0] == segment]
            blocks.append(np.array([[of.get(key, np.inf) for of in paths] for key in keys]))
        else:
            cheapest = [min(cost for key, cost in of.items() if key[0] == segment) for of in paths]
            blocks.append(np.array([cheapest]))
    shares = np.array([one.weight for one in asked.futures]) / sum(one.weight for one in asked.futures)
    costs = np.array([sum(rows) for rows in product(*blocks)])
    costs = costs[np.isfinite(costs).all(axis=1)]
    if asked.measure is Measure.EXPECTED:
        return float((costs @ shares).min())
    if asked.measure is Measure.REGRET:
        return float((costs - own).max(axis=1).min())
    return min(mean_of_the_worst(row, shares, asked.tail) for row in costs.tolist())


@pytest.mark.parametrize("shared", Shared)
@pytest.mark.parametrize("measure", Measure)
def test_it_is_the_best_of_every_choice_made_before_the_future_is_known(measure, shared):
    scenario, asked = world(4), asking(measure=measure, shared=shared, tail=0.3)
    found = publish([foreseen(scenario)], asked, in_silence)
    best = best_by_enumeration(4, asked)
    assert found.objective == pytest.approx(best, rel=1e-6, abs=1e-4)
    assert found.bound == pytest.approx(best, rel=1e-6, abs=1e-4)
    assert (found.held, found.bound_holds_for) == (Held.OPTIMAL, "every policy")


def test_who_decides_later_pays_no_more_and_every_regret_is_one():
    scenario = world(3)
    now = publish([foreseen(scenario)], asking(), in_silence)
    then = publish([foreseen(scenario)], asking(shared="stock"), in_silence)
    assert then.objective <= now.objective + 1e-6
    for found in (now, then):
        assert all(one.regret >= -1e-6 for one in found.futures)
        assert sum(one.weight for one in found.futures) == pytest.approx(1.0)
        assert found.expected_cost == pytest.approx(sum(one.weight * one.cost for one in found.futures))
        assert found.largest_regret == pytest.approx(max(one.regret for one in found.futures))


def test_what_fails_in_one_future_is_published_in_none_unless_paths_are_chosen_later():
    scenario = world(3)
    now = publish([foreseen(scenario)], asking(), in_silence)
    assert now.segments and "courier" not in {one.mode for one in now.segments}
    then = publish([foreseen(scenario)], asking(shared="stock"), in_silence)
    assert {one.mode for one in then.segments} == {None}
    moving = then.segments[0].moving["mode"]
    assert moving["as today"] == "courier" and moving["courier fails"] != "courier"
    steady = [one for one in now.segments if "channel" in one.steady]
    assert len(steady) == len(now.segments)


def test_equal_futures_are_the_scenario_itself():
    scenario = world(3)
    alike = (Future(name="one"), Future(name="two", weight=5))
    found = publish([foreseen(scenario)], asking(alike), in_silence)
    own = ask(scenario, inline_facts(scenario), Memory())
    assert found.objective == pytest.approx(own.objective) and found.largest_regret == pytest.approx(
        0, abs=1e-6
    )
    assert all(not one.moving for one in found.segments)
    assert "every future alone would choose the same" in found.segments[0].sentence


def test_by_mix_the_policy_lies_above_the_best_and_is_audited(monkeypatch):
    """No question is small: columns are mixed, whole items are searched for with the means fixed."""
    scenario, asked = world(4), asking()
    best = best_by_enumeration(4, asked)
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    found = publish([foreseen(scenario)], asked, in_silence)
    assert found.bound_holds_for == "the columns of the model"
    assert best - 1e-6 <= found.objective <= best * 1.05
    assert 1 <= found.rounds <= published_by.ROUNDS


def test_where_no_policy_keeps_all_futures_it_says_which_stands_in_the_way():
    only = {"supply": [{"name": one, "lead_time_mean_days": 5.0} for one in ("near", "far")]}
    scenario = world(3, **only)
    torn = (
        Future(name="near fails", without=("supply:near",)),
        Future(name="far fails", without=("supply:far",)),
    )
    found = publish([foreseen(scenario)], asking(torn), in_silence)
    assert found.held is Held.INFEASIBLE and found.objective is None
    assert "Without 'near fails' the other futures could share a policy." in found.against


def test_a_future_that_has_no_policy_even_alone_is_named():
    scenario = world(3, budgets={"inventory_value": 3000.0})
    grim = (Future(name="as today"), Future(name="flood", times={"demand": 50.0}))
    found = publish([foreseen(scenario)], asking(grim), in_silence)
    assert found.held is Held.INFEASIBLE and found.against[0].startswith("flood has no policy even alone")


def rules_of(bases, asked):
    with pytest.raises(Exception) as rejected:
        publish(bases, asked, in_silence)
    return {finding.rule for finding in rejected.value.findings}


def test_futures_that_cannot_be_weighed_are_told_why():
    scenario = world(3)
    one, two = Future(name="one"), Future(name="two")
    base = [foreseen(scenario)]
    nothing = (Future(name="one", weight=0), Future(name="two", weight=0))
    assert rules_of(base, asking((one,))) == {"futures.too_few"}
    assert rules_of(base, asking(nothing)) == {"futures.weights"}
    assert rules_of(base, asking((one, one))) == {"futures.same_name"}
    assert rules_of([*base, foreseen(world(3, currency="GBP"))], asking((one, two))) == {"futures.currency"}
    assert rules_of([*base] * 3, asking((one, two))) == {"futures.scenarios"}
    gone = (one, Future(name="two", without=("mode:blimp", "weather")))
    assert rules_of(base, asking(gone)) == {"futures.unknown_means"}
    last = (one, Future(name="two", without=("process:wave",)))
    assert rules_of(base, asking(last)) == {"futures.nothing_left"}
    with pytest.raises(FuturesRejected, match="add up to zero"):
        publish(base, asking(nothing), in_silence)


@pytest.mark.parametrize("name", ["freight", "order_handling", "warehousing", "carrying_rate", "unit_cost"])
def test_a_scaled_input_scales_its_part_of_the_cost(name):
    """With one way to do everything, costs are linear in their rates."""
    single = {
        "modes": MODES[:1], "channels": [{"name": "web", "cost_per_line": 1.0}], "stock_policies": ["pooled"],
        "stockout_reactions": [],
    }  # fmt: skip
    scenario = small_scenario(0, **single)
    scenario = scenario.model_copy(update={"supply": scenario.supply[:1]})
    facts = inline_facts(scenario)
    before = ask(scenario, facts, Memory()).policy
    after = ask(*scaled((scenario, facts), {name: 2.0}), Memory()).policy
    part = {"freight": "transport", "order_handling": "response", "warehousing": "warehousing"}.get(name)
    if part:
        assert getattr(after.cost, part) == pytest.approx(2 * getattr(before.cost, part))
    else:
        assert after.cost.inventory > before.cost.inventory


@pytest.mark.parametrize("law", ["auto", "normal", "gamma", "negative_binomial", "compound"])
@pytest.mark.parametrize("sizes", [(), ({"pieces": 1, "share": 0.5}, {"pieces": 3, "share": 0.5})])
def test_twice_the_demand_is_twice_what_every_shelf_has_to_wait_through(law, sizes):
    scenario = Scenario.model_validate(_with_sizes(small_scenario(2, demand_laws=[{"law": law}]), sizes))
    facts = inline_facts(scenario)
    one, two = (
        question(*scaled((scenario, facts), {"demand": times}), Known(), in_silence).room.shelves
        for times in (1.0, 2.0)
    )
    for place, shelf in one.items():
        twice = 2.0 * shelf.items.demand.lead.mean_pieces
        assert two[place].items.demand.lead.mean_pieces == pytest.approx(twice, rel=1e-9)


def _with_sizes(scenario, sizes):
    """The scenario's document; a line has 2 pieces on average."""
    document = scenario.model_dump(mode="json")
    for item in document["demand"]["items"]:
        for pool in item["demand"]:
            pool["pieces_per_day"] = 2.0 * pool["lines_per_day"]
            pool |= {"order_sizes": sizes, "order_size_second_moment_pieces2": None if sizes else 5.0}
    return document

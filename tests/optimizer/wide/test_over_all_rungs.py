"""The bound over all rungs lies below the best policy of all, found by trying every rung of every item.

Columns are left out at random, from some options more than from others: what they do not know the bound
must not prove. Where options are not mixed, the option that is cheapest by its columns need not be the one
that can still gain most; who takes only the gain of the cheapest off proves too much.
"""

from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

from servicepolicy_models.proof import Held
from servicepolicy_optimizer.choices import ColumnSet
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence, question
from servicepolicy_optimizer.refine import reduced_costs_of_all_rungs
from servicepolicy_optimizer.wide.generation import PathRelaxation
from servicepolicy_optimizer.wide.item_bound import ItemBound, over_all_rungs
from tests.optimizer.every_rung import cheapest
from tests.optimizer.small_inline import small_scenario

WORLDS = range(150)


def with_few_columns(asked, rng):
    """Of some options the fullest column alone, of others a few more."""
    kept = {}
    for place, columns in asked.choices.columns.items():
        few = rng.random(columns.size) < rng.choice([0.0, 0.3, 1.0])
        few[-1] = True
        kept[place] = ColumnSet(**{one.name: getattr(columns, one.name)[few] for one in fields(columns)})
    return replace(asked, choices=replace(asked.choices, columns=kept))


@cache
def plain_world(seed):
    """Several tests look at it."""
    return world(seed)


@cache
def best_of_plain_world(seed):
    return cheapest(plain_world(seed))


def world(seed, **changes):
    scenario = small_scenario(seed, **changes)
    rng = np.random.default_rng(seed)
    return with_few_columns(question(scenario, inline_facts(scenario), Known(), in_silence), rng)


def gain_of_the_cheapest_alone(asked, over, node):
    """What was done once: of each class, the bound falls by what the option it rests on can gain."""
    reduced = reduced_costs_of_all_rungs(asked.facts, asked.room, node.prices)
    bound, options = node.bound, [over.few[n][1] for n in over._options]
    for j in set(over._offered.item_class.tolist()):
        of_class = np.flatnonzero(over._offered.item_class == j)
        rests_on = of_class[np.argmin(node.offer.option[of_class])]
        bound -= max(node.offer.mixes[rests_on] - reduced[options[rests_on]], 0.0)
    return bound


@cache
def relaxed_world(seed):
    """With its relaxation, and its root; who branches makes one of its own."""
    asked = plain_world(seed)
    over = PathRelaxation(asked.scenario, asked.choices)
    return asked, over, over.solve()


def looked_at(seeds):
    """(best of all, question, relaxation, node) of the worlds in which the few columns keep all promises."""
    for seed in seeds:
        asked, over, node = relaxed_world(seed)
        if node.held is Held.OPTIMAL:
            yield best_of_plain_world(seed), asked, over, node


def test_no_policy_of_whole_items_costs_less():
    found = [
        (best, node.bound, over_all_rungs(asked, over, node).bound)
        for best, asked, over, node in looked_at(WORLDS)
    ]
    best, of_columns, of_all = np.array(found).T
    assert len(found) > 100
    assert (of_all <= best + 1e-7 * np.abs(best)).all()
    # what the columns alone prove is too much in many of these worlds, so there was something to take off
    assert (of_columns > best + 1e-4 * np.abs(best)).sum() > 20


def test_nor_does_any_with_a_held_option_cost_less():
    """What is said of taking one option, or not, holds too."""
    checked = 0
    for _, asked, over, node in looked_at(range(60)):
        proven = over_all_rungs(asked, over, node)
        for number in over._options.tolist():
            item_class, option = over.few[number][1]
            for keeps, bound in ((True, proven.with_it(number)), (False, proven.without(number))):
                narrowed = _with_options(asked, item_class, option, keeps)
                best = None if narrowed is None else cheapest(narrowed)
                if best is not None:
                    assert bound <= best + 1e-7 * abs(best)
                    checked += 1
    assert checked > 100


def _with_options(asked, item_class, option, keeps):
    options = dict(asked.choices.options)
    options[item_class] = tuple(one for one in options[item_class] if (one.name == option) == keeps)
    if not options[item_class]:
        return None
    return replace(asked, choices=replace(asked.choices, options=options))


def test_the_gain_of_the_cheapest_option_alone_would_prove_too_much():
    """So that the fault cannot come back unseen: these worlds tell the two ways apart."""
    too_much = sum(
        gain_of_the_cheapest_alone(asked, over, node) > best + 1e-4 * abs(best)
        for best, asked, over, node in looked_at(WORLDS)
    )
    assert too_much > 5


@pytest.mark.parametrize("seed", range(0, 150, 5))
def test_branching_proves_no_more_than_the_best_either(seed):
    asked = plain_world(seed)
    over = PathRelaxation(asked.scenario, asked.choices)
    node = over.solve()
    if node.held is not Held.OPTIMAL:
        return
    best = best_of_plain_world(seed)
    found = ItemBound(asked, over, lambda choices, prices: None, 2 * abs(best)).raised(node)
    assert found <= best + 1e-7 * abs(best)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_nor_with_a_budget(share):
    checked = 0
    for seed in range(40):
        free = plain_world(seed)
        value = share * sum(float(columns.stock_value.max()) for columns in free.choices.columns.values())
        value /= len(free.choices.columns)
        asked = world(seed, budgets={"inventory_value": value})
        over = PathRelaxation(asked.scenario, asked.choices)
        node = over.solve()
        best = cheapest(asked, inventory_value=value)
        if node.held is Held.OPTIMAL and best is not None:
            assert over_all_rungs(asked, over, node).bound <= best + 1e-7 * abs(best)
            checked += 1
    assert checked > 3

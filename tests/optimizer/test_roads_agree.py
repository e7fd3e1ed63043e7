"""One question by three roads: item by item, by the mix of columns, and by price and fix.

They share the audit, not the search. So what one holds no other may call impossible or undercut with its
bound, and a question with fewer limits never costs more. A seed gives one question.
"""

from itertools import product

import pytest

from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held
from servicepolicy_models.rules import Budgets, PolicyRules
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer import item_by_item, wide
from servicepolicy_optimizer import settle as settling
from servicepolicy_optimizer.baselines import without_limits
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile import inline_facts
from servicepolicy_optimizer.question import Known, in_silence
from servicepolicy_optimizer.recall import InMemory
from tests.optimizer.audit.wide_worlds import wide_world

ROADS = ("item by item", "mix", "price and fix")
LAST_DIGITS = 1e-6
SEEDS = (6, 9, 17, 23, 34, 41, 55, 1004)
"""Both bases, feasible and not, with capacities, budgets and rules."""


ROOM_BYTES = 256_000_000


def by(road: str, scenario: Scenario, known: Known) -> Policy:
    """The policy of one road. known: by this road, whose baselines do not depend on limits."""
    with pytest.MonkeyPatch.context() as patched:
        if road != "item by item":
            patched.setattr(item_by_item, "MOST_COLUMNS", 0)
        if road == "price and fix":
            patched.setattr(settling, "prepared", lambda asked, tell: wide.prepared(asked, tell, 0))
            patched.setattr(settling, "as_it_is", lambda asked: wide.as_it_is(asked, 0))
        return recommend(scenario, inline_facts(scenario), lambda: 0.0, in_silence, known=known)


def precise(scenario: Scenario, **changes: object) -> Scenario:
    """Solved to the last digits."""
    limits = scenario.limits.model_copy(update={"relative_gap": 1e-6, "refinements": 12})
    return scenario.model_copy(update={"limits": limits, **changes})


def undercuts(bound: float | None, policy: Policy) -> bool:
    """Whether a bound is above what was found all the same."""
    cost = policy.proof.objective
    return bound is not None and cost is not None and bound > cost + LAST_DIGITS * max(abs(cost), 1.0)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_road_disproves_another_and_fewer_limits_never_cost_more(seed: int) -> None:
    scenario = precise(wide_world(seed))
    free = precise(without_limits(scenario), budgets=Budgets(), rules=PolicyRules())
    known = {road: Known(recall=InMemory(ROOM_BYTES)) for road in ROADS}
    asked, freely = ({road: by(road, one, known[road]) for road in ROADS} for one in (scenario, free))
    for found in (asked, freely):
        held = {one.proof.held for one in found.values()}
        assert not (Held.INFEASIBLE in held and held & {Held.OPTIMAL, Held.FEASIBLE}), held
        for one, other in product(found.values(), repeat=2):
            assert not undercuts(one.proof.item_level_bound, other)
    for without, within in product(freely.values(), asked.values()):
        assert within.proof.objective is None or without.proof.held is not Held.INFEASIBLE
        assert not undercuts(without.proof.item_level_bound, within)

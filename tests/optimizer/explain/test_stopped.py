"""What is held on the way is part of the whole answer, and says that it is not all."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from servicepolicy_models.frontier import FrontierQuestion
from servicepolicy_models.futures import Future, FuturesAsked
from servicepolicy_models.proof import Held, Stopped
from servicepolicy_optimizer.explain.compare import Effort, compare
from servicepolicy_optimizer.explain.frontier import frontier
from servicepolicy_optimizer.explain.prices import prices
from servicepolicy_optimizer.explain.publish import Foreseen, publish
from servicepolicy_optimizer.explain.repairs import repairs
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import in_silence
from tests.optimizer.explain.small_runs import case_of, later
from tests.optimizer.explain.tight_worlds import LADDER
from tests.optimizer.small_inline import small_scenario

SMALL: dict[str, Any] = {"promise_ladder": LADDER}


@dataclass
class Kept:
    """Everything that was held on the way."""

    held: list[Any] = field(default_factory=list)

    def __call__(self, found: Any) -> None:
        self.held.append(found)


def clock() -> float:
    return 0.0


def test_the_points_of_a_frontier_so_far_are_points_of_the_whole() -> None:
    scenario, kept = small_scenario(6, **SMALL), Kept()
    asked = FrontierQuestion(points=4)
    whole = frontier(scenario, inline_facts(scenario), clock, in_silence, asked, keep=kept)
    assert whole.complete and [len(one.points) for one in kept.held] == [1, 2, 3, 4]
    for one in kept.held:
        assert not one.complete and one.sentences[0].startswith(f"Stopped: {len(one.points)} of 4 points")
        costs = [point.cost_per_year for point in one.points]
        assert costs == [point.cost_per_year for point in whole.points[: len(costs)]]
        assert one.markers == () and not any(point.knee for point in one.points)


def test_the_amounts_of_a_comparison_so_far_add_up_to_the_cent() -> None:
    kept = Kept()
    before, after = case_of("before", small_scenario(3)), case_of("after", later(3))
    whole = compare([before, after], Effort(), in_silence, keep=kept)
    assert whole.complete and len(kept.held) == 16 - 2
    for one in kept.held:
        (told,) = one.differences
        assert not one.complete and told.moved == whole.differences[0].moved
        amounts = sum(round(100 * part.amount) for part in told.contributions)
        assert amounts == round(100 * told.moved)
    groups = [[part.groups for part in one.differences[0].contributions] for one in kept.held]
    assert len(groups[0]) == 1 and len(groups[0][0]) == 4 and len(groups[-1]) > 1


def test_a_robust_policy_is_held_once_it_serves_all_futures() -> None:
    scenario, kept = small_scenario(3), Kept()
    asked = FuturesAsked(futures=(Future(name="as today"), Future(name="more", times={"demand": 2.0})))
    start = Foreseen("today", scenario, inline_facts(scenario))
    whole = publish([start], asked, in_silence, keep=kept)
    first, *rest = kept.held
    assert (first.held, first.stopped, first.objective) == (Held.NOTHING, Stopped.INTERRUPTED, None)
    assert [future.own_cost for future in first.futures] == [future.own_cost for future in whole.futures]
    assert rest and {one.held for one in rest} == {Held.FEASIBLE}
    assert rest[-1].objective == pytest.approx(whole.objective)


def test_repairs_and_prices_so_far_are_those_of_the_whole() -> None:
    kept = Kept()
    tight = small_scenario(0, **SMALL, budgets={"inventory_value": 100.0})
    whole = repairs(tight, inline_facts(tight), clock, in_silence, keep=kept)
    told = {one.sentence for one in whole.repairs}
    assert kept.held and not any(one.complete for one in kept.held)
    assert {one.sentence for one in kept.held[0].repairs} <= told and len(kept.held[0].repairs) < len(told)
    kept, scenario = Kept(), small_scenario(1, **SMALL)
    everything = prices(scenario, inline_facts(scenario), clock, in_silence, ("A/X", "B/X"), keep=kept)
    (partly,) = kept.held
    assert everything.complete and not partly.complete
    assert partly.segments == everything.segments[:1]

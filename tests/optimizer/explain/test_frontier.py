"""Frontiers against every policy of whole items that there is, in small worlds."""

from itertools import product

import numpy as np
import pytest

from servicepolicy_models.changes import Level
from servicepolicy_models.consistency import require
from servicepolicy_models.errors import NoPolicyToExplain, QuestionRejected
from servicepolicy_models.frontier import Against, Frontier, FrontierQuestion, SegmentWeight, WeightBy
from servicepolicy_models.merge_patch import merged
from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Held
from servicepolicy_models.reading import read_scenario
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer import item_by_item
from servicepolicy_optimizer.explain import frontier_points
from servicepolicy_optimizer.explain.frontier import frontier
from servicepolicy_optimizer.explain.traded_service import lifted, shares
from servicepolicy_optimizer.pipeline import recommend
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.question import Known, Question, in_silence, question
from servicepolicy_optimizer.settle import Settled
from tests.optimizer.every_rung import stocked_in_every_way
from tests.optimizer.small_inline import small_scenario

TWO_MODES = [
    {
        "name": name,
        "lanes": [
            {"bands": [{"cost_per_shipment": cost}], "time": {"mean_hours": hours, "sd_hours": hours / 8}}
        ],
    }
    for name, cost, hours in (("road", 4, 60), ("air", 9, 20))
]
SMALL = {"promise_ladder": {"fill_rates": [0.4, 0.8, 0.95], "response_hours": [24, 36, 72, 96]}}


def drawn(scenario: Scenario, **asked: object) -> Frontier:
    said = FrontierQuestion.model_validate({"points": 5, **asked})
    return frontier(scenario, inline_facts(scenario), lambda: 0.0, in_silence, said)


class Every:
    """Every policy of whole items: cost, stock value, and of each segment what is short; paths apart."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        stocked = stocked_in_every_way(asked, tuple(asked.choices.options))
        self.cost, self.value, self.fill = stocked.cost, stocked.value, stocked.fill
        self.kept = np.all(
            [self.fill[s] >= asked.choices.targets[s].fill_rate - 1e-9 for s in self.fill], axis=0
        )

    def paths(self):
        """Every choice of a path a segment."""
        choices = self.asked.choices
        ways = [[p for (t, _), paths in choices.paths.items() if t == s for p in paths] for s in self.fill]
        return product(*ways)


@pytest.mark.parametrize("seed", [4, 6])
def test_against_the_fill_rate_every_point_is_the_cheapest_of_all(seed: int) -> None:
    scenario = small_scenario(seed, **SMALL)
    found = drawn(scenario)
    assert found.level is Level.ITEM_BY_ITEM
    asked = FrontierQuestion()
    facts = inline_facts(scenario)
    every = Every(question(lifted(scenario, asked), facts, Known(), in_silence))
    share = shares(scenario, facts, asked)
    service = sum(share[s] * fill for s, fill in every.fill.items())
    served = min(sum(path.cost for path in paths) for paths in every.paths())
    assert found.points[0].held is Held.OPTIMAL
    for point in found.points:
        # The solver may miss a row by its tolerance, and no more.
        enough, nearly = service >= point.asked, service >= point.asked - 1e-6
        if not nearly.any():
            assert point.held is Held.INFEASIBLE
            continue
        assert point.cost_per_year is not None
        assert point.cost_per_year >= (every.cost[nearly].min() + served) * (1 - 1e-9)
        if enough.any():
            assert point.cost_per_year <= (every.cost[enough].min() + served) * (1 + 1e-9)
        assert point.reached is not None and point.reached >= point.asked - 1e-6


@pytest.mark.parametrize("against", [Against.OTIF, Against.RESPONSE])
def test_against_otif_and_response_every_point_is_the_cheapest_of_all(against: Against) -> None:
    scenario = small_scenario(8, **SMALL, modes=TWO_MODES)
    found = drawn(scenario, against=against, weight_by="lines")
    facts, asked = inline_facts(scenario), FrontierQuestion(against=against, weight_by=WeightBy.LINES)
    every = Every(question(lifted(scenario, asked), facts, Known(), in_silence))
    share = shares(scenario, facts, asked)
    solved = 0
    for point in found.points:
        best = np.inf
        for paths in every.paths():
            by = dict(zip(every.fill, paths, strict=True))
            if against is Against.RESPONSE:
                hours = sum(share[s] * path.promised_response_hours for s, path in by.items())
                enough = every.kept & (hours <= point.asked + 1e-5)
            else:
                otif = sum(share[s] * every.fill[s] * path.on_time_probability for s, path in by.items())
                enough = otif >= point.asked - 1e-6
            if enough.any():
                best = min(best, every.cost[enough].min() + sum(path.cost for path in paths))
        if against is Against.OTIF:
            # The frontier may also promise a path more slowly, and so keep it more often.
            assert point.cost_per_year is not None and point.cost_per_year <= best * (1 + 1e-6)
        else:
            assert point.cost_per_year == pytest.approx(best, rel=1e-6)
        solved += 1
    assert solved == 5 and len({point.cost_per_year for point in found.points}) > 1


def test_against_inventory_every_point_is_the_cheapest_within_it() -> None:
    scenario = small_scenario(6, **SMALL)
    found = drawn(scenario, against="inventory", points=7)
    facts = inline_facts(scenario)
    every = Every(question(scenario, facts, Known(), in_silence))
    served = min(sum(path.cost for path in paths) for paths in every.paths())
    assert found.points[0].asked == pytest.approx(every.value[every.kept].min())
    for point in found.points:
        enough = every.kept & (every.value <= point.asked + 1e-4)
        assert point.cost_per_year == pytest.approx(every.cost[enough].min() + served, rel=1e-6)
    own = next(one for one in found.markers if one.name == "this policy")
    assert own.left_on_the_table_per_year == pytest.approx(0.0, abs=1e-6)


def test_by_mix_points_rise_lie_between_their_bounds_and_whole_items_cost_no_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    found = drawn(small_scenario(6, **SMALL), points=8)
    assert found.level is Level.MIXED_COLUMNS
    costs = [point.cost_per_year for point in found.points if point.cost_per_year is not None]
    assert costs == sorted(costs) and len(costs) > 4
    for point in found.points:
        if point.cost_per_year is not None and point.cost_at_least is not None:
            assert point.cost_at_least <= point.cost_per_year * (1 + 1e-9)
            whole = point.whole_items_cost_per_year
            assert whole is None or whole >= point.cost_per_year * (1 - 1e-6)
    for one in found.markers:
        if one.feasible and one.left_on_the_table_per_year is not None:
            assert one.left_on_the_table_per_year >= -1e-6


@pytest.mark.parametrize("against", [Against.FILL_RATE, Against.RESPONSE, Against.INVENTORY])
def test_by_mix_the_whole_items_of_every_kind_of_frontier_are_audited(
    against: Against, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_by_item, "MOST_COLUMNS", 0)
    seen: list[float] = []
    audit_of = frontier_points.audited

    def audited(settled: Settled) -> Policy:
        policy = audit_of(settled)
        seen.append(policy.cost.objective if policy.cost else 0.0)
        return policy

    monkeypatch.setattr(frontier_points, "audited", audited)
    found = drawn(small_scenario(8, **SMALL, modes=TWO_MODES), against=against, points=3)
    told = [one.whole_items_cost_per_year for one in found.points if one.whole_items_cost_per_year]
    assert told and set(told) <= set(seen)


def test_one_knee_is_marked_and_its_definition_is_told() -> None:
    found = drawn(small_scenario(6, **SMALL), points=9)
    assert sum(point.knee for point in found.points) == 1
    assert "furthest from the straight line" in found.knee_definition
    assert any(sentence.startswith("The knee is at") for sentence in found.sentences)
    assert {one.name for one in found.markers} >= {"this policy", "one size, strictest", "no promises"}


def test_weights_count_as_given() -> None:
    scenario = small_scenario(6, **SMALL)
    asked = FrontierQuestion(weights=(SegmentWeight(customer_class="B", weight=0.0),))
    share = shares(scenario, inline_facts(scenario), asked)
    assert sum(share.values()) == pytest.approx(1.0)
    assert {s[0] for s, weight in share.items() if weight > 0} == {"A"}
    equal = shares(scenario, inline_facts(scenario), FrontierQuestion(weight_by=WeightBy.EQUAL))
    assert set(equal.values()) == {1 / len(equal)}


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({"weights": [{"weight": 0.0}]}, "question.no_weight"),
        ({"weights": [{"customer_class": "Z", "weight": 1.0}]}, "question.unknown_name"),
        ({"at_least": 0.9, "at_most": 0.9}, "question.empty_range"),
        ({"against": "co2e"}, "question.nothing_to_trade"),
    ],
)
def test_a_frontier_over_nothing_is_refused_in_words(asked: dict[str, object], rule: str) -> None:
    with pytest.raises(QuestionRejected) as rejected:
        drawn(small_scenario(0, **SMALL), **asked)
    assert [one.rule for one in rejected.value.findings] == [rule]


def test_an_infeasible_scenario_has_no_frontier() -> None:
    with pytest.raises(NoPolicyToExplain):
        drawn(small_scenario(0, budgets={"inventory_value": 0.001}))


@pytest.mark.parametrize("against", [Against.FILL_RATE, Against.OTIF, Against.RESPONSE])
def test_the_scenario_of_a_point_has_the_points_cost(against: Against) -> None:
    scenario = small_scenario(3, modes=TWO_MODES, **SMALL)
    found = drawn(scenario, against=against, points=3)
    assert found.level is Level.ITEM_BY_ITEM
    point = found.points[1]
    assert point.patch is not None
    child = Scenario.model_validate(merged(scenario.model_dump(mode="json"), point.patch))
    solved = recommend(child, inline_facts(child), lambda: 0.0, in_silence)
    assert child.name != scenario.name and solved.cost is not None
    assert solved.cost.objective == pytest.approx(point.cost_per_year, rel=1e-5)


def test_a_point_above_the_promise_ladder_brings_a_rung_of_its_own() -> None:
    scenario = small_scenario(3, **SMALL)
    found = drawn(scenario, points=3)
    highest = found.points[-1]
    assert highest.patch is not None and highest.reached is not None and highest.reached > 0.95
    child = read_scenario(merged(scenario.model_dump(mode="json"), highest.patch))
    require(child)
    solved = recommend(child, inline_facts(child), lambda: 0.0, in_silence)
    assert solved.cost is not None
    assert solved.cost.objective == pytest.approx(highest.cost_per_year, rel=1e-5)

"""Why did it move: amounts against every order solved apart, to the cent; and what cannot be compared."""

from dataclasses import replace
from itertools import permutations

import pytest

from servicepolicy_models.comparison import InputGroup
from servicepolicy_models.cost import Cost
from servicepolicy_models.errors import OrderLinesRejected, error
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.explain import compare as compare_module
from servicepolicy_optimizer.explain.asking import Reply, ask
from servicepolicy_optimizer.explain.compare import Effort, RunsRejected, compare, stated_order
from servicepolicy_optimizer.explain.input_groups import OF_SCENARIO, mixed
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.profile import inline_facts
from tests.optimizer.explain.small_runs import case_of, in_silence, later
from tests.optimizer.small_inline import small_scenario

G = InputGroup


def difference(before, after, effort=None):
    return compare([before, after], effort or Effort(), in_silence).differences[0]


def cents(amount):
    return round(100 * amount)


def cost(scenario):
    """Solved apart, with nothing remembered."""
    return ask(scenario, inline_facts(scenario), Memory()).objective


def test_amounts_are_the_mean_over_every_order_solved_apart():
    before, after = small_scenario(5), later(5, only=("demand", "costs", "times"))
    found = difference(case_of("before", before), case_of("after", after))
    groups = (G.DEMAND, G.COSTS, G.TIMES)
    costs = {}
    added = dict.fromkeys(groups, 0.0)
    for order in permutations(groups):
        for n, group in enumerate(order):
            ends = frozenset(order[:n]), frozenset(order[: n + 1])
            for one in ends:
                costs[one] = costs.get(one) or cost(mixed(before, after, one))
            added[group] += (costs[ends[1]] - costs[ends[0]]) / 6
    assert found.method == "shapley" and found.orders_counted == 6 and found.solves == 8
    told = {one.groups[0]: one.amount for one in found.contributions}
    assert told == {group: pytest.approx(amount, abs=0.011) for group, amount in added.items()}


@pytest.mark.parametrize("effort", [Effort(), Effort(most_solves=5)], ids=["all orders", "one order"])
def test_amounts_add_up_to_the_cent(effort):
    found = difference(case_of("before", small_scenario(3)), case_of("after", later(3)), effort)
    assert sum(cents(one.amount) for one in found.contributions) == cents(found.moved)
    assert cents(found.moved) == cents(found.cost_after) - cents(found.cost_before)
    parts = sum(one.parts.objective for one in found.contributions)
    assert parts == pytest.approx(found.moved, abs=0.01)
    assert found.method == ("shapley" if effort.most_solves > 5 else "stated_order")
    assert ("stated order" in found.sentence) == (found.method == "stated_order")


def test_backwards_every_amount_changes_its_sign():
    before, after = case_of("before", small_scenario(3)), case_of("after", later(3, only=("costs", "times")))
    there, back = difference(before, after), difference(after, before)
    forth = {one.groups: one.amount for one in there.contributions}
    assert {one.groups: -one.amount for one in back.contributions} == {
        groups: pytest.approx(amount, abs=0.011) for groups, amount in forth.items()
    }


def test_the_same_question_costs_the_same_and_says_so():
    one = case_of("before", small_scenario(3))
    found = difference(one, replace(one, name="again"))
    assert (found.moved, found.contributions, found.changes, found.segments) == (0.0, (), (), ())
    assert "costs the same" in found.sentence


def test_what_an_older_program_answered_is_the_programs_own_amount():
    before, after = case_of("before", small_scenario(3)), case_of("after", later(3, only=("costs",)))
    dearer = after.policy.model_copy(update={"cost": after.policy.cost + Cost(supply=123.45)})
    found = difference(before, replace(after, policy=dearer))
    told = {one.groups: one.amount for one in found.contributions}
    assert told[G.ENGINE,] == pytest.approx(123.45, abs=0.011)
    assert sum(cents(one) for one in told.values()) == cents(found.moved)


def test_what_is_not_found_again_is_the_recorded_policy_if_it_still_holds(monkeypatch):
    before, after = case_of("before", small_scenario(3)), case_of("after", later(3, only=("costs",)))

    def forgetful(scenario, facts, memory):
        lost = scenario == after.scenario
        return Reply(None, "out of luck") if lost else ask(scenario, facts, memory)

    monkeypatch.setattr(compare_module, "ask", forgetful)
    found = difference(before, after)
    assert [one.groups for one in found.contributions] == [(G.COSTS,)]
    assert cents(found.contributions[0].amount) == cents(found.moved)
    wrong = after.policy.model_copy(update={"cost": after.policy.cost + Cost(supply=123.45)})
    with pytest.raises(RunsRejected) as rejected:
        difference(before, replace(after, policy=wrong))
    assert [one.rule for one in rejected.value.findings] == ["compare.no_policy_now"]


def kept(name, scenario, **changed):
    """A run of a store that keeps question and policy together."""
    return replace(case_of(name, scenario), kept_together=True, **changed)


def adds_up(found):
    assert sum(cents(one.amount) for one in found.contributions) == cents(found.moved)
    return {one.groups: one.amount for one in found.contributions}


def test_a_kept_run_that_is_not_found_again_costs_what_was_recorded(monkeypatch):
    before, after = kept("before", small_scenario(3)), kept("after", later(3, only=("costs",)))
    dearer = after.policy.model_copy(update={"cost": after.policy.cost + Cost(supply=123.45)})
    after = replace(after, policy=dearer)

    def forgetful(scenario, facts, memory):
        lost = scenario == after.scenario
        return Reply(None, "out of luck") if lost else ask(scenario, facts, memory)

    monkeypatch.setattr(compare_module, "ask", forgetful)
    found = difference(before, after)
    assert found.as_recorded == ("after",)
    assert "The cost of after is the recorded one" in found.sentence and "out of luck" in found.sentence
    assert found.cost_after == pytest.approx(dearer.cost.objective, abs=0.01)
    assert list(adds_up(found)) == [(G.COSTS,)]


def test_a_kept_run_whose_order_lines_are_gone_costs_what_was_recorded():
    def gone(scenario):
        raise OrderLinesRejected([error("lines.csv", "does not exist.", "file.missing", "Bring it back.")])

    before, after = kept("before", small_scenario(3), read=gone), kept("after", later(3))
    found = difference(before, after)
    assert found.as_recorded == ("before",) and "lines.csv: does not exist." in found.sentence
    # What is known of the demand of the later run is measured from there on.
    assert found.changes[0].group is G.DEMAND
    told = adds_up(found)
    assert (G.DEMAND,) in told and len(told) > 1
    assert {one.changed for one in found.unmixable} >= {(G.COSTS,), (G.PROMISES,), (G.TIMES,)}
    assert not any(G.DEMAND in one.changed for one in found.unmixable)
    neither = difference(before, replace(after, read=gone))
    assert neither.as_recorded == ("before", "after")
    assert len(adds_up(neither)) == 1
    with pytest.raises(OrderLinesRejected):
        difference(replace(before, kept_together=False), after)


def test_order_lines_that_were_replaced_since_are_not_taken_for_those_of_then():
    scenario = small_scenario(3)
    others = inline_facts(later(3, only=("demand",)))
    before, after = kept("before", scenario, read=lambda _: others), kept("after", later(3, only=("costs",)))
    found = difference(before, after)
    assert found.as_recorded == ("before",) and "have changed since" in found.sentence
    assert list(adds_up(found)) == [(G.COSTS,)]
    # An older program may have made other figures of the same lines: that is the program's own amount.
    proof = before.policy.proof.model_copy(update={"versions": {"servicepolicy": "0"}})
    old = replace(before, policy=before.policy.model_copy(update={"proof": proof}))
    assert (G.ENGINE,) in adds_up(difference(old, after))


def test_a_kept_run_need_not_have_been_solved_under_the_same_limits():
    shorter = small_scenario(3).limits.model_copy(update={"time_limit_seconds": 7.0})
    before, after = case_of("before", small_scenario(3)), kept("after", later(3, only=("costs",)))
    asked_in_time = before.scenario.model_copy(update={"limits": shorter})
    with pytest.raises(RunsRejected):
        difference(replace(before, scenario=asked_in_time), after)
    found = difference(replace(before, scenario=asked_in_time, kept_together=True), after)
    assert found.as_recorded == ()
    assert set(adds_up(found)) == {(G.COSTS,), (G.SEARCH,)}


def test_a_stated_order_is_followed():
    before, after = small_scenario(3), later(3)
    order = (G.TIMES, G.COSTS, G.PROMISES, G.DEMAND)
    found = difference(case_of("before", before), case_of("after", after), Effort(stated_order=order))
    assert found.order == order and found.solves == 5
    steps = [cost(mixed(before, after, set(order[:n]))) for n in range(5)]
    told = {one.groups[0]: one.amount for one in found.contributions}
    for n, group in enumerate(order):
        assert told[group] == pytest.approx(steps[n + 1] - steps[n], abs=0.011)


def test_what_has_a_policy_only_together_is_told_and_still_adds_up():
    """A second supplier comes, and with it a rule that fixes it: the rule alone names nobody."""
    before = small_scenario(3)
    document = before.model_dump(mode="json")
    document["supply"].append(document["supply"][0] | {"name": "new", "unit_cost_factor": 0.9})
    document["rules"]["fixed"] = [{"supply": "new"}]
    found = difference(case_of("before", before), case_of("after", Scenario.model_validate(document)))
    assert [mix.changed for mix in found.unmixable] == [(G.LIMITS,)]
    assert found.orders_counted == 1 and {one.groups for one in found.contributions} <= {
        (G.MEANS,),
        (G.LIMITS,),
    }
    assert sum(cents(one.amount) for one in found.contributions) == cents(found.moved)
    supply = [one for one in found.segments if one.what == "supply"]
    assert supply and all((G.MEANS,) in one.because for one in supply)


def test_segments_say_which_change_moved_them():
    found = difference(
        case_of("before", small_scenario(3)), case_of("after", later(3, only=("costs", "promises")))
    )
    channels = [one for one in found.segments if one.what == "channel"]
    assert {one.customer_class for one in channels} == {"A", "B"}
    assert {(one.before, one.after, one.because) for one in channels} == {("web", "phone", ((G.COSTS,),))}
    assert "because of costs" in channels[0].sentence


def test_the_question_is_compared_in_words():
    few = Effort(most_solves=2)
    found = difference(case_of("before", small_scenario(3)), case_of("after", later(3)), few)
    told = {change.where: change for change in found.changes}
    assert told["/carrying_rate_per_year"].sentence == "Carrying rate per year: 0.4 instead of 0.25."
    assert told["/channels/0/cost_per_line"].sentence == "Channels, 'web', cost per line: 4 instead of 1."
    assert told["/supply/0/lead_time_mean_days"].group is G.TIMES
    assert told["/demand"].sentence.startswith("Demand: pieces a year ")


def test_three_runs_lead_from_one_to_the_next():
    runs = [small_scenario(3), later(3, only=("costs",)), later(3, only=("costs", "times"))]
    found = compare([case_of(str(n), one) for n, one in enumerate(runs)], Effort(), in_silence)
    assert [(one.before, one.after) for one in found.differences] == [("0", "1"), ("1", "2")]
    assert [one.order for one in found.differences] == [(G.COSTS,), (G.TIMES,)]
    assert found.differences[0].cost_after == found.differences[1].cost_before


def test_one_size_for_all_is_compared_with_each_run():
    case = case_of("before", small_scenario(3))
    found = compare([case, replace(case, name="again")], Effort(), in_silence).segmentation
    strictest = next(one for one in case.policy.baselines if one.name == "one_size_strictest")
    assert found[0].saved == pytest.approx(strictest.cost.objective - case.policy.cost.objective)
    assert {(one.run, one.baseline) for one in found} == {
        (run, size) for run in ("before", "again") for size in ("one_size_strictest", "one_size_average")
    }


def rules_of(cases):
    with pytest.raises(RunsRejected) as rejected:
        compare(cases, Effort(), in_silence)
    assert all(finding.mend and finding.where for finding in rejected.value.findings)
    return {finding.rule for finding in rejected.value.findings}


def test_runs_that_cannot_be_compared_are_told_why():
    one = case_of("one", small_scenario(3))
    pounds = case_of("two", small_scenario(3, currency="GBP"))
    assert rules_of([]) == rules_of([one]) == {"compare.too_few"}
    assert rules_of([one, pounds]) == {"compare.currency"}
    assert rules_of([one, one]) == {"compare.same_name"}
    assert rules_of([one, replace(one, name="two", scenario=later(3))]) == {"compare.another_question"}
    impossible = case_of("two", small_scenario(3, budgets={"inventory_value": 0.01}))
    assert rules_of([one, impossible]) == {"compare.no_policy"}


def test_an_order_of_unknown_or_repeated_groups_is_refused():
    with pytest.raises(RunsRejected, match="'weather'"):
        stated_order("demand,weather")
    with pytest.raises(RunsRejected, match="'demand'"):
        stated_order("demand,demand")


def test_every_field_of_a_scenario_has_its_group():
    assert set(OF_SCENARIO) == set(Scenario.model_fields)


def test_lanes_with_the_same_ends_are_taken_together():
    before = small_scenario(3)
    road = before.modes[0]
    cheap, dear = (
        road.lanes[0].model_copy(update={"bands": (road.lanes[0].bands[0].model_copy(update=update),)})
        for update in ({"cost_per_kg": 1.0}, {"cost_per_kg": 2.0})
    )
    twice = road.model_copy(update={"lanes": (cheap, dear)})
    after = before.model_copy(update={"modes": (twice,)})
    assert mixed(before, after, {G.COSTS}) == before
    assert mixed(before, after, {G.MEANS}).modes == (twice,)


def test_a_mixture_of_nothing_is_the_one_and_of_everything_the_other():
    before, after = small_scenario(3), later(5)
    assert mixed(before, after, set()) == before
    whole = mixed(before, after, set(InputGroup))
    assert {name: getattr(whole, name) for name, group in OF_SCENARIO.items() if group} == {
        name: getattr(after, name) for name, group in OF_SCENARIO.items() if group
    }

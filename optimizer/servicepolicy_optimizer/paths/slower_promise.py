"""A path promised slower than it is: where only so many different promises may be made."""

from dataclasses import replace

from servicepolicy_models.scenario import Scenario
from servicepolicy_models.targets import PromiseLadder
from servicepolicy_optimizer.choices import Segment, SegmentTarget, ServicePath
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.paths.lost_demand import cost_of_goods_per_year, lost_margin_by_rung
from servicepolicy_optimizer.paths.path_set import every_path


def promised_within(
    scenario: Scenario,
    facts: Facts,
    segment: Segment,
    target: SegmentTarget,
    deployment: str,
    path: ServicePath,
    hours: float,
) -> ServicePath:
    """The same path with its response promised within `hours`, a rung of the ladder not faster than its own.

    It is kept more often, and the demand that a slow promise loses is charged.
    """
    if hours == path.promised_response_hours:
        return path
    ladder = PromiseLadder(fill_rates=scenario.promise_ladder.fill_rates, response_hours=(hours,))
    only_then = scenario.model_copy(update={"promise_ladder": ladder})
    asked = {segment: replace(target, response_hours=hours)}
    slower = next(
        way for way in every_path(only_then, facts, asked).paths[segment, deployment] if way.name == path.name
    )
    rung = scenario.promise_ladder.response_hours.index(hours)
    lost = lost_margin_by_rung(scenario, facts, cost_of_goods_per_year(scenario, facts), segment)
    return replace(
        path,
        promised_response_hours=hours,
        on_time_probability=slower.on_time_probability,
        lost_sales_cost=float(lost[rung]),
    )

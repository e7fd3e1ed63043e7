"""A segment's year on its own path: what it costs to serve, how fast it is, what capacity it takes."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicepolicy_models.cost import Cost
from servicepolicy_models.policy import SegmentPolicy
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.targets import Terms
from servicepolicy_optimizer.audit.asked import Asked, asked_of, reaction_of, terms_of
from servicepolicy_optimizer.audit.matrix import Activity, Segment, activities, cost_of_goods_per_year
from servicepolicy_optimizer.audit.means_in_use import (
    Means,
    lane_between,
    means_of,
    process_figures,
    serving_location,
)
from servicepolicy_optimizer.audit.response_time import (
    ResponseTime,
    promised_rung,
    response_time,
    shares_of_lines,
)
from servicepolicy_optimizer.audit.service_cost import labour_hours, picking_cost, response_cost
from servicepolicy_optimizer.audit.transport_cost import transport_co2e_kg, transport_cost
from servicepolicy_optimizer.facts import Facts

HOURS_PER_DAY = 24.0


@dataclass(frozen=True)
class SegmentAccount:
    """Yearly amounts of one segment, without its item class's stock and without fixed costs."""

    segment: Segment
    asked: Asked
    terms: Terms
    means: Means
    activities: tuple[Activity, ...]
    """All regions of the segment."""
    served: tuple[Activity, ...]
    """Those with demand; all of them where none has any."""
    locations: tuple[str, ...]
    """Where each of `served` is served from."""
    response: ResponseTime
    promised_hours: float
    on_time_probability: float
    """P(response time <= promised_hours)."""
    cost: Cost
    """Response, transport, warehousing on the path, and demand lost to a slow promise."""
    labour_hours_per_year: float
    weight_kg_per_year: float
    co2e_kg_per_year: float

    @property
    def orders_something(self) -> bool:
        """Whether the segment has any demand."""
        return any(one.orders_something for one in self.activities)

    @property
    def lines_per_year(self) -> float:
        """Over all regions."""
        return sum(one.lines_per_year for one in self.activities)

    @property
    def pieces_per_year(self) -> float:
        """Over all regions."""
        return sum(one.pieces_per_year for one in self.activities)

    def lines_per_year_at(self) -> Mapping[str, float]:
        """Location -> lines a year picked there."""
        lines: dict[str, float] = {}
        for location, one in zip(self.locations, self.served, strict=True):
            lines[location] = lines.get(location, 0.0) + one.lines_per_year
        return lines


def segment_account(scenario: Scenario, facts: Facts, claimed: SegmentPolicy) -> SegmentAccount:
    """Price the path that the segment's policy names, region by region, from the scenario and the facts."""
    segment = (claimed.customer_class, claimed.item_class, claimed.region)
    means, terms = means_of(scenario, claimed), terms_of(scenario, segment)
    everywhere = activities(facts, segment)
    served = tuple(one for one in everywhere if one.orders_something) or everywhere
    asked = asked_of(scenario, segment, (one.region for one in served))
    locations = tuple(serving_location(means.deployment, one.region) for one in served)
    lanes = tuple(
        lane
        for location, one in zip(locations, served, strict=True)
        if (lane := lane_between(means.mode, location, one.region)) is not None
    )
    response = response_time(scenario, means, lanes, shares_of_lines(served))
    promised_hours, on_time = _response_promise(scenario, claimed, asked, response)
    by_region = tuple(zip(served, locations, lanes, strict=True))
    figures = {location: process_figures(means.process, location) for location in locations}
    cost = Cost(
        response=sum(response_cost(means.channel, terms, one) for one in served),
        transport=sum(transport_cost(lane, means.frequency, one) for one, _, lane in by_region),
        warehousing=sum(picking_cost(figures[location], terms, one) for one, location, _ in by_region),
        lost_sales=cost_of_slow_promise(scenario, facts, segment, promised_hours),
    )
    return SegmentAccount(
        segment=segment,
        asked=asked,
        terms=terms,
        means=means,
        activities=everywhere,
        served=served,
        locations=locations,
        response=response,
        promised_hours=promised_hours,
        on_time_probability=on_time,
        cost=cost,
        labour_hours_per_year=sum(labour_hours(means.channel, one) for one in served),
        weight_kg_per_year=sum(one.weight_kg_per_year for one in served),
        co2e_kg_per_year=sum(transport_co2e_kg(lane, means.frequency, one) for one, _, lane in by_region),
    )


def _response_promise(
    scenario: Scenario, claimed: SegmentPolicy, asked: Asked, response: ResponseTime
) -> tuple[float, float]:
    """Promised hours and the probability with which they are kept.

    By itself the promise is the fastest rung that is kept with the asked probability (`promised_rung`). Where
    the number of different promises is limited, a slower rung may be promised: it is taken as claimed. Where
    no rung is kept the claimed rung stands and is reported as a promise that is broken.
    """
    rung = promised_rung(response, asked)
    slower_allowed = scenario.rules.distinct_promises_at_most is not None
    own_hours = None if rung is None else float(response.ladder_hours[rung])
    claimed_probability = response.probability_of(claimed.promised_response_hours)
    chosen = own_hours is None or (slower_allowed and claimed.promised_response_hours > own_hours)
    if chosen and claimed_probability is not None:
        return claimed.promised_response_hours, claimed_probability
    if rung is None or own_hours is None:
        return float(response.ladder_hours[-1]), float(response.on_time_probability[-1])
    return own_hours, float(response.on_time_probability[rung])


def cost_of_slow_promise(scenario: Scenario, facts: Facts, segment: Segment, promised_hours: float) -> float:
    """Margin of the demand lost because the promise is slow, if lost sales are counted.  [currency a year]

    min(1, share lost per day x (promised hours - fastest rung of the ladder) / 24) x max(0, revenue - cost of
    goods).
    """
    reaction = reaction_of(scenario, segment[0])
    if not scenario.count_lost_sales or reaction is None:
        return 0.0
    days_slower = (promised_hours - scenario.promise_ladder.response_hours[0]) / HOURS_PER_DAY
    lost_share = min(1.0, reaction.demand_lost_share_per_day * days_slower)
    revenue = sum(one.revenue_per_year for one in activities(facts, segment))
    cost_of_goods = cost_of_goods_per_year(facts, segment, scenario.days_per_year)
    return lost_share * max(0.0, revenue - cost_of_goods)

"""A segment's year on its own path: what it costs to serve, how fast it is, what capacity it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from servicepolicy_models.cost import Cost
from servicepolicy_models.means import Lane
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
)
from servicepolicy_optimizer.audit.service_cost import labour_hours, picking_cost, response_cost
from servicepolicy_optimizer.audit.transport_cost import transport_co2e_kg, transport_cost
from servicepolicy_optimizer.facts import Facts

HOURS_PER_DAY = 24.0


class Leg(NamedTuple):
    """One region of a segment, the location that serves it and the lane between them."""

    activity: Activity
    location: str
    lane: Lane


@dataclass(frozen=True)
class SegmentAccount:
    """Yearly amounts of one segment, without its item class's stock and without fixed costs."""

    segment: Segment
    asked: Asked
    terms: Terms
    means: Means
    activities: tuple[Activity, ...]
    """All regions of the segment."""
    legs: tuple[Leg, ...]
    """Its regions with demand; where none has any, those that its means reach."""
    response: ResponseTime
    promised_hours: float
    on_time_probability: float
    """P(response time <= promised_hours)."""
    cost: Cost
    """Response, transport, warehousing on the path, and demand lost to a slow promise."""

    @property
    def orders_something(self) -> bool:
        """Whether the segment has any demand."""
        return any(one.orders_something for one in self.activities)

    @property
    def locations(self) -> tuple[str, ...]:
        """The locations that serve it, each once."""
        return tuple(dict.fromkeys(leg.location for leg in self.legs))

    @property
    def lines_per_year(self) -> float:
        """Over all regions."""
        return sum(one.lines_per_year for one in self.activities)

    @property
    def pieces_per_year(self) -> float:
        """Over all regions."""
        return sum(one.pieces_per_year for one in self.activities)

    @property
    def labour_hours_per_year(self) -> float:
        """On its channel."""
        return sum(labour_hours(self.means.channel, leg.activity) for leg in ordering(self.legs))

    @property
    def weight_kg_per_year(self) -> float:
        """On its mode."""
        return sum(leg.activity.weight_kg_per_year for leg in ordering(self.legs))

    @property
    def co2e_kg_per_year(self) -> float:
        """Of its mode."""
        frequency = self.means.frequency
        return sum(transport_co2e_kg(leg.lane, frequency, leg.activity) for leg in ordering(self.legs))

    def lines_per_year_at(self, location: str) -> float:
        """Lines a year that the location picks for it."""
        return sum(leg.activity.lines_per_year for leg in self.legs if leg.location == location)


def segment_account(scenario: Scenario, facts: Facts, claimed: SegmentPolicy) -> SegmentAccount:
    """Price the path that the segment's policy names, region by region, from the scenario and the facts."""
    segment = (claimed.customer_class, claimed.item_class, claimed.region)
    means, terms = means_of(scenario, claimed), terms_of(scenario, segment)
    everywhere = activities(facts, segment)
    regions = [one.region for one in everywhere if one.orders_something] or [one.region for one in everywhere]
    asked = asked_of(scenario, segment, regions)
    legs = legs_of(means, everywhere)
    response = response_time(scenario, means, [(leg.activity, leg.lane) for leg in legs])
    promised_hours, on_time = _response_promise(scenario, claimed, asked, response)
    slow = cost_of_slow_promise(scenario, facts, segment, promised_hours)
    return SegmentAccount(
        segment=segment,
        asked=asked,
        terms=terms,
        means=means,
        activities=everywhere,
        legs=legs,
        response=response,
        promised_hours=promised_hours,
        on_time_probability=on_time,
        cost=cost_of_path(means, terms, legs) + Cost(lost_sales=slow),
    )


def cost_of_path(means: Means, terms: Terms, legs: Sequence[Leg]) -> Cost:
    """Order entry, transport and picking, added over the regions with demand."""
    return Cost(
        response=sum(response_cost(means.channel, terms, leg.activity) for leg in ordering(legs)),
        transport=sum(transport_cost(leg.lane, means.frequency, leg.activity) for leg in ordering(legs)),
        warehousing=sum(
            picking_cost(process_figures(means.process, leg.location), terms, leg.activity)
            for leg in ordering(legs)
        ),
    )


def ordering(legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """The legs with demand: what orders nothing costs nothing."""
    return tuple(leg for leg in legs if leg.activity.orders_something)


def legs_of(means: Means, everywhere: Sequence[Activity]) -> tuple[Leg, ...]:
    """A leg for each region with demand, from the location that the deployment names, by the most specific
    lane.

    A segment that orders nothing has all its regions for legs; the first that can be reached where some
    cannot.
    """
    demanding = tuple(one for one in everywhere if one.orders_something)
    legs = tuple(leg for one in demanding or everywhere if (leg := _leg(means, one)) is not None)
    return legs if demanding or len(legs) == len(everywhere) else legs[:1]


def _leg(means: Means, activity: Activity) -> Leg | None:
    location = serving_location(means.deployment, activity.region)
    lane = None if location is None else lane_between(means.mode, location, activity.region)
    return None if location is None or lane is None else Leg(activity, location, lane)


def _response_promise(
    scenario: Scenario, claimed: SegmentPolicy, asked: Asked, response: ResponseTime
) -> tuple[float, float]:
    """Promised hours and the probability with which they are kept.

    By itself the promise is the fastest rung that is kept with the asked probability (`promised_rung`). Where
    the number of different promises is limited, or on time in full is asked, a slower rung may be promised:
    it is taken as claimed. Where no rung is kept the claimed rung stands and is reported as a promise that is
    broken.
    """
    rung = promised_rung(response, asked)
    hours = claimed.promised_response_hours
    slower_allowed = scenario.rules.distinct_promises_at_most is not None or asked.otif is not None
    chosen = rung is None or (slower_allowed and hours > response.ladder_hours[rung])
    probability = response.probability_of(hours) if chosen else None
    if probability is not None:
        return hours, probability
    rung = -1 if rung is None else rung
    return float(response.ladder_hours[rung]), float(response.on_time_probability[rung])


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

"""The ways that serve one segment under one deployment in time, with what they promise, cost and take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from servicepolicy_models.means import Deployment
from servicepolicy_optimizer.choices import Segment, SegmentTarget
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.paths.availability import available_ways
from servicepolicy_optimizer.paths.ground import Ground, Yearly
from servicepolicy_optimizer.paths.lost_demand import lost_margin_by_rung
from servicepolicy_optimizer.paths.network import Legs, legs
from servicepolicy_optimizer.paths.order import faster_can_be_better
from servicepolicy_optimizer.paths.pricing import (
    labour_hours,
    response_cost,
    transport_co2e_kg,
    transport_cost,
    warehousing_cost,
)
from servicepolicy_optimizer.paths.promise import Rungs, promises
from servicepolicy_optimizer.paths.rule_masks import fixed_ways, forbidden_ways, in_regions
from servicepolicy_optimizer.paths.ways import Mask
from servicepolicy_optimizer.segments import cell, total


class WhyNone(StrEnum):
    """Why a segment has no path under a deployment."""

    NO_MEANS = "no_means"
    """No channel, process, mode and frequency takes its classes and reaches all its regions from there."""
    FIXED = "fixed"
    """The fixed choices leave nothing of what exists."""
    FORBIDDEN = "forbidden"
    """The forbidden choices take what the fixed ones left."""
    TOO_LATE = "too_late"
    """None is fast enough with the asked probability."""


@dataclass(frozen=True)
class Offers:
    """N ways with a promise that they keep. Yearly amounts; every array is (N,)."""

    way: Ints
    """Index into the grid of ways. A way that may be promised at several rungs occurs with each."""
    response_cost: Floats
    transport_cost: Floats
    warehousing_cost: Floats
    lost_sales_cost: Floats
    promised_hours: Floats
    on_time_probability: Floats
    mean_hours: Floats
    labour_hours: Floats
    co2e_kg: Floats
    lines_per_day: Mapping[str, float]
    """Location -> lines a day, the same for every way."""
    weight_kg: float
    """The same for every way."""

    @property
    def cost_without_lost_sales(self) -> Floats:
        """(N,) what counts against a budget of the total cost."""
        return self.response_cost + self.transport_cost + self.warehousing_cost

    @property
    def cost(self) -> Floats:
        """(N,) all parts."""
        return self.cost_without_lost_sales + self.lost_sales_cost

    def take(self, chosen: Mask | Ints) -> "Offers":
        """Some of the ways."""
        arrays = {name: value[chosen] for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        return Offers(**arrays, lines_per_day=self.lines_per_day, weight_kg=self.weight_kg)


@dataclass(frozen=True)
class Outcome:
    """What was found for a segment under a deployment."""

    offers: Offers | None
    """None: there is no path, for the reason given."""
    why_none: WhyNone | None
    late: int
    """Ways left out because they cannot keep the response promise."""
    fastest_hours: float
    """Fastest rung that any way keeps with the asked probability, whatever the target; infinite: none."""


def offers(
    ground: Ground, segment: Segment, deployment: Deployment, target: SegmentTarget, rungs: Rungs
) -> Outcome:
    """Price and time every way that the means, the terms and the rules allow; keep those in time."""
    way = legs(ground.facts, segment, deployment)
    if way is None:
        return _nothing(WhyNone.NO_MEANS)
    left, why = allowed_ways(ground, segment, deployment, way)
    if why is not None:
        return _nothing(why)
    used = ground.lanes_of(way)
    within, mean_hours = ground.terrain.times.of(used, way)
    index = np.flatnonzero(left.ravel())
    within = within.reshape(-1, ground.ladder_hours.size)[index]
    a_year = _a_year(ground, segment, deployment, way)
    level = _levels(ground, segment, target, a_year.lost_margin, rungs)
    promised = promises(within, ground.ladder_hours, target, level, rungs is Rungs.THAT_ARE_SURER)
    fastest = float(np.append(ground.ladder_hours, np.inf)[promised.fastest.min()])
    late = int((~promised.kept).sum())
    if late == index.size:
        return Outcome(None, WhyNone.TOO_LATE, late, fastest)
    timed = _Timed(
        way=index[promised.way],
        rung=promised.rung,
        on_time_probability=within[promised.way, promised.rung],
        mean_hours=mean_hours.ravel()[index[promised.way]],
    )
    return Outcome(_priced(ground, a_year, timed), None, late, fastest)


def _levels(ground: Ground, segment: Segment, target: SegmentTarget, lost: Floats, rungs: Rungs) -> Ints:
    """(T,) rungs of one level lose the same demand, and differ in nothing else that the question asks."""
    if target.pieces_per_year <= 0:
        return np.zeros(lost.size, dtype=np.intp)
    if rungs is not Rungs.THAT_PAY or faster_can_be_better(ground, segment):
        return np.arange(lost.size)
    return np.unique(lost, return_inverse=True)[1]


def allowed_ways(
    ground: Ground, segment: Segment, deployment: Deployment, way: Legs
) -> tuple[Mask, WhyNone | None]:
    """Ways that exist and that the rules allow (C, P, M, F); with the reason when there is none."""
    used = ground.lanes_of(way)
    left = available_ways(ground.ways, segment, ground.terrain.terms[segment], way, used)
    if not left.any():
        return left, WhyNone.NO_MEANS
    regions = [ground.facts.regions[r] for r in way.regions]
    left = left & fixed_ways(ground.ways, in_regions(ground.fixed.of(*segment[:2]), regions))
    if not left.any():
        return left, WhyNone.FIXED
    forbidden = in_regions(ground.forbidden.of(*segment[:2]), regions)
    left = left & ~forbidden_ways(ground.ways, forbidden, deployment.name)
    return left, None if left.any() else WhyNone.FORBIDDEN


@dataclass(frozen=True)
class _Timed:
    """Ways with the rung that they promise."""

    way: Ints
    rung: Ints
    on_time_probability: Floats
    mean_hours: Floats


def _priced(ground: Ground, a_year: Yearly, timed: _Timed) -> Offers:
    c, p, m, f = np.unravel_index(timed.way, ground.ways.shape)
    return Offers(
        way=timed.way,
        response_cost=a_year.response_cost[c],
        transport_cost=a_year.transport_cost[m, f],
        warehousing_cost=a_year.warehousing_cost[p],
        lost_sales_cost=a_year.lost_margin[timed.rung],
        promised_hours=ground.ladder_hours[timed.rung],
        on_time_probability=timed.on_time_probability,
        mean_hours=timed.mean_hours,
        labour_hours=a_year.labour_hours[c],
        co2e_kg=a_year.co2e_kg[m, f],
        lines_per_day=a_year.lines_per_day,
        weight_kg=a_year.weight_kg,
    )


def _a_year(ground: Ground, segment: Segment, deployment: Deployment, way: Legs) -> Yearly:
    """Whatever is promised: a scenario and its baselines ask for it once."""
    key, known = (segment, deployment.name), ground.terrain.yearly
    if key not in known:
        known[key] = _yearly(ground, segment, way)
    return known[key]


def _yearly(ground: Ground, segment: Segment, way: Legs) -> Yearly:
    facts, ways, terms = ground.facts, ground.ways, ground.terrain.terms[segment]
    used = ground.lanes_of(way)
    return Yearly(
        response_cost=_floats(response_cost(one, terms, facts, segment) for one in ways.channels),
        labour_hours=_floats(labour_hours(one, facts, segment) for one in ways.channels),
        warehousing_cost=_floats(warehousing_cost(one, terms, facts, segment, way) for one in ways.processes),
        transport_cost=transport_cost(used, facts, segment),
        co2e_kg=transport_co2e_kg(used, facts, segment),
        lost_margin=lost_margin_by_rung(ground.scenario, facts, ground.terrain.cost_of_goods, segment),
        lines_per_day=_lines_per_day(ground, segment, way),
        weight_kg=total(facts.segments.weight_kg_per_year, facts, segment),
    )


def _lines_per_day(ground: Ground, segment: Segment, way: Legs) -> Mapping[str, float]:
    lines = ground.facts.segments.lines_per_year[cell(ground.facts, segment)] / ground.scenario.days_per_year
    by_location: dict[str, float] = {}
    for r, location in zip(way.regions, way.locations, strict=True):
        by_location[location] = by_location.get(location, 0.0) + float(lines[r])
    return by_location


def _floats(values: Iterable[float]) -> Floats:
    return np.fromiter(values, dtype=np.float64)


def _nothing(why: WhyNone) -> Outcome:
    return Outcome(None, why, 0, np.inf)

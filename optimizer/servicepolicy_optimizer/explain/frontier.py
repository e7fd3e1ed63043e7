"""Total cost against service, inventory investment or CO2e: proved points, the knee, and where we are."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from servicepolicy_models.errors import QuestionRejected, error
from servicepolicy_models.frontier import Frontier, FrontierMarker, FrontierPoint, FrontierQuestion
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.explain.frontier_markers import known_policies, level_of_whole_items, marker
from servicepolicy_optimizer.explain.frontier_points import Trade
from servicepolicy_optimizer.explain.frontier_words import KNEE, Told, figure, sentences, with_knee
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.traded_service import MORE_IS_BETTER, UNIT, lifted, shares
from servicepolicy_optimizer.explain.warm import Warm
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.fingerprint import scenario_sha256
from servicepolicy_optimizer.question import Tell
from servicepolicy_optimizer.stopwatch import Clock, Stopwatch

NOTHING = 1e-9
"""A range below this share of its figures is none."""


Keep = Callable[[Frontier], None]
"""Is handed the points so far, should there be no time for all of them."""


def frontier(
    scenario: Scenario,
    facts: Facts,
    clock: Clock,
    tell: Tell,
    asked: FrontierQuestion | None = None,
    *,
    keep: Keep | None = None,
    memory: Memory | None = None,
) -> Frontier:
    """The cheapest policies for every amount of service, inventory or CO2e, and the known policies beside.

    Raises QuestionRejected for weights and ranges that do not fit, or where there is nothing to trade;
    NoPolicyToExplain where not even the cheap end has a policy.
    """
    asked = asked or FrontierQuestion()
    watch = Stopwatch(clock, tell)
    share = shares(scenario, facts, asked)
    warm = Warm(scenario, facts, watch, memory or Memory())
    warm.base()
    free = Warm(lifted(scenario, asked), facts, watch, warm.memory)
    trade = Trade(free, asked, share)
    watch("range", 0.0, "")
    bounds = _bounds(trade)
    for number, bound in enumerate(bounds):
        watch("columns for points", number / len(bounds), figure(asked.against, bound, scenario.currency))
        trade.learn(bound)
    points: dict[float, FrontierPoint] = {}
    for bound, point in _points(trade, bounds, watch):
        points[bound] = point
        if keep is not None:
            keep(_answer(warm, trade, points, None, watch))
    watch("known policies", 0.0, "")
    span, level = max(bounds) - min(bounds), level_of_whole_items(warm)
    markers = tuple(marker(trade, span, known, level) for known in known_policies(warm))
    return _answer(warm, trade, points, markers, watch)


def _answer(
    warm: Warm,
    trade: Trade,
    by_bound: Mapping[float, FrontierPoint],
    markers: tuple[FrontierMarker, ...] | None,
    watch: Stopwatch,
) -> Frontier:
    """The frontier as far as it goes. warm: of the scenario as it is. markers: None until all is solved."""
    scenario, asked = warm.asked.scenario, trade.asked
    points = tuple(by_bound[bound] for bound in sorted(by_bound))
    points = points if markers is None else with_knee(points)
    words = None if markers is None else tuple(one.sentence for one in markers)
    told = Told(asked, points, warm.level, scenario.currency, words)
    return Frontier(
        scenario=scenario.name,
        currency=scenario.currency,
        question=asked,
        unit=UNIT.get(asked.against, scenario.currency),
        level=trade.warm.level,
        points=points,
        knee_definition=KNEE,
        markers=markers or (),
        sentences=tuple(sentences(told)),
        complete=markers is not None,
        seconds=watch.stopped(),
        demand_sha256=warm.asked.facts.sha256,
        scenario_sha256=scenario_sha256(scenario),
    )


def _bounds(trade: Trade) -> list[float]:
    """Equal steps between the ends, rising: what the cheapest policy has, and the best there is.

    Of fill rate and OTIF the far end is the last rung of the promise ladder, where that can be had.
    """
    asked = trade.asked
    trade.learn(None)
    cheapest = trade.solved(None)
    best = trade.best()
    if cheapest.cost is None or best is None:
        what = "No policy keeps what the frontier must keep."
        raise QuestionRejected([error("/against", what, "question.nothing_to_trade", "Ask for repairs.")])
    near = trade.reached(cheapest)
    if asked.against in MORE_IS_BETTER:
        top = trade.warm.asked.scenario.promise_ladder.fill_rates[-1]
        best = max(near, min(best, top)) if near < top else best
    low = min(near, best) if asked.at_least is None else asked.at_least
    high = max(near, best) if asked.at_most is None else asked.at_most
    if high - low <= NOTHING * max(abs(high), abs(low), NOTHING):
        at = figure(asked.against, low, trade.warm.asked.scenario.currency)
        what = f"There is nothing to trade: every policy worth having is at {at}."
        mend = "Trade something else, or give the range."
        raise QuestionRejected([error("/against", what, "question.nothing_to_trade", mend)])
    return [float(bound) for bound in np.linspace(low, high, asked.points)]


def _points(trade: Trade, bounds: list[float], watch: Stopwatch) -> Iterator[tuple[float, FrontierPoint]]:
    """The dearest end last: each solution is where the next one begins."""
    span, start = bounds[-1] - bounds[0], None
    order = bounds if trade.asked.against in MORE_IS_BETTER else bounds[::-1]
    for number, bound in enumerate(order):
        currency = trade.warm.asked.scenario.currency
        watch("points", number / len(bounds), figure(trade.asked.against, bound, currency))
        exact = trade.solved(trade.loosened(bound, span), start)
        start = exact.solution if exact.cost is not None else start
        yield bound, trade.point(bound, exact)

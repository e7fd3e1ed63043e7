"""One run: ask, play, measure."""

from dataclasses import replace

import numpy as np

from servicepolicy_models.simulation import DemandMode, SimulationSettings
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.simulate.asked import Asked
from servicepolicy_optimizer.simulate.assumed import AssumedDemand, drawn_lines
from servicepolicy_optimizer.simulate.lines import LeadTimes, Lines, Orders, ShelfRules
from servicepolicy_optimizer.simulate.measure import RunFigures, measured
from servicepolicy_optimizer.simulate.plan import Plan
from servicepolicy_optimizer.simulate.play import play
from servicepolicy_optimizer.simulate.recorded import RecordedLines, bootstrapped, replayed
from servicepolicy_optimizer.simulate.replenishment import most_orders
from servicepolicy_optimizer.simulate.stages import gamma_by_moments
from servicepolicy_optimizer.simulate.world import World

DemandDrawn = AssumedDemand | RecordedLines


def one_run(
    world: World,
    demand: DemandDrawn,
    settings: SimulationSettings,
    plan: Plan,
    chance: np.random.SeedSequence,
) -> RunFigures:
    """Play one run. Demand, starts, lead times and stages are drawn from streams of their own, so that other
    reorder points meet the same customers, suppliers and carriers.
    """
    asking, starting, travelling, delivering = map(np.random.default_rng, chance.spawn(4))
    came = _asked(world, demand, settings, plan, asking)
    stepped = world.rules.ranked | settings.whole_lines
    rules = started(world.rules, stepped, starting)
    lead_times = _lead_times(world, came.lines, plan.until_days, travelling)
    played = play(
        came.lines,
        rules,
        plan.until_days,
        lead_times,
        in_sequence=settings.in_sequence,
        whole_lines=settings.whole_lines,
        lost=world.lost,
    )
    return measured(world, came, played, plan, delivering)


def started(
    rules: ShelfRules, from_zero: np.typing.NDArray[np.bool_], rng: np.random.Generator
) -> ShelfRules:
    """The shelves on their first day: nothing on order, the position uniform over what an (r, nQ) policy
    leaves behind it, r + 1 .. r + Q (goods that are measured: r to r + Q; Q = 0: r itself); the first review
    at any moment of the first interval.

    from_zero (N,): where True, what would be owed at the start is left out.
    """
    r, q = rules.reorder_point_pieces, rules.order_quantity_pieces
    chance, phase = rng.uniform(size=(2, r.size))
    counted = (r == np.floor(r)) & (q == np.floor(q))
    position = r + np.where(counted & (q > 0), np.floor(chance * q) + 1.0, (1.0 - chance) * q)
    start = np.where(from_zero, np.maximum(position, 0.0), position)
    return replace(rules, start_pieces=start, first_review_days=phase * rules.review_days)


def _asked(
    world: World,
    demand: DemandDrawn,
    settings: SimulationSettings,
    plan: Plan,
    rng: np.random.Generator,
) -> Asked:
    if isinstance(demand, AssumedDemand):
        return drawn_lines(demand, world, plan.until_days, rng)
    if settings.demand is DemandMode.REPLAY:
        return replayed(demand, world)
    return bootstrapped(demand, world, plan.until_days, plan.block_days, rng)


def _lead_times(world: World, lines: Lines, until_days: float, rng: np.random.Generator) -> LeadTimes:
    """Lead times drawn per shelf before anything is ordered: gamma with the mean of supply and location
    together and the deviation of the supply; fixed without one.
    """
    most = most_orders(lines, world.rules, until_days)
    first = np.cumsum(most) - most
    shelf: Ints = np.repeat(np.arange(most.size), most)
    drawn = gamma_by_moments(world.lead_time_mean_days[shelf], world.lead_time_sd_days[shelf], rng)

    def of(orders: Orders) -> Floats:
        return np.asarray(drawn[first[orders.shelf] + orders.number])

    return of

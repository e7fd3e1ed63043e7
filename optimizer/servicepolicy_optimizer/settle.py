"""One scenario, one decision: refine the columns, solve the master, give every item its rung, keep the
budgets.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np

from servicepolicy_models.proof import Held
from servicepolicy_models.scenario import FillRateBasis
from servicepolicy_optimizer.answer.fixed_cost import facilities_in_use
from servicepolicy_optimizer.answer.stock import stock_of
from servicepolicy_optimizer.curves.borrowed import with_rungs_of
from servicepolicy_optimizer.curves.item_curves import Curves
from servicepolicy_optimizer.curves.stockroom import promised_cycle_service
from servicepolicy_optimizer.decided import Decided
from servicepolicy_optimizer.item_by_item import ItemChoices, item_choices
from servicepolicy_optimizer.master import build
from servicepolicy_optimizer.question import Question, Tell
from servicepolicy_optimizer.realise import (
    as_columns,
    decided_with,
    improved,
    plan_of,
    realised,
    whole_by_promises,
)
from servicepolicy_optimizer.solve import (
    MasterSolution,
    Prices,
    compiled,
    is_near,
    relax,
    solved,
    with_means_held,
    with_whole_columns,
    without_option,
)
from servicepolicy_optimizer.stock_limits import beyond, halfway, tightened
from servicepolicy_optimizer.wide import Master, Told, as_it_is, prepared

TRIES = 7
"""Whole items may use a little more than their mix; each try takes that much off the budget before solving
again, or half as much where so little keeps nothing.
"""

Realise: TypeAlias = Callable[[Question, Curves, MasterSolution, Prices], Decided | None]
"""How the master's columns become whole items."""

DEARER = (1.05, 1.2, 1.5, 2.5, 5.0)
"""Multiples of the price of what is scarce, tried one after the other."""

MIXING_LOSS = 1e-3
"""Whole items that cost this share more than their mix make it worth asking for whole columns."""


@dataclass(frozen=True)
class Settled:
    """What the master decided, and with it, unless there is nothing to decide, every item's rung."""

    question: Question
    """With the refined columns."""
    solution: MasterSolution
    decided: Decided | None
    item_by_item: bool = False
    """The master decided every item itself: its bound holds for every rung of every item."""
    floor: float | None = None
    """No policy costs less, whatever rung each item has; where that is known already."""
    item_level_bound: Callable[[float], float | None] | None = None
    """The same, sought as far as it is near to a cost; None where nobody asks for it."""


def settle(asked: Question, tell: Tell, large: Callable[[Question, Tell], Settled] | None = None) -> Settled:
    """The cheapest decision found; `decided` is None when the solution holds nothing.

    A small question is settled item by item, and like a large one only where time runs out before that is
    better. large: how a large one is settled; by the mix, unless said.
    """
    large = by_mix if large is None else large
    small = item_choices(asked)
    if small is None:
        return large(asked, tell)
    tell("solve", 0.0, "item by item")
    exact = _item_by_item(asked, small)
    if exact.solution.held in (Held.OPTIMAL, Held.INFEASIBLE):
        return exact
    mixed = large(asked, tell)
    best = min((one for one in (exact, mixed) if one.decided), key=_objective_of, default=exact)
    return best


def _objective_of(settled: Settled) -> float:
    cost = objective(settled)
    return float("inf") if cost is None else cost


def _item_by_item(asked: Question, small: ItemChoices) -> Settled:
    """Every rung of every item is the master's own choice."""
    model, limits = compiled(build(asked.scenario, small.choices)), asked.scenario.limits
    whole = with_whole_columns(model.problem)
    solution = solved(whole, limits)
    if not solution.option:
        return Settled(asked, solution, None, item_by_item=True)
    mixing = replace(model, problem=replace(whole, integral=model.problem.integral))
    prices = with_means_held(mixing, solution, limits).prices()
    decided = decided_with(asked, solution, small.chosen(solution), prices.fill_rate)
    return Settled(asked, solution, decided, item_by_item=True)


def by_mix(asked: Question, tell: Tell) -> Settled:
    """Columns are refined and mixed, then whole items are found that cost as little."""
    rounds = max(asked.scenario.limits.refinements, 1)
    master = prepared(asked, lambda number: tell("refine", min(number / rounds, 1.0), f"round {number}"))
    asked = master.asked
    tell("solve", 0.0, "")
    tight, kept, first = asked.scenario, asked.scenario, None
    for _ in range(TRIES):
        told = master.solved(tight)
        decided = _whole(asked, told, within_promises)
        first = first or told.solution
        if not first.option:
            break
        if not told.solution.option:
            tight = halfway(kept, tight)
            continue
        over = {} if decided is None else beyond(asked, decided)
        if decided is not None and not over:
            judged = _judged_by(first.bound, told.solution, asked)
            found = _proved_by(master, Settled(asked, judged, decided))
            return _judged_whole(_without_loss(found, master))
        if decided is None:
            break
        tight, kept = tightened(tight, over), tight
    if first is None or not first.option:
        return Settled(asked, _no_more_than_proven(master, first or told.solution), None)
    whole = _column_by_column(master)
    if whole.decided is not None:
        return _judged_whole(replace(whole, solution=_judged_by(first.bound, whole.solution, asked)))
    # A mix keeps everything, and no whole items were found that do: this is no proof that there are none.
    return Settled(asked, replace(whole.solution, held=Held.NOTHING, objective=None, bound=first.bound), None)


def _proved_by(master: Master, settled: Settled) -> Settled:
    return replace(settled, floor=master.floor, item_level_bound=master.item_level_bound)


def _judged_by(bound: float | None, solution: MasterSolution, asked: Question) -> MasterSolution:
    """The solution of a narrowed model (less budget, no mixing) with the bound of the model as asked: what is
    best there may be far from the best there is.
    """
    if solution.bound == bound or solution.objective is None:
        return solution
    near = bound is not None and is_near(solution.objective, bound, asked.scenario.limits.relative_gap)
    return replace(solution, bound=bound, held=Held.OPTIMAL if near else Held.FEASIBLE)


def _judged_whole(settled: Settled) -> Settled:
    """Rungs that were made leaner are not what the master's prices ask for: what was proven of its decision
    holds for them only as far as they cost no more.
    """
    cost, solution = objective(settled), settled.solution
    if settled.decided is None or not settled.decided.is_leaner or cost is None:
        return settled
    limits = settled.question.scenario.limits
    near = solution.bound is not None and is_near(cost, solution.bound, limits.relative_gap)
    held = Held.OPTIMAL if near else Held.FEASIBLE
    return replace(settled, solution=replace(solution, objective=cost, held=held))


def _no_more_than_proven(master: Master, solution: MasterSolution) -> MasterSolution:
    """That the columns cannot keep everything proves nothing of other columns, unless the floor cannot
    either.
    """
    if solution.held is not Held.INFEASIBLE or master.impossible():
        return solution
    return replace(solution, held=Held.NOTHING)


def _without_loss(settled: Settled, master: Master) -> Settled:
    """Where whole items cost much more than their mix, few items or dear ones, whole columns may cost less,
    and so may the whole items of another stocking option, though its mix does not.
    """
    mixed = objective(settled)
    expected = settled.solution.objective
    if mixed is None or expected is None or mixed - expected <= MIXING_LOSS * abs(expected):
        return settled
    whole = _column_by_column(master, mixed)
    cost = objective(whole)
    best = settled if cost is None or cost >= mixed else whole
    for item_class in settled.solution.option:
        best = _with_another_option(best, item_class, master)
    if best is settled:
        return settled
    return replace(best, solution=_judged_by(settled.solution.bound, best.solution, settled.question))


def _with_another_option(settled: Settled, item_class: str, master: Master) -> Settled:
    """Settled again without the option of an item class, if that costs less; the master's own bound says
    where it cannot. Only where all paths are in one model: to price them anew takes too long.
    """
    asked, cost = master.asked, _objective_of(settled)
    if len(asked.choices.options[item_class]) < 2 or not asked.short_price:
        return settled
    without = partial(without_option, item_class=item_class, option=settled.solution.option[item_class])
    told = master.solved(asked.scenario, without, cost)
    if told.solution.bound is None or told.solution.bound >= cost:
        return settled
    decided = _whole(asked, told, within_promises)
    if decided is None or beyond(asked, decided):
        return settled
    other = _proved_by(master, Settled(asked, told.solution, decided))
    return other if _objective_of(other) < cost else settled


def objective(settled: Settled) -> float | None:
    """TLC + LSC a year of what was decided, every item whole; None if nothing was."""
    decided, asked = settled.decided, settled.question
    if decided is None:
        return None
    stock = stock_of(asked.room, decided)
    fixed = sum(asked.choices.facility_cost[name] for name in facilities_in_use(asked.choices, decided))
    stocked = sum(stock.cost(asked.scenario, item_class).objective for item_class in decided.options)
    return fixed + stocked + sum(path.cost for path in decided.paths.values())


def within_promises(
    asked: Question, curves: Curves, solution: MasterSolution, prices: Prices
) -> Decided | None:
    """Every item's rung, as its promises alone ask; otherwise where that is not known, or breaks a limit."""
    alone = whole_by_promises(plan_of(asked, curves, solution, prices))
    if alone is not None and not beyond(asked, alone):
        return alone
    return within_limits(asked, curves, solution, prices)


def within_limits(
    asked: Question, curves: Curves, solution: MasterSolution, prices: Prices
) -> Decided | None:
    """Every item's rung. Where whole items use more than the limits, what is scarce is made dearer until they
    do not; if that does not help they are handed out as they are. What keeps the limits is made cheaper
    where the solver finds how.
    """
    decided = realised(asked, curves, solution, prices)
    if decided is None:
        return None
    plan = plan_of(asked, curves, solution, prices)
    if not beyond(asked, decided):
        return improved(plan, decided)
    for times in DEARER:
        leaner = realised(asked, curves, solution, _dearer(prices, times))
        if leaner is not None and not beyond(asked, leaner):
            return replace(improved(plan, leaner), is_leaner=True)
    return decided


def _dearer(prices: Prices, times: float) -> Prices:
    """Budgets and storage at a multiple of their price."""
    return replace(
        prices,
        money=prices.money * times,
        stock_value=prices.stock_value * times,
        storage_m3={name: price * times for name, price in prices.storage_m3.items()},
    )


def _column_by_column(master: Master, cheaper_than: float = np.inf) -> Settled:
    """The last resort: no mixing. Every column is a policy of whole items, so what the master keeps is kept,
    and whole items cost no more than it says. What does not cost less than `cheaper_than` need not be found.

    What whole items give back where promises leave room is taken only if it breaks no limit: a rung that
    costs less, lost sales counted, may hold more.
    """
    asked = master.asked
    told = master.solved(asked.scenario, with_whole_columns, cheaper_than)
    decided = _whole(asked, told)
    if decided is not None and beyond(asked, decided):
        decided = _whole(asked, told, as_columns)
    return _proved_by(master, Settled(asked, told.solution, decided))


def _whole(asked: Question, told: Told, realise: Realise = within_limits) -> Decided | None:
    """Every item's rung. Prices come from the model that may mix: a choice of whole columns has none."""
    if not told.narrow.option:
        return None
    prices = with_means_held(told.mixing(), told.narrow, asked.scenario.limits).prices()
    return realise(replace(asked, choices=told.choices), asked.curves, told.narrow, prices)


def with_columns_of(settled: Settled, other: Settled) -> Settled:
    """Settled again without mixing, the other decision's shelves offered as columns: never dearer than the
    other.

    For a decision on the same shelves that keeps everything and costs less: mixing must have lost more
    than it gained.
    """
    asked, decided = settled.question, other.decided
    nobody = np.zeros(len(asked.facts.customer_classes))
    shelves, offered = dict(asked.room.shelves), {}
    for place, rungs in (decided.rungs if decided else {}).items():
        if place not in shelves:
            continue
        option, theirs = asked.room.options[place], other.question.room.shelves[place]
        cycle = promised_cycle_service(asked.scenario, option.item_class)
        shelves[place], known_as = with_rungs_of(shelves[place], theirs, rungs, cycle)
        offered[place] = (known_as, nobody)
    asked = replace(asked, room=replace(asked.room, shelves=shelves))
    asked = asked.with_curves(asked.curves.grown(asked.room, offered))
    whole = _column_by_column(as_it_is(asked))
    if asked.scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
        return whole
    bound = whole.floor
    if bound is None:
        bound = relax(build(asked.scenario, asked.choices), asked.scenario.limits).objective
    return replace(whole, solution=_judged_by(bound, whole.solution, asked))

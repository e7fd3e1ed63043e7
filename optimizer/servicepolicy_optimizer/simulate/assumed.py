"""Order lines drawn from the demand facts: what the plan believes, played."""

from dataclasses import dataclass

import numpy as np

from servicepolicy_models.demand import OrderLines
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Facts, Floats, Ints
from servicepolicy_optimizer.simulate.asked import Asked, asked
from servicepolicy_optimizer.simulate.in_rows import span_over
from servicepolicy_optimizer.simulate.sizes import drawn_sizes
from servicepolicy_optimizer.simulate.world import NO_SHELF, World

CELLS_AT_ONCE = 4_000_000
"""Cells x periods that are drawn together: bounds the memory."""
POISSON_TOLERANCE = 1e-9
"""A variance this little below that of random arrivals (relative) is theirs."""


@dataclass(frozen=True)
class AssumedDemand:
    """C cells (item, atom) that order anything, sorted by shelf and atom.

    Lines come at random (Poisson) at a rate that a busy or quiet time of the whole shelf multiplies: a gamma
    factor of mean 1, the same for all customers of the shelf, drawn anew every period. Its variance v is such
    that the shelf's demand has the variance that the facts give, covariances between atoms included:
    P cov = P Σ λ E[x²] + (P d)² v, for a period of P days and a demand of d a day (Cox process; Poisson
    orders with a gamma rate are negative binomial). Shelves of one item are independent of each other.
    """

    item: Ints
    """(C,)"""
    atom: Ints
    """(C,)"""
    shelf: Ints
    """(C,)"""
    lines_per_day: Floats
    """(C,)"""
    size_mean: Floats
    """(C,) pieces of a line."""
    size_second_moment: Floats
    """(C,)"""
    factor_variance: Floats
    """(N,) v of each shelf."""
    calmer_shelves: int
    """Shelves whose variance is below that of random arrivals, which is what is drawn for them."""
    period_days: float
    lines_per_order: Floats
    """(atoms,)"""


def assumed_demand(scenario: Scenario, world: World) -> AssumedDemand:
    """Read off the facts what is drawn. The period is that in which the order lines were counted for their
    variance; where demand comes as numbers, the variance is of daily demand: one day.
    """
    source, facts = scenario.demand, world.facts
    period_days = float(source.period_days) if isinstance(source, OrderLines) else 1.0
    item, atom = np.nonzero((facts.items.lines_per_day > 0) & (world.shelf_of != NO_SHELF))
    shelf = world.shelf_of[item, atom]
    row = np.lexsort((atom, shelf))
    item, atom, shelf = item[row], atom[row], shelf[row]
    lines, pieces = facts.items.lines_per_day[item, atom], facts.items.pieces_per_day[item, atom]
    squares = facts.items.order_size_second_moment_pieces2[item, atom]
    shelves = world.item.size
    random = np.bincount(shelf, lines * squares, shelves)
    wanted = _variance_per_day(world, item, atom)
    rate = np.bincount(shelf, pieces, shelves)
    excess = np.where(wanted > random * (1 + POISSON_TOLERANCE), wanted - random, 0.0)
    return AssumedDemand(
        item, atom, shelf, lines, pieces / lines, squares,
        factor_variance=np.divide(excess, period_days * rate**2, out=np.zeros(shelves), where=rate > 0),
        calmer_shelves=int((wanted < random * (1 - POISSON_TOLERANCE)).sum()),
        period_days=period_days,
        lines_per_order=_lines_per_order(facts),
    )  # fmt: skip


def drawn_lines(demand: AssumedDemand, world: World, until_days: float, rng: np.random.Generator) -> Asked:
    """One run of order lines from 0 up to a time.

    An order is a run of lines of one customer class and region that follow each other in time, whatever their
    items: each line is the first of an order with the chance one over the mean number of lines.
    """
    periods = int(np.ceil(until_days / demand.period_days))
    cell, time = _lines_of_cells(demand, periods, rng)
    within = time < until_days
    cell, time = cell[within], time[within]
    pieces = drawn_sizes(demand.size_mean[cell], demand.size_second_moment[cell], rng)
    asking = pieces > 0
    cell, time, pieces = cell[asking], time[asking], pieces[asking]
    order = _orders(demand.atom[cell], time, demand.lines_per_order, rng)
    return asked(world, demand.item[cell], demand.atom[cell], time, pieces, order)


def _variance_per_day(world: World, item: Ints, atom: Ints) -> Floats:
    """(N,) variance of a shelf's daily demand: the covariances of all pairs of its atoms."""
    total = np.zeros(world.item.size)
    for other in range(world.shelf_of.shape[1]):
        shelf = world.shelf_of[item, atom]
        together = world.shelf_of[item, other] == shelf
        pair = world.facts.items.covariance_pieces2_per_day[item, atom, other]
        total += np.bincount(shelf[together], pair[together], total.size)
    return np.asarray(np.maximum(total, 0.0))


def _lines_per_order(facts: Facts) -> Floats:
    """(atoms,) mean over all item classes; at least 1."""
    lines = facts.segments.lines_per_year.sum(axis=1)
    orders = facts.segments.orders_per_year.sum(axis=1)
    mean = np.divide(lines, orders, out=np.ones(lines.shape), where=orders > 0)
    return np.asarray(np.maximum(mean, 1.0).T.ravel())  # (I, R) -> region x classes + class


def _lines_of_cells(demand: AssumedDemand, periods: int, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Cell and time of every line, a few periods at a time."""
    step = max(1, CELLS_AT_ONCE // max(demand.item.size, 1))
    variance = demand.factor_variance[:, None]
    safe = np.where(variance > 0, variance, 1.0)
    cells, times = [np.zeros(0, np.intp)], [np.zeros(0)]
    for first in range(0, periods, step):
        count = min(step, periods - first)
        busy = rng.gamma(np.broadcast_to(1.0 / safe, (variance.size, count)), safe)
        busy = np.where(variance > 0, busy, 1.0)
        mean = (demand.lines_per_day * demand.period_days)[:, None] * busy[demand.shelf]
        lines = rng.poisson(mean)
        cell, period = np.nonzero(lines)
        repeat = lines[cell, period]
        cell, period = np.repeat(cell, repeat), np.repeat(period, repeat)
        cells.append(cell)
        times.append((first + period + rng.uniform(size=cell.size)) * demand.period_days)
    return np.concatenate(cells), np.concatenate(times)


def _orders(atom: Ints, time: Floats, lines_per_order: Floats, rng: np.random.Generator) -> Ints:
    row = np.argsort(atom * span_over(time) + time, kind="stable")
    first = rng.uniform(size=row.size) * lines_per_order[atom[row]] < 1.0
    first |= np.diff(atom[row], prepend=-1) != 0
    order = np.zeros(row.size, np.intp)
    order[row] = np.cumsum(first)
    return order

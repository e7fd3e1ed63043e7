"""Fill rates of the formulas against a shelf played line by line, on a random grid of items.

    .venv/bin/python -m benchmarks.shelf_accuracy [items of each kind] [lines of each item]

The play uses no distribution: it draws lines, keeps the inventory position of an (r, nQ) policy, and asks of
every line what was on the shelf. What was ordered up to a lead time ago has come, so one pass over arrays
does.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from servicepolicy_optimizer.facts import Floats
from servicepolicy_optimizer.inventory.order_sizes import OrderSizes
from servicepolicy_optimizer.inventory.shelf import pooled_performance
from servicepolicy_optimizer.inventory.shelf_laws import AUTO, Law, ShelfFigures, lawful_demand

Rng = np.random.Generator


@dataclass(frozen=True)
class Item:
    """One item with its policy; lines (or bursts of lines) come at random, a lead time is constant."""

    sizes: Floats
    chance: Floats
    lines_per_day: float
    lines_variation: float
    lead_time_days: float
    review_days: float
    reorder_point: float
    order_quantity: float


@dataclass(frozen=True)
class Compared:
    """One item's fill rates."""

    law: str
    played: float
    exact: float
    two_moments: float


def figures_of(item: Item) -> ShelfFigures:
    """What the optimizer would know of the item."""
    mean, square = item.sizes @ item.chance, item.sizes**2 @ item.chance
    variance = item.lines_per_day * (square + (item.lines_variation - 1) * mean**2)
    one = np.ones(1)
    return ShelfFigures(
        pieces_per_day=item.lines_per_day * mean * one,
        variance_pieces2_per_day=variance * one,
        lines_per_day=item.lines_per_day * one,
        order_size_second_moment_pieces2=square * one,
        sizes=OrderSizes.of_entries(
            1, np.zeros(item.sizes.size, int), item.sizes, item.lines_per_day * item.chance
        ),
        lead_time_mean_days=item.lead_time_days,
        lead_time_sd_days=0.0,
        review_days=item.review_days,
    )


def fill_rate(item: Item, law: int) -> tuple[float, str]:
    """By the formulas: the fill rate and the law used."""
    figures = figures_of(item)
    if law != AUTO:
        figures = figures._replace(sizes=OrderSizes.of_entries(1, [], [], []))
    found = lawful_demand(figures, AUTO)
    got = pooled_performance(found.demand, np.array([item.reorder_point]), np.array([item.order_quantity]))
    return float(got.unit_fill_rate[0]), Law(int(found.law[0])).name.lower()


def played_fill_rate(item: Item, lines: int, rng: Rng) -> float:
    """Share of pieces on the shelf when they are asked for, over so many lines."""
    days = _arrivals(item, lines, rng)
    pieces = rng.choice(item.sizes, days.size, p=item.chance)
    taken = np.cumsum(pieces)
    before = np.concatenate([[0.0], taken])
    if item.review_days > 0:
        # the last review whose order has come by now
        review = np.floor((days - item.lead_time_days) / item.review_days) * item.review_days
        seen = np.searchsorted(days, review, side="right")
    else:
        seen = np.searchsorted(days, days - item.lead_time_days, side="right")
    start = rng.integers(0, max(int(item.order_quantity), 1))
    position = item.reorder_point + 1 + np.mod(start - before, max(item.order_quantity, 1.0))
    on_shelf = position[seen] - (before[:-1] - before[seen])
    warm = days > 3 * (item.lead_time_days + item.review_days)
    given = np.clip(np.minimum(on_shelf, pieces), 0.0, None)
    return float(given[warm].sum() / pieces[warm].sum())


def _arrivals(item: Item, lines: int, rng: Rng) -> Floats:
    """Days of the lines: a Poisson stream of lines, or of bursts of a logarithmic number of lines."""
    if item.lines_variation <= 1:
        return np.cumsum(rng.exponential(1 / item.lines_per_day, lines))
    over = item.lines_variation - 1
    in_burst = over / np.log(item.lines_variation)
    count = rng.logseries(over / item.lines_variation, int(lines / in_burst))
    moments = np.cumsum(rng.exponential(in_burst / item.lines_per_day, count.size))
    return np.repeat(moments, count)


def one_for_one(rng: Rng) -> Item:
    """Single pieces, ordered one by one."""
    mean = float(np.exp(rng.uniform(np.log(0.1), np.log(30))))
    stock = int(mean + rng.uniform(0, 3) * np.sqrt(mean))
    return Item(np.ones(1), np.ones(1), mean / 5, 1.0, 5.0, 0.0, float(stock - 1), 1.0)


def lumpy(rng: Rng) -> Item:
    """Lines of 1 to some thousand pieces, from less than one to sixty in a lead time, reviewed or not."""
    sizes, chance = rng.choice(np.array([_packs, _skewed, _geometric], dtype=object))(rng)
    lines = float(np.exp(rng.uniform(np.log(0.3), np.log(60))))
    variation = float(rng.choice([1.0, 1.0, 1.0, 1 + rng.exponential(2.0)]))
    review = float(rng.choice([0.0, 0.0, rng.uniform(0.5, 8)]))
    mean, square = float(sizes @ chance), float(sizes**2 @ chance)
    needed = lines * (1 + review / 5)
    sd = np.sqrt(needed * (square + (variation - 1) * mean**2))
    reorder = np.floor(max(needed * mean + rng.uniform(-0.5, 3) * sd, 0.0))
    quantity = np.ceil(rng.exponential(needed * mean))
    return Item(sizes, chance, lines / 5, variation, 5.0, review, float(reorder), float(quantity))


def _packs(rng: Rng) -> tuple[Floats, Floats]:
    sizes = np.array([1.0, 2, 6, 12, 48])
    return sizes, rng.dirichlet(np.array([4.0, 2, 2, 1, 0.3]))


def _skewed(rng: Rng) -> tuple[Floats, Floats]:
    drawn = np.ceil(np.exp(rng.normal(rng.uniform(0.5, 5), rng.uniform(0.3, 1.5), 400)))
    sizes, count = np.unique(np.minimum(drawn, 8000), return_counts=True)
    return sizes, count / count.sum()


def _geometric(rng: Rng) -> tuple[Floats, Floats]:
    part = rng.uniform(0.05, 0.6)
    sizes = np.arange(1.0, 200.0)
    chance = part * (1 - part) ** (sizes - 1)
    return sizes, chance / chance.sum()


KINDS: dict[str, Callable[[Rng], Item]] = {"one for one": one_for_one, "lumpy": lumpy}


def compared(kind: str, items: int, lines: int, seed: int) -> Iterator[Compared]:
    """A random grid of one kind."""
    rng = np.random.default_rng(seed)
    for _ in range(items):
        item = KINDS[kind](rng)
        exact, law = fill_rate(item, AUTO)
        yield Compared(law, played_fill_rate(item, lines, rng), exact, fill_rate(item, Law.GAMMA)[0])


def main(items: int, lines: int) -> None:
    """Print the table."""
    print(f"{items} items of each kind, {lines:,} lines each; difference of fill rate to the play")
    print(f"{'kind':<12} {'law':<10} {'mean':>8} {'95 %':>8} {'largest':>8}   two moments: 95 %, largest")
    for kind in KINDS:
        found = list(compared(kind, items, lines, seed=11))
        off = np.abs([one.exact - one.played for one in found])
        moments = np.abs([one.two_moments - one.played for one in found])
        laws = ",".join(sorted({one.law for one in found}))
        print(
            f"{kind:<12} {laws:<10} {off.mean():8.5f} {np.quantile(off, 0.95):8.5f} {off.max():8.5f}   "
            f"{np.quantile(moments, 0.95):8.5f} {moments.max():8.5f}"
        )


if __name__ == "__main__":
    main(*(int(text) for text in (*sys.argv[1:], *("200", "400000")[len(sys.argv) - 1 :])))

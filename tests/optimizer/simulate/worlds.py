"""Random small worlds for the inner engine, and textbook ones."""

import numpy as np

from servicepolicy_optimizer.simulate.lines import ShelfRules, sorted_lines

CLASSES = 3


def random_world(seed, shelves=3, lines=30, days=45.0, whole_pieces=True):
    """Rules and lines of a few shelves: pooled and ranked, watched and reviewed, with and without batches."""
    rng = np.random.default_rng(seed)
    reorder = rng.integers(2, 15, shelves).astype(float)
    quantity = rng.integers(0, 9, shelves).astype(float)
    review = np.where(rng.uniform(size=shelves) < 0.5, 0.0, rng.uniform(1, 9, shelves))
    levels = np.sort(rng.integers(0, 4, (shelves, CLASSES)), axis=1).astype(float)
    levels[:, 0] = 0
    rules = ShelfRules(
        reorder_point_pieces=reorder,
        order_quantity_pieces=quantity,
        start_pieces=reorder + np.ceil(quantity / 2),
        review_days=review,
        first_review_days=rng.uniform(0, 1, shelves) * review,
        critical_level_pieces=levels,
        ranked=rng.uniform(size=shelves) < 0.5,
    )
    count = int(lines * shelves)
    sizes = rng.geometric(0.35, count).astype(float)
    if not whole_pieces:
        sizes = sizes * rng.uniform(0.2, 1.7, count)
    asked, _ = sorted_lines(
        rng.integers(0, shelves, count), rng.uniform(0, days, count), sizes, rng.integers(0, CLASSES, count)
    )
    return rules, asked, days


def shelf(reorder, quantity, start, *, review=0.0, levels=(0.0,), ranked=False, copies=1):
    """The same shelf so many times."""
    one = np.ones(copies)
    return ShelfRules(
        reorder_point_pieces=reorder * one,
        order_quantity_pieces=quantity * one,
        start_pieces=start * one,
        review_days=review * one,
        first_review_days=review * one,
        critical_level_pieces=np.tile(np.asarray(levels, float), (copies, 1)),
        ranked=np.full(copies, ranked),
    )


def poisson_lines(rng, rate, days, sizes=(1.0,), chances=(1.0,), shares=(1.0,), copies=1):
    """Order lines that come at random, with sizes and classes drawn."""
    count = rng.poisson(rate * days, copies)
    total = int(count.sum())
    place = np.repeat(np.arange(copies), count)
    pieces = rng.choice(np.asarray(sizes, float), total, p=chances)
    classes = rng.choice(len(shares), total, p=shares)
    return sorted_lines(place, rng.uniform(0, days, total), pieces, classes)[0]

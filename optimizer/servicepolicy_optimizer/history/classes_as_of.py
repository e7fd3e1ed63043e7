"""Classes as they could be known on a day: from the lines before it, and from nothing later."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from servicepolicy_models.segmentation import Classification, CutBy, Measure
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.history.order_history import OrderHistory
from servicepolicy_optimizer.history.sums import summed
from servicepolicy_optimizer.profile.classes import ROUNDING

Amount = Callable[[OrderHistory, slice], Floats]

LINE_AMOUNT: Mapping[Measure, Amount] = {
    Measure.REVENUE: lambda history, lines: history.revenue[lines],
    Measure.PIECES: lambda history, lines: history.pieces[lines],
    Measure.LINES: lambda history, lines: np.ones(lines.stop - lines.start),
    Measure.MARGIN: lambda history, lines: history.revenue[lines] - history.cost[lines],
    Measure.DEMAND_PER_HOLDING_COST: lambda history, lines: (
        history.pieces[lines] / history.unit_cost[history.item[lines]]
    ),
}
"""What a line adds to each measure by which one ranks."""


def item_classes_before(history: OrderHistory, rule: Classification, day: int) -> Ints:
    """(N,) class of every item by the lines before `day`; without any, the lowest."""
    if rule.measure not in LINE_AMOUNT:
        return history.item_class
    lines = history.lines_between(0, day)
    measure = summed(history.item[lines], LINE_AMOUNT[rule.measure](history, lines), len(history.items))
    known = np.bincount(history.item[lines], minlength=len(history.items)) > 0
    return classes_by_rank(rule, measure, known, history.items)


def customer_classes_before(history: OrderHistory, rule: Classification, day: int) -> Ints:
    """(C,) class of every customer by the lines before `day`; who is new falls into the lowest."""
    if rule.measure not in LINE_AMOUNT:
        return history.customer_class
    lines, count = history.lines_between(0, day), len(history.customers)
    measure = summed(history.customer[lines], LINE_AMOUNT[rule.measure](history, lines), count)
    known = history.ranked_customers & (np.bincount(history.customer[lines], minlength=count) > 0)
    return classes_by_rank(rule, measure, known, history.customers)


def classes_by_rank(rule: Classification, measure: Floats, ranked: np.ndarray, codes: Sequence[str]) -> Ints:
    """Class (n,) of each: ranked by measure, the highest first, then by code; cut as `profile.classes` does.

    >>> rule = Classification(classes=("A", "B"), cut_offs=(0.5,), cut_by=CutBy.VALUE)
    >>> known = np.array([True, True, True, False])
    >>> classes_by_rank(rule, np.array([1.0, 6.0, 3.0, 9.0]), known, "wxyz").tolist()
    [1, 0, 1, 1]
    """
    lowest = len(rule.classes) - 1
    classes = np.full(measure.size, lowest, dtype=np.intp)
    place = np.flatnonzero(ranked)
    # Codes are sorted, so a stable sort breaks ties by code.
    place = place[np.argsort(-measure[place], kind="stable")]
    if rule.cut_by is CutBy.COUNT:
        before = np.arange(place.size) / max(place.size, 1)
    else:
        value = np.maximum(measure[place], 0.0)
        before = (np.cumsum(value) - value) / max(float(value.sum()), 1e-300)
    classes[place] = (before[:, None] >= np.array(rule.cut_offs)[None, :] - ROUNDING).sum(axis=1)
    if rule.overrides:
        number = {code: n for n, code in enumerate(codes)}
        for code, name in rule.overrides.items():
            if (n := number.get(code.strip(), number.get(code.strip().upper()))) is not None:
                classes[n] = rule.classes.index(name)
    return classes

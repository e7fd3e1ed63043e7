"""The cheapest rung of every item where no envelope tells it: classes served apart, so rungs are priced."""

from __future__ import annotations

from typing import Any

from servicepolicy_optimizer.compiled.machine_code import bare_machine_code


@bare_machine_code
def least_of_rungs(on_hand: Any, fill: Any, per_piece: Any, seen: Any, best: Any, costs: Any) -> None:
    """Into best (n,) the first rung of least cost, into costs (n,) what it costs:

        per_piece[n] on_hand[n, m] + sum over i of (1 - fill[n, m, i]) seen[n, i]

    added in the order in which it is written. As what is short never earns, a rung that costs as much as
    another before all is added is left there: of most rungs the stock on hand alone is looked at.
    on_hand (n, M), fill (n, M, I) at most 1, per_piece (n,), seen (n, I)
    """
    items, rungs, classes = fill.shape
    for n in range(items):
        holding, earns = per_piece[n], False
        for i in range(classes):
            earns = earns or seen[n, i] < 0
        lowest, least = 0, 0.0
        for m in range(rungs):
            cost = holding * on_hand[n, m]
            i = 0
            while i < classes and (m == 0 or earns or cost < least):
                cost += (1.0 - fill[n, m, i]) * seen[n, i]
                i += 1
            if m == 0 or cost < least:
                lowest, least = m, cost
        best[n] = lowest
        costs[n] = least

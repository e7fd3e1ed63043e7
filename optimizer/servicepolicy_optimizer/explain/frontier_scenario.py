"""The scenario of a point: what must be promised so that its policy is the cheapest.

Against service a point has one bound on a weighted mean, which a scenario has no word for. But whoever keeps,
segment by segment, what the point's policy gives keeps the mean as well, and that policy is one of those
that do: so it is the cheapest of the scenario that promises what it gives.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from servicepolicy_models.frontier import Against
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.targets import Target
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.explain.frontier_words import figure
from servicepolicy_optimizer.explain.reached import paths_of, planned_fill_rates
from servicepolicy_optimizer.explain.warm import Exact

STEPS = 1_000_000
"""Shares are rounded down to a whole number of such parts: the last digit of a sum breaks no promise."""
BUDGET_FIELD = {Against.INVENTORY: "inventory_value", Against.CO2E: "co2e_kg"}


def patch_of(
    free: Scenario, against: Against, bound: float, reached: float, exact: Exact
) -> dict[str, Any] | None:
    """The merge patch (RFC 7396) that makes the scenario of a point. free: without what is traded.

    None where promised fill rates would stand beside cycle service levels that were kept.
    """
    name = f"{free.name[:100]} ({figure(against, reached, free.currency)})"
    if against in BUDGET_FIELD:
        return {"name": name, "budgets": {BUDGET_FIELD[against]: bound}}
    if any(target.cycle_service_level is not None for target in free.targets):
        return None
    promised = [
        Target.model_validate({"customer_class": s[0], "item_class": s[1], "region": s[2], **said})
        for s, said in _given(against, exact).items()
    ]
    targets = [one.model_dump(mode="json", exclude_none=True) for one in (*free.targets, *promised)]
    return {"name": name, "targets": targets} | _rung_above(free, [one.fill_rate or 0.0 for one in promised])


def _rung_above(free: Scenario, promised: Iterable[float]) -> dict[str, Any]:
    """The promise ladder with one rung more, where none is as high as what is promised."""
    rungs, highest = free.promise_ladder.fill_rates, max(promised, default=0.0)
    return {} if highest <= rungs[-1] else {"promise_ladder": {"fill_rates": [*rungs, highest]}}


def _given(against: Against, exact: Exact) -> Mapping[Segment, Mapping[str, float]]:
    """Segment -> what the policy gives it of what is traded, as a target says it."""
    fill, paths = planned_fill_rates(exact), paths_of(exact)
    if against is Against.RESPONSE:
        return {s: {"response_hours": paths[s].promised_response_hours} for s in fill}
    if against is Against.OTIF:
        return {s: {"otif": _down(fill[s] * paths[s].on_time_probability)} for s in fill}
    return {s: {"fill_rate": _down(fill[s])} for s in fill}


def _down(share: float) -> float:
    """Rounded down, and less than everything.

    >>> _down(0.98765432), _down(1.0)
    (0.987654, 0.999999)
    """
    return min(math.floor(share * STEPS), STEPS - 1) / STEPS

"""Known policies beside a frontier: how much service they have, and what the same would cost at the least."""

from collections.abc import Iterator

from servicepolicy_models.changes import Level
from servicepolicy_models.frontier import FrontierMarker
from servicepolicy_models.policy import Policy
from servicepolicy_optimizer.explain.asking import ask
from servicepolicy_optimizer.explain.frontier_points import Trade
from servicepolicy_optimizer.explain.frontier_words import figure
from servicepolicy_optimizer.explain.traded_service import reached_by
from servicepolicy_optimizer.explain.warm import Warm
from servicepolicy_optimizer.question import in_silence
from servicepolicy_optimizer.rivals import policy_of, rivals_of

NAMES = {
    "current_policy": "policy in force",
    "one_size_strictest": "one size, strictest",
    "one_size_average": "one size, average",
    "unconstrained": "no promises",
}
"""Baseline -> what it is called beside a frontier."""


def known_policies(warm: Warm) -> Iterator[tuple[str, Policy, float, bool]]:
    """Name, policy, yearly cost and whether everything is kept: the scenario's own policy, and its baselines.

    warm: of the scenario as it is. Costs are those of whole items, as the audit sees them.
    """
    scenario = warm.asked.scenario
    own = ask(scenario, warm.asked.facts, warm.memory)
    if own.policy is not None and own.objective is not None:
        yield "this policy", own.policy, own.objective, True
    if own.settled is None:
        return
    for rival in rivals_of(scenario, own.settled, warm.asked.known, in_silence):
        if rival.decision is not None and rival.baseline.cost is not None:
            cost = rival.baseline.cost.objective
            yield NAMES[rival.baseline.name], policy_of(rival.decision()), cost, rival.baseline.feasible


def marker(trade: Trade, span: float, known: tuple[str, Policy, float, bool], level: Level) -> FrontierMarker:
    """A known policy against the cheapest one that has as much, solved for this very service."""
    name, policy, cost, feasible = known
    service = reached_by(policy, trade.asked, trade.share)
    exact = trade.solved(trade.loosened(service, span))
    best, at = None, None
    if exact.cost is not None:
        whole = trade.whole_items_cost(exact)
        best, at = (exact.cost, trade.warm.level) if whole is None else (whole, level)
        # The policy itself is one that has as much: rounding to whole items must not say otherwise.
        best = min(best, cost) if feasible else best
    currency = trade.warm.asked.scenario.currency
    left = None if best is None else cost - best
    if at is Level.MIXED_COLUMNS and left is not None and left >= 0:
        # A mix against whole items is no fair comparison.
        best = at = left = None
    return FrontierMarker.model_validate(
        {
            "name": name,
            "service": service,
            "cost_per_year": cost,
            "feasible": feasible,
            "frontier_cost_per_year": best,
            "frontier_level": at,
            "left_on_the_table_per_year": left,
            "sentence": _sentence(trade, known, service, left, currency),
        }
    )


def _sentence(
    trade: Trade, known: tuple[str, Policy, float, bool], service: float, left: float | None, currency: str
) -> str:
    name, _, cost, feasible = known
    has = f"{name[:1].upper()}{name[1:]}: {figure(trade.asked.against, service, currency)} for {cost:,.0f} "
    has += f"{currency} a year"
    kept = "" if feasible else "; it breaks promises, capacities, budgets or rules"
    if left is None:
        return f"{has}{kept}. No policy of whole items was found on the frontier that has as much."
    if left < -0.5:
        return f"{has}{kept}: {-left:,.0f} below the frontier, which keeps them."
    if left < 0.5:
        return f"{has}{kept}: on the frontier, nothing is left on the table."
    return f"{has}{kept}: {left:,.0f} {currency} a year are left on the table."


def level_of_whole_items(warm: Warm) -> Level:
    """How exact the costs of whole items are."""
    return Level.ITEM_BY_ITEM if warm.level is Level.ITEM_BY_ITEM else Level.WHOLE_ITEMS

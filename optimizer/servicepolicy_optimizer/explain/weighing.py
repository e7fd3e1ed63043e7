"""Futures weighed against each other: mean, largest regret, mean of the worst."""

from collections.abc import Sequence

from servicepolicy_models.futures import FuturesAsked, Measure


def shares_of(asked: FuturesAsked) -> list[float]:
    """Weights divided by their sum, which must be above zero."""
    total = sum(future.weight for future in asked.futures)
    return [future.weight / total for future in asked.futures]


def measured(asked: FuturesAsked, costs: Sequence[float], own_costs: Sequence[float]) -> float:
    """The measure of a policy that costs so much in each future."""
    shares = shares_of(asked)
    if asked.measure is Measure.EXPECTED:
        return sum(share * cost for share, cost in zip(shares, costs, strict=True))
    if asked.measure is Measure.REGRET:
        return max(cost - own for cost, own in zip(costs, own_costs, strict=True))
    return mean_of_the_worst(costs, shares, asked.tail)


def mean_of_the_worst(costs: Sequence[float], shares: Sequence[float], tail: float) -> float:
    """CVaR: mean cost of the dearest futures that together weigh `tail`; the last of them counts in part.

    >>> mean_of_the_worst([10.0, 20.0, 30.0], [0.5, 0.4, 0.1], tail=0.2)
    25.0
    """
    left, total = tail, 0.0
    for cost, share in sorted(zip(costs, shares, strict=True), reverse=True):
        taken = min(share, left)
        total += taken * cost
        left -= taken
    return total / tail

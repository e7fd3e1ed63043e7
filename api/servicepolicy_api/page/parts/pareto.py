"""How unevenly an amount is spread: the curve of its cumulated shares, thinned to what can be seen."""

from collections.abc import Sequence

MOST_POINTS = 60


def pareto(amounts: Sequence[float]) -> list[tuple[float, float]]:
    """Share of the count and cumulated share of the amount, the largest amount first; begins at (0, 0).

    >>> pareto([1.0, 6.0, 3.0])
    [(0.0, 0.0), (0.3333333333333333, 0.6), (0.6666666666666666, 0.9), (1.0, 1.0)]
    >>> pareto([])
    [(0.0, 0.0)]
    """
    total, so_far = sum(amounts), 0.0
    points = [(0.0, 0.0)]
    wanted = _positions(len(amounts))
    for position, amount in enumerate(sorted(amounts, reverse=True), start=1):
        so_far += amount
        if position in wanted and total > 0:
            points.append((position / len(amounts), so_far / total))
    return points


def _positions(count: int) -> set[int]:
    """Positions along the curve, closer together where it is steep."""
    if count <= MOST_POINTS:
        return set(range(1, count + 1))
    return {max(1, round(count * (step / MOST_POINTS) ** 2)) for step in range(1, MOST_POINTS + 1)}

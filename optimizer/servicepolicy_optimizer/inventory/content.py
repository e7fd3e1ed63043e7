"""What tells the demand of a shelf from any other."""

from typing import Any

from servicepolicy_optimizer.inventory.shelf_laws import LawfulDemand


def demand_parts(described: LawfulDemand) -> tuple[Any, ...]:
    """Everything that the demand is made of, and the law of each item: equal parts, equal demand."""
    figures, sizes = described.figures, described.figures.sizes
    return (
        *(part for name, part in figures._asdict().items() if name != "sizes"),
        *(sizes.start, sizes.pieces, sizes.lines_per_day),
        *(described.law, described.reason),
    )

"""A smaller question of the same kind, whose prices tell which paths to begin with.

A relaxation that begins with the wrong paths asks for very many others before its prices settle. Prices of
what is scarce depend little on the single segment: some regions, each standing for several, give nearly those
of all. Nothing that is proven depends on them.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.path_table import PathTable, path_table

SEGMENTS = 500
"""Of a sample, about."""
SMALLEST_SHARE = 4
"""A question with fewer times as many segments is asked as it is."""

BY_DEMAND = (
    "response_cost", "transport_cost", "warehousing_cost", "lost_sales_cost", "channel_labour_hours",
    "weight_kg", "co2e_kg",
)  # fmt: skip
"""Amounts of a path that grow with the demand that it serves."""


def sampled(choices: Choices) -> Choices | None:
    """The segments of some regions, each with the demand of those that it stands for; None where there are
    too few to leave any out.
    """
    regions = sorted({region for _, _, region in choices.targets})
    every = len(choices.targets) // SEGMENTS
    if every < SMALLEST_SHARE or len(regions) < 2 * every:
        return None
    kept = set(regions[::every])
    times = _times(choices, kept)
    return replace(
        choices,
        targets={s: target for s, target in choices.targets.items() if s[2] in kept},
        paths={
            (s, d): _of_more_demand(path_table(paths), times[s[:2]])
            for (s, d), paths in choices.paths.items()
            if s[2] in kept
        },
    )


def _times(choices: Choices, kept: set[str]) -> Mapping[tuple[str, str], float]:
    """Customer class and item class -> demand of all regions over that of the kept ones."""
    of_all, of_kept = defaultdict[tuple[str, str], float](float), defaultdict[tuple[str, str], float](float)
    for segment, target in choices.targets.items():
        of_all[segment[:2]] += target.pieces_per_year
        of_kept[segment[:2]] += target.pieces_per_year if segment[2] in kept else 0.0
    return {pair: pieces / of_kept[pair] if of_kept[pair] else 1.0 for pair, pieces in of_all.items()}


def _of_more_demand(table: PathTable, times: float) -> PathTable:
    return replace(
        table,
        amounts={
            name: amount * times if name in BY_DEMAND else amount for name, amount in table.amounts.items()
        },
        lines_per_day={location: lines * times for location, lines in table.lines_per_day.items()},
    )

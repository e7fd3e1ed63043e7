"""Fixed costs: every facility in use is paid once, and shared by the lines of those who use it."""

from collections.abc import Mapping

from servicepolicy_models.cost import Cost
from servicepolicy_optimizer.choices import Choices, Segment
from servicepolicy_optimizer.decided import Decided

PART_OF_FACILITY = {
    "channel": "response",
    "process": "warehousing",
    "location": "warehousing",
    "mode": "transport",
    "supply": "supply",
}


def users_of_facilities(choices: Choices, decided: Decided) -> Mapping[str, tuple[Segment, ...]]:
    """Facility with a fixed cost -> the segments with demand that use it: by their path, by the supply of
    their item class, by the locations that serve their regions.
    """
    users: dict[str, list[Segment]] = {}
    for segment, path in decided.paths.items():
        if choices.targets[segment].lines_per_year == 0 and choices.targets[segment].pieces_per_year == 0:
            continue
        supply = decided.options[segment[1]].supply
        needed = {*path.facilities, f"supply:{supply}", *(f"location:{at}" for at in path.lines_per_day)}
        for facility in sorted(needed & set(choices.facility_cost)):
            users.setdefault(facility, []).append(segment)
    return {facility: tuple(segments) for facility, segments in users.items()}


def facilities_in_use(choices: Choices, decided: Decided) -> tuple[str, ...]:
    """Facilities with a fixed cost that the decision needs open."""
    return tuple(users_of_facilities(choices, decided))


def fixed_cost_of(facility: str, amount: float) -> Cost:
    """The cost part a facility belongs to."""
    return Cost(**{PART_OF_FACILITY[facility.split(":", 1)[0]]: amount})


def fixed_cost_by_segment(choices: Choices, decided: Decided) -> Mapping[Segment, Cost]:
    """Segment -> its share of the fixed costs, by lines (evenly where nobody has lines)."""
    shares: dict[Segment, Cost] = {segment: Cost() for segment in decided.paths}
    for facility, users in users_of_facilities(choices, decided).items():
        lines = {segment: choices.targets[segment].lines_per_year for segment in users}
        total = sum(lines.values())
        for segment in users:
            share = lines[segment] / total if total > 0 else 1.0 / len(users)
            shares[segment] += fixed_cost_of(facility, choices.facility_cost[facility] * share)
    return shares

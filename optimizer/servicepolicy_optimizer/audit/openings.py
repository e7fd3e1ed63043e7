"""Fixed costs: whatever is used is paid once a year, and shared by the lines of the segments that use it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from servicepolicy_models.cost import Cost
from servicepolicy_models.policy import ItemClassPolicy
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.matrix import Segment
from servicepolicy_optimizer.audit.means_in_use import called, process_figures
from servicepolicy_optimizer.audit.segment_account import SegmentAccount


@dataclass(frozen=True)
class Opening:
    """Something that a segment uses and that costs so much a year, however many use it."""

    what: str
    """`channel EDI`, `process express at Leeds`, ..."""
    cost: Cost
    """In the part of the cost where it belongs."""


def openings_of(
    scenario: Scenario, account: SegmentAccount, options: Mapping[str, ItemClassPolicy]
) -> Iterator[Opening]:
    """What a segment with demand needs open.

    Its channel (response), its mode (transport), its item class's supply option (supply), the locations that
    serve its regions and its process at each of them (warehousing).
    """
    if not account.orders_something:
        return
    means = account.means
    supply = called(options[account.segment[1]].supply, scenario.supply)
    yield Opening(f"channel {means.channel.name}", Cost(response=means.channel.fixed_cost_per_year))
    yield Opening(f"mode {means.mode.name}", Cost(transport=means.mode.fixed_cost_per_year))
    yield Opening(f"supply {supply.name}", Cost(supply=supply.fixed_cost_per_year))
    for name in account.locations:
        location, process = called(name, scenario.locations), process_figures(means.process, name)
        yield Opening(f"location {name}", Cost(warehousing=location.fixed_cost_per_year))
        yield Opening(
            f"process {means.process.name} at {name}", Cost(warehousing=process.fixed_cost_per_year)
        )


def fixed_cost_by_segment(
    scenario: Scenario, accounts: Sequence[SegmentAccount], options: Mapping[str, ItemClassPolicy]
) -> Mapping[Segment, Cost]:
    """Each opening is paid once and shared by lines among the segments that use it; equally where they have
    none.
    """
    users: dict[Opening, list[SegmentAccount]] = {}
    for account in accounts:
        for opening in openings_of(scenario, account, options):
            users.setdefault(opening, []).append(account)
    borne = {account.segment: Cost() for account in accounts}
    for opening, sharers in users.items():
        lines = sum(account.lines_per_year for account in sharers)
        for account in sharers:
            share = account.lines_per_year / lines if lines > 0 else 1.0 / len(sharers)
            borne[account.segment] += _part(opening.cost, share)
    return borne


def _part(cost: Cost, share: float) -> Cost:
    return Cost(**{part: amount * share for part, amount in cost})

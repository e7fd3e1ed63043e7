"""What the scenario asks of the policy, as plain tables: targets, capacities, budgets, rules.

What it does not ask is empty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import Choices, Segment, SegmentTarget

Pair = tuple[Segment, Segment]
"""(the segment that must not be served worse, the segment it is compared with)."""


@dataclass(frozen=True)
class Asked:
    """Right-hand sides, and who is compared with whom.

    Budgets are tables of at most one entry, keyed by their unit.
    """

    every_item: bool
    """The fill rates are promised for every item on its own."""
    fill_rate: Mapping[Segment, float]
    """Segments with demand that are promised one. Where the promise is a cycle service level, the columns
    measure that, so it stands here."""
    otif: Mapping[Segment, float]
    """Segments with demand that are promised on time in full."""
    pieces_per_year: Mapping[Segment, float]
    labour_hours: Mapping[str, float]
    """Channel -> hours a year."""
    process_lines: Mapping[tuple[str, str], float]
    """(process, location) -> lines a day."""
    location_lines: Mapping[str, float]
    """Location -> lines a day."""
    storage_m3: Mapping[str, float]
    """Location -> capacity."""
    weight_kg: Mapping[str, float]
    """Mode -> kg a year."""
    inventory_value: Mapping[str, float]
    total_cost: Mapping[str, float]
    co2e_kg: Mapping[str, float]
    better_customer: tuple[Pair, ...]
    """Neighbouring customer classes of one item class and region."""
    better_item: tuple[Pair, ...]
    """Neighbouring item classes of one customer class and region."""
    one_channel: tuple[str, ...]
    """Customer classes that must use one channel."""
    distinct_promises: Mapping[str, int]
    """`promises` -> at most so many."""
    promised_fill_rates: tuple[float, ...]
    promised_hours: tuple[float, ...]
    target_hours: Mapping[Segment, float]
    """Response promise asked, where one is."""
    facility_cost: Mapping[str, float]


def asked(scenario: Scenario, choices: Choices) -> Asked:
    """Read what the scenario asks, for the segments that `choices` has targets for."""
    demanding = {s: target for s, target in choices.targets.items() if target.pieces_per_year > 0}
    rules = scenario.rules
    budgets = scenario.budgets
    most = rules.distinct_promises_at_most
    return Asked(
        every_item=scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM,
        fill_rate={
            s: _stock_promise(target) for s, target in demanding.items() if _stock_promise(target) > 0
        },
        otif={s: target.otif for s, target in demanding.items() if target.otif},
        pieces_per_year={s: target.pieces_per_year for s, target in demanding.items()},
        labour_hours=_given({c.name: c.labour_capacity_hours_per_year for c in scenario.channels}),
        process_lines=dict(_process_lines(scenario)),
        location_lines=_given({at.name: at.capacity_lines_per_day for at in scenario.locations}),
        storage_m3=_given({at.name: at.storage_capacity_m3 for at in scenario.locations}),
        weight_kg=_given({mode.name: mode.capacity_kg_per_year for mode in scenario.modes}),
        inventory_value=_given({scenario.currency: budgets.inventory_value}),
        total_cost=_given({scenario.currency: budgets.total_cost}),
        co2e_kg=_given({"kg": budgets.co2e_kg}),
        better_customer=tuple(
            _better_customer(scenario, demanding) if rules.better_customer_never_served_worse else ()
        ),
        better_item=tuple(_better_item(scenario, demanding) if rules.better_item_never_served_worse else ()),
        one_channel=scenario.segmentation.customers.classes if rules.one_channel_per_customer_class else (),
        distinct_promises={} if most is None else {"promises": most},
        promised_fill_rates=()
        if most is None
        else tuple(sorted({_stock_promise(target) for target in demanding.values()})),
        promised_hours=() if most is None else _promised_hours(choices, demanding),
        target_hours=_given({s: target.response_hours for s, target in demanding.items()}),
        facility_cost=choices.facility_cost,
    )


def _given(limits: Mapping[Segment, float | None] | Mapping[str, float | None]) -> Any:
    return {key: limit for key, limit in limits.items() if limit is not None}


def _stock_promise(target: SegmentTarget) -> float:
    return target.fill_rate if target.cycle_service_level is None else target.cycle_service_level


def _process_lines(scenario: Scenario) -> Iterator[tuple[tuple[str, str], float]]:
    """A location's own figure for the process, or else the process's figure for every location."""
    for process in scenario.processes:
        own = {at.location: at.capacity_lines_per_day for at in process.at}
        for location in scenario.locations:
            lines_per_day = own.get(location.name)
            lines_per_day = process.capacity_lines_per_day if lines_per_day is None else lines_per_day
            if lines_per_day is not None:
                yield (process.name, location.name), lines_per_day


def _better_customer(scenario: Scenario, demanding: Mapping[Segment, object]) -> Iterator[Pair]:
    """Neighbours among the classes that order anything: a class without demand hides nobody behind it."""
    customers, items = scenario.segmentation.customers.classes, scenario.segmentation.items.classes
    for region in dict.fromkeys(s[2] for s in demanding):
        for item in items:
            yield from pairwise((c, item, region) for c in customers if (c, item, region) in demanding)


def _better_item(scenario: Scenario, demanding: Mapping[Segment, object]) -> Iterator[Pair]:
    customers, items = scenario.segmentation.customers.classes, scenario.segmentation.items.classes
    for region in dict.fromkeys(s[2] for s in demanding):
        for customer in customers:
            yield from pairwise((customer, j, region) for j in items if (customer, j, region) in demanding)


def _promised_hours(choices: Choices, demanding: Mapping[Segment, object]) -> tuple[float, ...]:
    return tuple(
        sorted(
            {
                path.promised_response_hours
                for (s, _), ways in choices.paths.items()
                if s in demanding
                for path in ways
            }
        )
    )

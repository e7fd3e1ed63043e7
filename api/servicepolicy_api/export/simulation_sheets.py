"""A simulation as tables: summary, segments, item classes, items."""

from collections.abc import Iterator
from enum import Enum

from servicepolicy_api.export.sheet import Cell, Holds, Sheet, held_by
from servicepolicy_models.simulation import (
    Estimate,
    ItemClassSimulation,
    ItemSimulation,
    SegmentSimulation,
    Service,
    Simulation,
    SimulationSettings,
)

HOURS = ("response_hours", "response_hours_with_wait")
ESTIMATES = tuple(name for name in Service.model_fields if name not in HOURS)
SEGMENT = tuple(name for name in SegmentSimulation.model_fields if name != "service")
ITEM = tuple(ItemSimulation.model_fields)
SHARES = ("0.5", "0.9", "0.95", "0.99")
SHARE_WORDS = ("rate", "share", "otif", "level")
HALF = "_plus_minus"
Columns = tuple[tuple[str, Holds], ...]


def simulation_summary(found: Simulation) -> Sheet:
    """What was played, what holds, and how it was played."""
    rows: list[tuple[Cell, ...]] = [
        ("scenario", found.scenario),
        ("currency", found.currency),
        ("scenario, SHA-256", found.scenario_sha256),
        *((name, _plain(getattr(found.settings, name))) for name in SimulationSettings.model_fields),
        ("measured days of a run", found.measured_days),
        ("promises", found.promises),
        ("promises that do not hold", found.promises_broken),
        ("fill rate, planned", found.planned_fill_rate),
        *_named("fill rate, simulated", found.service.unit_fill_rate),
        ("stock on hand, planned", found.planned_on_hand_value),
        *_named("stock on hand, simulated", found.on_hand_value),
        *(("played", sentence) for sentence in found.assumptions),
        *(("found", f"{one.what} {one.mend}") for one in found.findings),
    ]
    return Sheet("Summary", (("", Holds.TEXT), ("value", Holds.SENTENCE)), rows)


def simulated_segments(found: Simulation) -> Sheet:
    """One row a segment: promise, plan, and what came of them."""
    columns = (*((name, held_by(SegmentSimulation, name)) for name in SEGMENT), *_service_columns())
    rows = [
        (*(_plain(getattr(one, name)) for name in SEGMENT), *_service_cells(one.service))
        for one in found.segments
    ]
    return Sheet("Segments", columns, rows, frozen_columns=3)


def simulated_item_classes(found: Simulation) -> Sheet:
    """One row an item class."""
    amounts = ("on_hand_value", "owed_pieces")
    columns = (
        ("item_class", Holds.TEXT),
        ("planned_on_hand_value", Holds.MONEY),
        *(column for name in amounts for column in _pair(name, held_by(ItemClassSimulation, name))),
        *_service_columns(),
    )
    return Sheet("Item classes", columns, [_item_class_row(one) for one in found.item_classes])


def simulated_items(found: Simulation) -> Sheet:
    """One row an item on a shelf, over all runs."""
    columns = tuple((name, held_by(ItemSimulation, name)) for name in ITEM)
    return Sheet("Items", columns, [tuple(getattr(one, name) for name in ITEM) for one in found.items])


def _item_class_row(one: ItemClassSimulation) -> tuple[Cell, ...]:
    stock = (*_cells(one.on_hand_value), *_cells(one.owed_pieces))
    return (one.item_class, one.planned_on_hand_value, *stock, *_service_cells(one.service))


def _service_columns() -> Columns:
    plain = (column for name in ESTIMATES for column in _pair(name, _holds(name)))
    hours = (
        column for name in HOURS for share in SHARES for column in _pair(f"{name}_{share}", Holds.AMOUNT)
    )
    return (*plain, *hours)


def _service_cells(service: Service) -> Iterator[Cell]:
    for name in ESTIMATES:
        yield from _cells(getattr(service, name))
    for name in HOURS:
        for share in SHARES:
            yield from _cells(getattr(service, name).get(share))


def _pair(name: str, holds: Holds) -> Columns:
    return (name, holds), (f"{name}{HALF}", holds)


def _holds(name: str) -> Holds:
    return Holds.SHARE if any(word in name for word in SHARE_WORDS) else Holds.AMOUNT


def _cells(found: Estimate | None) -> tuple[Cell, Cell]:
    return (None, None) if found is None else (found.mean, found.half_width)


def _named(name: str, found: Estimate | None) -> tuple[tuple[str, Cell], ...]:
    mean, half_width = _cells(found)
    return (name, mean), (f"{name}, plus or minus", half_width)


def _plain(value: Cell | Enum) -> Cell:
    """A word of a list of words is its text."""
    return str(value.value) if isinstance(value, Enum) else value

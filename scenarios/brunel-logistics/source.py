"""The published tables, read and checked: seven files of CSV, packed with gzip."""

import csv
import gzip
import math
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

RowOf = TypeVar("RowOf")
Columns = tuple[str, ...]


class SourceRejected(Exception):
    """The published tables cannot be read."""

    def __init__(self, findings: list[str]) -> None:
        self.findings = findings
        super().__init__("\n".join([self.__class__.__doc__ or "", *findings]))


@dataclass(frozen=True)
class Order:
    """One order, which is one order line. `weight_kg` is the weight of the whole order."""

    service: str
    """DTD: to the door; DTP: to the port; CRF: the customer arranges and pays the freight."""
    customer: str
    product: str
    plant: str
    """The plant that supplied it."""
    carrier: str
    transit_days: int
    pieces: float
    weight_kg: float
    late: bool


@dataclass(frozen=True)
class Rate:
    """One row of the freight rates. Both weights belong to the row. Money in the unit of the source."""

    carrier: str
    port: str
    service: str
    transport: str
    """AIR or GROUND."""
    transit_days: int
    from_kg: float
    to_kg: float
    minimum_cost: float
    rate: float


@dataclass(frozen=True)
class Network:
    """All that is published: what was ordered, and what the plants and carriers can do."""

    orders: tuple[Order, ...]
    rates: tuple[Rate, ...]
    """As published, duplicates included."""
    cost_per_piece: Mapping[str, float]
    """Plant -> warehouse cost."""
    capacity_orders_per_day: Mapping[str, float]
    ports: Mapping[str, frozenset[str]]
    """Plant -> ports it may ship from."""
    makers: Mapping[str, frozenset[str]]
    """Product -> plants that have it, unknown plants left out."""
    only_customers: Mapping[str, frozenset[str]]
    """Plant -> the only customers it may serve; a plant that is not named here serves everybody."""
    unknown_plants: Mapping[str, int]
    """Plants with products but without cost and capacity -> rows left out."""


def read_network(folder: Path) -> Network:
    """Read the published tables from `folder`; raise SourceRejected with everything that is wrong at once."""
    findings: list[str] = []

    def rows(name: str, columns: Columns, make: Callable[[list[str]], RowOf]) -> list[RowOf]:
        return _rows(folder / name, columns, make, findings)

    orders = rows("OrderList.csv.gz", _ORDER_COLUMNS, _order)
    rates = rows("FreightRates.csv.gz", _RATE_COLUMNS, _rate)
    costs = rows("WhCosts.csv.gz", ("WH", "Cost/unit"), _amount)
    capacities = rows("WhCapacities.csv.gz", ("Plant ID", "Daily Capacity"), _amount)
    ports = rows("PlantPorts.csv.gz", ("Plant Code", "Port"), _pair)
    makers = rows("ProductsPerPlant.csv.gz", ("Product ID", "Plant Code"), _pair)
    vmi = rows("VmiCustomers.csv.gz", ("Plant Code", "Customers"), _pair)
    if findings:
        raise SourceRejected(findings)
    known = {plant for plant, _ in costs} & {plant for plant, _ in capacities}
    stray = [plant for _, plant in makers if plant not in known]
    return Network(
        orders=tuple(orders),
        rates=tuple(rates),
        cost_per_piece=dict(costs),
        capacity_orders_per_day=dict(capacities),
        ports=_sets(ports),
        makers=_sets([(product, plant) for product, plant in makers if plant in known]),
        only_customers=_sets(vmi),
        unknown_plants={plant: stray.count(plant) for plant in sorted(set(stray))},
    )


_ORDER_COLUMNS = (
    "Service Level", "Customer", "Product ID", "Plant Code", "Carrier", "TPT", "Unit quantity", "Weight",
    "Ship Late Day count",
)  # fmt: skip
_RATE_COLUMNS = (
    "Carrier", "orig_port_cd", "svc_cd", "mode_dsc", "tpt_day_cnt", "minm_wgh_qty", "max_wgh_qty",
    "minimum cost", "rate",
)  # fmt: skip


def _order(cells: list[str]) -> Order:
    service, customer, product, plant, carrier, days, pieces, weight, days_late = cells
    return Order(
        service=service,
        customer=customer,
        product=product,
        plant=plant,
        carrier=carrier,
        transit_days=int(days),
        pieces=_number(pieces),
        weight_kg=_number(weight),
        late=int(days_late) > 0,
    )


def _rate(cells: list[str]) -> Rate:
    carrier, port, service, transport, days, *numbers = cells
    from_kg, to_kg, minimum_cost, rate = map(_number, numbers)
    return Rate(carrier, port, service, transport, int(days), from_kg, to_kg, minimum_cost, rate)


def _amount(cells: list[str]) -> tuple[str, float]:
    return cells[0], _number(cells[1])


def _pair(cells: list[str]) -> tuple[str, str]:
    return cells[0], cells[1]


def _number(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{text!r} is not a finite number of zero or more")
    return value


def _rows(
    path: Path, columns: Columns, make: Callable[[list[str]], RowOf], findings: list[str]
) -> list[RowOf]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            table = csv.DictReader(file)
            missing = [column for column in columns if column not in (table.fieldnames or ())]
            if missing:
                findings.append(f"{path.name}: columns {missing} are missing; take the tables as published")
                return []
            return _made(path.name, ([row[column] for column in columns] for row in table), make, findings)
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as unreadable:
        mend = "name the folder that holds the published tables"
        findings.append(f"{path.name}: cannot be read ({unreadable}); {mend}")
        return []


def _made(
    name: str, rows: Iterable[list[str]], make: Callable[[list[str]], RowOf], findings: list[str]
) -> list[RowOf]:
    made: list[RowOf] = []
    for line, cells in enumerate(rows, start=2):
        try:
            made.append(make(cells))
        except (TypeError, ValueError) as unfit:
            findings.append(f"{name}, line {line}: {unfit}; mend or drop the row")
    return made


def _sets(pairs: list[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in found.items()}

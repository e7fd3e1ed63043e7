"""Carriers' services become transport modes with a lane from every plant."""

from collections.abc import Mapping
from dataclasses import dataclass

from source import Network, Rate
from tariffs import Band, Reading, distinct, joined_bands


@dataclass(frozen=True, order=True)
class Service:
    """What a carrier sells: a kind of transport that takes so many days."""

    carrier: str
    transport: str
    transit_days: int

    @property
    def name(self) -> str:
        """`V444_0 AIR 2 days`."""
        return (
            f"{self.carrier} {self.transport} {self.transit_days} day{'' if self.transit_days == 1 else 's'}"
        )


@dataclass(frozen=True)
class Lane:
    """One carrier's service from one plant to the port or to the door."""

    service: Service
    plant: str
    region: str
    """DTD or DTP."""
    bands: tuple[Band, ...]


LaneRows = Mapping[tuple[Service, str, str], list[Rate]]
"""(service, port or plant, DTD or DTP) -> rows of the rate table, each once."""


def published_lanes(network: Network) -> LaneRows:
    """Gather the rows of the rate table by lane, from port to door or port."""
    rows: dict[tuple[Service, str, str], list[Rate]] = {}
    for rate in distinct(network.rates):
        service = Service(rate.carrier, rate.transport, rate.transit_days)
        rows.setdefault((service, rate.port, rate.service), []).append(rate)
    return rows


def plant_lanes(network: Network, reading: Reading) -> tuple[Lane, ...]:
    """Give every plant the lanes of its ports; of two ports with the same lane, the cheaper row is paid."""
    rows: dict[tuple[Service, str, str], list[Rate]] = {}
    for (service, port, region), rates in published_lanes(network).items():
        for plant in network.cost_per_piece:
            if port in network.ports.get(plant, ()):
                rows.setdefault((service, plant, region), []).extend(rates)
    return tuple(Lane(*key, joined_bands(rows[key], reading)[0]) for key in sorted(rows))

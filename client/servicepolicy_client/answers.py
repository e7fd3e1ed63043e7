"""What the service answers, as frozen nouns. Fields that a later version adds are passed over."""

from dataclasses import dataclass, fields
from typing import Any, TypeVar

FINAL = ("succeeded", "failed", "cancelled")
A = TypeVar("A")


@dataclass(frozen=True)
class Run:
    """One question asked, and how far it is."""

    id: str
    kind: str
    state: str
    """queued, running, succeeded, failed or cancelled."""
    outcome: str | None
    """optimal, feasible, infeasible, nothing; done, where there is nothing to prove; partial: a part
    of a sweep or an explanation was not answered."""
    objective: float | None
    bound: float | None
    gap: float | None
    cached: bool
    created_at: str
    finished_at: str | None
    progress: dict[str, Any]
    problem: dict[str, Any] | None
    """Why it failed."""
    result: dict[str, Any] | None
    """The answer, where it was waited for."""

    @property
    def is_final(self) -> bool:
        """Whether it has ended."""
        return self.state in FINAL


@dataclass(frozen=True)
class ScenarioVersion:
    """One version of a named scenario."""

    name: str
    version: int
    sha256: str
    note: str
    created_at: str
    patch: dict[str, Any] | None = None
    scenario: dict[str, Any] | None = None

    @property
    def etag(self) -> str:
        """What a change of this version must name."""
        return f'"{self.version}"'


@dataclass(frozen=True)
class PolicyInForce:
    """One version of a published policy."""

    name: str
    version: int
    run: str
    note: str
    created_at: str

    @property
    def etag(self) -> str:
        """What a change of this version must name."""
        return f'"{self.version}"'


@dataclass(frozen=True)
class Dataset:
    """An uploaded table."""

    id: str
    path: str
    """What a scenario writes as `demand.path`."""
    rows: int | None


@dataclass(frozen=True)
class Shelf:
    """Where an item lies, and what the class may take."""

    location: str
    shelf: str
    reorder_point_pieces: float
    order_quantity_pieces: float
    reserved_pieces: float
    unit_fill_rate: float | None


@dataclass(frozen=True)
class Found:
    """What an order line is promised, and how it is served."""

    version: int
    run: str
    item: str
    customer: str | None
    customer_class: str
    item_class: str
    region: str
    promised_fill_rate: float
    promised_response_hours: float
    on_time_probability: float
    channel: str
    process: str
    mode: str
    frequency: str
    supply: str
    deployment: str
    stock_policy: str
    minimum_order_value: float
    small_order_surcharge: float
    quote_above_pieces: float | None
    shelves: tuple[Shelf, ...]


def read(kind: type[A], told: dict[str, Any]) -> A:
    """Read an answer of a kind."""
    known = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in told.items() if name in known})

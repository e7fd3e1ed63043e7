"""What goes into the process of a run, and what comes out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from servicepolicy_api.question import Question
from servicepolicy_models.policy import Policy


@dataclass(frozen=True)
class Beside:
    """Another run, or another named scenario, that a run is asked about."""

    name: str
    question: Question
    policy: Policy | None = None
    """Of a run."""


@dataclass(frozen=True)
class Order:
    """Everything the process of one run is told. It opens no database."""

    run_id: str
    kind: str
    question: Question
    settings: Mapping[str, Any]
    policy: Policy | None = None
    """That the order is about, where it is about one."""
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a run found, or holds so far."""

    outcome: str
    """optimal, feasible, infeasible, nothing; where there is nothing to prove done, and partial of what is
    held on the way."""
    objective: float | None = None
    bound: float | None = None
    documents: Mapping[str, str] = field(default_factory=dict)
    """Name -> JSON."""
    tables: Mapping[str, tuple[bytes, int]] = field(default_factory=dict)
    """Name -> Parquet file and its rows."""


@dataclass(frozen=True)
class Listener:
    """Hears how far a run is, and what it holds already if it must stop."""

    tell: Callable[[str, float, str], None]
    keep: Callable[[Answer], None]


Work = Callable[[Order, Listener], Answer]

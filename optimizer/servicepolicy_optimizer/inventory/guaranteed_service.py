"""Quoted service times in a supply network: safety stock where it is cheapest (guaranteed-service model).

Sources: Simpson (1958); Graves & Willems (2000). Each stage promises a whole service time to those it
serves; it covers its net replenishment time SI + T - S with safety stock z sd sqrt(.). Small networks: every
combination is tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np


@dataclass(frozen=True)
class Network:
    """Stages by name, arcs from supplier to customer; times in whole periods."""

    holding_cost_per_piece_period: Mapping[str, float]
    processing_periods: Mapping[str, int]
    supplies: Sequence[tuple[str, str]]
    demand_sd_pieces: Mapping[str, float]
    """Deviation of a period's external demand at the stages that have it; a supplier sees the pooled
    deviation.
    """
    promised_to_customers_periods: Mapping[str, int]
    """Longest service time a stage with external demand may quote."""
    promised_by_suppliers_periods: Mapping[str, int] = field(default_factory=dict)
    """Service time of outside suppliers, 0 where not given."""


@dataclass(frozen=True)
class QuotedTimes:
    """The cheapest service times and their safety stock cost a period."""

    service_periods: dict[str, int]
    cost_per_period: float


def cheapest_service_times(network: Network, safety_factor: float) -> QuotedTimes:
    """Service times with the least sum of h z sd sqrt(SI + T - S), by trying all whole ones.

    >>> line = Network({"1": 7, "2": 4, "3": 2}, {"1": 1, "2": 0, "3": 1}, [("3", "2"), ("2", "1")],
    ...                {"1": 1.0}, {"1": 1}, {"3": 1})
    >>> best = cheapest_service_times(line, 1.0)
    >>> round(best.cost_per_period, 6), best.service_periods
    (2.828427, {'3': 0, '2': 0, '1': 1})
    """
    order = _suppliers_first(network)
    suppliers = {stage: [a for a, b in network.supplies if b == stage] for stage in order}
    sd = _pooled_sd(network, order)
    outside = network.promised_by_suppliers_periods
    longest = sum(network.processing_periods.values()) + max(outside.values(), default=0)
    allowed = [
        range(min(network.promised_to_customers_periods.get(stage, longest), longest) + 1) for stage in order
    ]
    best = QuotedTimes({}, np.inf)
    for quoted in product(*allowed):
        service = dict(zip(order, quoted, strict=True))
        cost = 0.0
        for stage in order:
            inbound = max((service[a] for a in suppliers[stage]), default=0)
            inbound = max(inbound, outside.get(stage, 0))
            net = inbound + network.processing_periods[stage] - service[stage]
            if net < 0:  # nobody may quote more than it takes
                cost = np.inf
                break
            held = safety_factor * sd[stage] * float(np.sqrt(net))
            cost += network.holding_cost_per_piece_period[stage] * held
        if cost < best.cost_per_period - 1e-12:
            best = QuotedTimes(service, cost)
    return best


def _suppliers_first(network: Network) -> list[str]:
    """The stages, each after all that supply it; a circle is refused."""
    order: list[str] = []
    waiting = sorted(network.holding_cost_per_piece_period)
    while waiting:
        ready = [s for s in waiting if all(a in order for a, b in network.supplies if b == s)]
        if not ready:
            raise ValueError(f"supplies: stages {', '.join(waiting)} supply each other in a circle; cut it")
        order += ready
        waiting = [s for s in waiting if s not in ready]
    return order


def _pooled_sd(network: Network, order: Sequence[str]) -> dict[str, float]:
    """Deviation of a period's demand each stage sees: external and its customers', independent."""
    variance = {stage: network.demand_sd_pieces.get(stage, 0.0) ** 2 for stage in order}
    for stage in reversed(order):
        for supplier, customer in network.supplies:
            if customer == stage:
                variance[supplier] += variance[stage]
    return {stage: float(np.sqrt(value)) for stage, value in variance.items()}

"""A depot and equal bases under base stock: METRIC, and the exact law of what a base waits for.

Sources: Sherbrooke (1968) (METRIC); Simon (1971), Graves (1985); Zipkin (2000), 8.3. METRIC replaces the
depot's delay by its mean, which is right for the mean of the pipeline and too low for base backorders when
the depot is lean.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from servicepolicy_optimizer.inventory.critical_level import binomially_thinned, poisson_probabilities
from servicepolicy_optimizer.inventory.empirical import EmpiricalDemand


class BaseService(NamedTuple):
    """One base: what it waits for and how it serves."""

    depot_backorders_pieces: float
    pipeline_mean_pieces: float
    pipeline_variance_pieces2: float
    base_backorders_pieces: float
    base_fill_rate: float


def metric(
    bases: int,
    base_demand_per_day: float,
    depot_lead_time_days: float,
    transport_days: float,
    depot_stock_pieces: int,
    base_stock_pieces: int,
) -> BaseService:
    """METRIC: pipeline Poisson with mean d (O + E[B0] / d0).

    >>> round(metric(2, 1.0, 3.0, 1.0, 5, 3).base_backorders_pieces, 6)
    0.147945
    """
    backlog = _depot_backlog(bases * base_demand_per_day * depot_lead_time_days, depot_stock_pieces)
    mean = base_demand_per_day * transport_days + backlog.mean_pieces / bases
    return _service(backlog, EmpiricalDemand.of_counts(poisson_probabilities(mean)), base_stock_pieces)


def exact_two_echelon(
    bases: int,
    base_demand_per_day: float,
    depot_lead_time_days: float,
    transport_days: float,
    depot_stock_pieces: int,
    base_stock_pieces: int,
) -> BaseService:
    """Exact: pipeline = Binomial(B0, 1 / bases) + Poisson(d O), first come, first served at the depot.

    >>> round(exact_two_echelon(2, 1.0, 3.0, 1.0, 5, 3).base_backorders_pieces, 6)
    0.212067
    """
    backlog = _depot_backlog(bases * base_demand_per_day * depot_lead_time_days, depot_stock_pieces)
    own = binomially_thinned(backlog.probability, 1 / bases)
    pipeline = np.convolve(own, poisson_probabilities(base_demand_per_day * transport_days))
    return _service(backlog, EmpiricalDemand.of_counts(pipeline), base_stock_pieces)


def _depot_backlog(depot_demand_pieces: float, depot_stock_pieces: int) -> EmpiricalDemand:
    """The law of the depot's backorders (D0 - S0)+."""
    demand = poisson_probabilities(depot_demand_pieces)
    backlog = demand[depot_stock_pieces:].copy() if depot_stock_pieces < demand.size else np.zeros(1)
    backlog[0] += 1 - backlog.sum()
    return EmpiricalDemand.of_counts(backlog)


def _service(backlog: EmpiricalDemand, pipeline: EmpiricalDemand, base_stock_pieces: int) -> BaseService:
    """Backorders and fill rate of a base that waits for `pipeline`."""
    return BaseService(
        backlog.mean_pieces,
        pipeline.mean_pieces,
        pipeline.sd_pieces**2,
        float(pipeline.loss(base_stock_pieces)),
        float(1 - pipeline.survival(base_stock_pieces - 1)),
    )

"""Oracles of loss functions."""

from typing import Any

import numpy as np

from servicepolicy_optimizer.inventory.demand import Demand, Family
from servicepolicy_optimizer.inventory.empirical import EmpiricalDemand
from servicepolicy_optimizer.inventory.loss import (
    binomial_loss,
    exponential_loss,
    geometric_loss,
    lognormal_loss,
    standard_normal_loss,
    standard_normal_second_loss,
    uniform_loss,
)

Inputs = dict[str, Any]
Outputs = dict[str, Any]


def loss_function(given: Inputs) -> Outputs:
    law = given["dist"]
    if law == "std_normal":
        z = np.asarray(given["z"], float)
        return {"loss": standard_normal_loss(z), "complementary": z + standard_normal_loss(z)}
    if law == "empirical":
        demand = EmpiricalDemand(np.asarray(given["support"], float), np.asarray(given["pmf"], float))
        short = demand.loss(given["x"])
        return {"loss": short, "complementary": np.asarray(given["x"]) - demand.mean_pieces + short}
    if law == "negative_binomial" and "mean" in given:
        x = np.asarray(given["x"], float)
        short = Demand(Family.NEGATIVE_BINOMIAL, given["mean"], given["sd"]).loss(x)
        return {"loss": short, "complementary": x - given["mean"] + short}
    x, *parameters = np.asarray(given["cases"], float).T
    return {"loss": _LOSS_OF[law](x, *parameters)}


def second_loss_function(given: Inputs) -> Outputs:
    return {"second_loss": standard_normal_second_loss(given["z"])}


def loss_function_table(given: Inputs) -> Outputs:
    return {"loss": standard_normal_loss(given["z"])}


def _normal(x, mean, sd):
    return Demand(Family.NORMAL, mean, sd).loss(x)


def _gamma(x, shape, scale):
    return Demand(Family.GAMMA, shape * scale, np.sqrt(shape) * scale).loss(x)


def _poisson(x, mean):
    return Demand(Family.POISSON, mean, 0.0).loss(x)


def _negative_binomial(x, r, p):
    mean = r * (1 - p) / p
    return Demand(Family.NEGATIVE_BINOMIAL, mean, np.sqrt(mean / p)).loss(x)


_LOSS_OF = {
    "lognormal": lognormal_loss,
    "exponential": exponential_loss,
    "uniform": uniform_loss,
    "continuous_uniform": uniform_loss,
    "geometric": geometric_loss,
    "binomial": binomial_loss,
    "normal": _normal,
    "gamma": _gamma,
    "poisson": _poisson,
    "negative_binomial": _negative_binomial,
}

KINDS = {
    "loss_function": loss_function,
    "loss_function_2nd": second_loss_function,
    "loss_function_table": loss_function_table,
}

"""Which inputs matter: elementary effects (Morris 1991) or shares of variance (Saltelli 2010), by re-solving.

The designs and their evaluation are SALib's, an optional library; it is imported here only, when it is asked
for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from servicepolicy_models.errors import ServicePolicyError, error
from servicepolicy_models.futures import ScaledInput
from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import Scenario
from servicepolicy_models.screening import InputEffect, Screening, ScreeningAsked, ScreeningMethod
from servicepolicy_optimizer.explain.asking import Reply, ask
from servicepolicy_optimizer.explain.memory import Memory
from servicepolicy_optimizer.explain.scaled_inputs import scaled
from servicepolicy_optimizer.facts import Facts, Floats
from servicepolicy_optimizer.question import Tell

LEVELS = 4
"""Grid levels of Morris, as he recommends."""


class ScreeningRejected(ServicePolicyError):
    """The inputs cannot be screened like this."""

    code = "screening.rejected"


@dataclass(frozen=True)
class _Design:
    """The points to solve, in blocks that are only good whole."""

    points: Floats
    """(blocks x size, D) factors."""
    size: int
    """Points of a block: D + 1 of a trajectory, D + 2 of a base point."""
    effects: Callable[[Floats, Floats], Mapping[str, Floats]]
    """(points, costs) -> effect, uncertainty, interaction and, of Morris, direction; (D,) each."""


def screen(
    scenario: Scenario, facts: Facts, asked: ScreeningAsked, tell: Tell, *, memory: Memory | None = None
) -> Screening:
    """Solve the scenario at every point of the design, and rank the inputs by what they do to the cost.

    Raises ScreeningRejected when SALib is not installed, when the cap leaves too few points, or when the
    scenario itself or nearly every point has no policy.
    """
    names, memory = tuple(asked.inputs), memory or Memory()
    design = DESIGN_OF[asked.method](asked, _samples(asked), scenario.limits.seed)
    base = ask(scenario, facts, memory)
    if base.objective is None:
        mend = "Mend the scenario first; `servicepolicy solve` says what contradicts what."
        raise ScreeningRejected([error("/", base.why, "screening.no_policy", mend)])
    replies = []
    for n, point in enumerate(design.points):
        tell("points", n / len(design.points), f"{n + 1} of {len(design.points)}")
        times = dict(zip(names, point.tolist(), strict=True))
        replies.append(_thin(ask(*scaled((scenario, facts), times), memory)))
    costs = np.array([np.nan if cost is None else cost for cost, _ in replies])
    whole = _whole(np.isnan(costs), design.size)
    if whole.sum() < 2 * design.size:
        what = f"At {int(np.isnan(costs).sum())} of {costs.size} points no policy keeps everything."
        mend = "Narrow the ranges, or give capacities, budgets and promises more room."
        raise ScreeningRejected([error("/inputs", what, "screening.no_policy_at_points", mend)])
    found = design.effects(design.points[whole], costs[whole])
    flips = _flips(design, [means for _, means in replies], names) if "direction" in found else {}
    return _screening(scenario, asked, base, costs, int(whole.sum()) // design.size, (found, flips))


def _thin(reply: Reply) -> tuple[float | None, frozenset[tuple[str, ...]]]:
    """What is remembered of a point: its cost and the means of its segments."""
    return reply.objective, _means(reply.policy)


def _means(policy: Policy | None) -> frozenset[tuple[str, ...]]:
    segments = policy.segments if policy else ()
    return frozenset(
        (
            one.customer_class, one.item_class, one.region, one.channel, one.process, one.mode,
            one.frequency, one.supply, one.deployment, one.stock_policy.value,
        )
        for one in segments
    )  # fmt: skip


def _samples(asked: ScreeningAsked) -> int:
    """As many as asked for, fewer where the cap on solves is reached; of Sobol a power of two."""
    each = len(asked.inputs) + (1 if asked.method is ScreeningMethod.MORRIS else 2)
    samples = min(asked.samples, asked.most_solves // each)
    if asked.method is ScreeningMethod.SOBOL and samples:
        samples = 2 ** int(np.log2(samples))
    if samples < 2:
        what = f"{asked.most_solves} solves are too few: {len(asked.inputs)} inputs need at least {2 * each}."
        mend = "Allow more solves, or screen fewer inputs."
        raise ScreeningRejected([error("/most_solves", what, "screening.too_few_solves", mend)])
    return samples


@contextmanager
def _salib_is_needed() -> Iterator[None]:
    """Where SALib is not installed, say how to install it."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] != "SALib":
            raise
        what = "SALib is not installed; screening needs it and nothing else does."
        mend = "Install the extra: pip install -e '.[screening]' in a checkout of the program."
        raise ScreeningRejected([error("/method", what, "screening.not_installed", mend)]) from None


def _problem(asked: ScreeningAsked) -> dict[str, Any]:
    ranges = asked.inputs.values()
    return {
        "num_vars": len(asked.inputs),
        "names": [name.value for name in asked.inputs],
        "bounds": [[one.low, one.high] for one in ranges],
    }


def _morris(asked: ScreeningAsked, samples: int, seed: int) -> _Design:
    with _salib_is_needed():
        from SALib.analyze import morris as analyzer
        from SALib.sample import morris as sampler
    problem = _problem(asked)

    def effects(points: Floats, costs: Floats) -> Mapping[str, Floats]:
        found = analyzer.analyze(problem, points, costs, num_levels=LEVELS, seed=seed)
        return {
            "effect": np.asarray(found["mu_star"]),
            "uncertainty": np.asarray(found["mu_star_conf"]),
            "interaction": np.asarray(found["sigma"]),
            "direction": np.asarray(found["mu"]),
        }

    points = np.asarray(sampler.sample(problem, samples, num_levels=LEVELS, seed=seed))
    return _Design(points, len(asked.inputs) + 1, effects)


def _sobol(asked: ScreeningAsked, samples: int, seed: int) -> _Design:
    with _salib_is_needed():
        from SALib.analyze import sobol as analyzer
        from SALib.sample import sobol as sampler
    problem = _problem(asked)

    def effects(points: Floats, costs: Floats) -> Mapping[str, Floats]:
        if np.ptp(costs) == 0.0:
            nothing = np.zeros(len(asked.inputs))
            return {"effect": nothing, "uncertainty": nothing, "interaction": nothing}
        found = analyzer.analyze(problem, costs, calc_second_order=False, seed=seed)
        total, first = np.asarray(found["ST"]), np.asarray(found["S1"])
        return {"effect": total, "uncertainty": np.asarray(found["ST_conf"]), "interaction": total - first}

    points = np.asarray(sampler.sample(problem, samples, calc_second_order=False, seed=seed))
    return _Design(points, len(asked.inputs) + 2, effects)


DESIGN_OF: Mapping[ScreeningMethod, Callable[[ScreeningAsked, int, int], _Design]] = {
    ScreeningMethod.MORRIS: _morris,
    ScreeningMethod.SOBOL: _sobol,
}


def _whole(missing: np.ndarray, size: int) -> np.ndarray:
    """(points,) True for the points of blocks in which no point is missing."""
    return np.repeat(~missing.reshape(-1, size).any(axis=1), size)


def _flips(
    design: _Design, means: Sequence[frozenset[tuple[str, ...]]], names: Sequence[ScaledInput]
) -> Mapping[ScaledInput, float]:
    """Of each input's steps along the trajectories, the share after which some segment had other means."""
    steps: dict[ScaledInput, list[bool]] = {name: [] for name in names}
    for n in range(len(means) - 1):
        if (n + 1) % design.size and means[n] and means[n + 1]:
            moved = int(np.argmax(np.abs(design.points[n + 1] - design.points[n])))
            steps[names[moved]].append(means[n] != means[n + 1])
    return {name: float(np.mean(seen)) for name, seen in steps.items() if seen}


def _screening(
    scenario: Scenario,
    asked: ScreeningAsked,
    base: Reply,
    costs: Floats,
    samples: int,
    results: tuple[Mapping[str, Floats], Mapping[ScaledInput, float]],
) -> Screening:
    found, flips = results
    effects = [
        InputEffect(
            name=name,
            low=limits.low,
            high=limits.high,
            effect=float(found["effect"][n]),
            uncertainty=float(np.nan_to_num(found["uncertainty"][n])),
            direction=float(found["direction"][n]) if "direction" in found else None,
            interaction=float(found["interaction"][n]),
            flips_policy=flips.get(name),
            sentence=_sentence(name, {key: float(one[n]) for key, one in found.items()}, scenario.currency),
        )
        for n, (name, limits) in enumerate(asked.inputs.items())
    ]
    effects.sort(key=lambda one: -one.effect)
    first = ", ".join(WORDS[one.name] for one in effects[:3] if one.effect > 0)
    missing = int(np.isnan(costs).sum())
    return Screening(
        scenario=scenario.name,
        currency=scenario.currency,
        method=asked.method,
        cost=base.objective or 0.0,
        lowest_cost=float(np.nanmin(costs)),
        highest_cost=float(np.nanmax(costs)),
        samples=samples,
        solves=costs.size,
        without_policy=missing,
        inputs=tuple(effects),
        findings=tuple(_findings(asked, samples, missing, costs.size)),
        sentence=(
            f"What matters most: {first}. Over all {costs.size} points the cost goes from "
            f"{np.nanmin(costs):,.0f} to {np.nanmax(costs):,.0f} {scenario.currency} a year."
            if first
            else "None of these inputs moves the cost."
        ),
    )


def _findings(asked: ScreeningAsked, samples: int, missing: int, points: int) -> Iterator[str]:
    if samples < asked.samples:
        yield f"{samples} samples were taken, not {asked.samples}: the cap on solves and the missing points."
    if missing:
        yield f"At {missing} of {points} points no policy keeps everything; their samples were left out."


WORDS = {
    ScaledInput.DEMAND: "demand",
    ScaledInput.UNIT_COST: "unit cost",
    ScaledInput.FREIGHT: "freight rates",
    ScaledInput.INBOUND: "inbound cost",
    ScaledInput.ORDER_HANDLING: "order handling",
    ScaledInput.WAREHOUSING: "warehousing rates",
    ScaledInput.ORDERING_COST: "ordering cost",
    ScaledInput.CARRYING_RATE: "carrying rate",
    ScaledInput.SHORTAGE_COST: "cost of pieces short",
    ScaledInput.LEAD_TIME: "lead times",
    ScaledInput.LEAD_TIME_DEVIATION: "deviation of lead times",
    ScaledInput.RESPONSE_TIME: "response times",
    ScaledInput.FIXED_COST: "fixed costs",
}


def _sentence(name: ScaledInput, found: Mapping[str, float], currency: str) -> str:
    word = WORDS[name].capitalize()
    if found["effect"] <= 0.0:
        return f"{word}: no effect on the cost."
    if "direction" not in found:
        return f"{word}: takes part in {100 * found['effect']:.1f} % of the variance of the cost."
    through = f"{word}: through its range the cost moves by {found['effect']:,.0f} {currency} a year"
    if found["interaction"] > found["effect"]:
        return f"{through}, much more or less depending on the other inputs."
    return f"{through}{', upwards' if found['direction'] > 0 else ', downwards'}."

"""What a frontier trades: how segments count, what is lifted for it, and how much of it a policy has."""

from collections.abc import Mapping

from servicepolicy_models.errors import QuestionRejected, error
from servicepolicy_models.findings import Finding
from servicepolicy_models.frontier import Against, FrontierQuestion, WeightBy
from servicepolicy_models.policy import Policy
from servicepolicy_models.scenario import FillRateBasis, Scenario
from servicepolicy_optimizer.choices import Segment
from servicepolicy_optimizer.explain.reached import co2e_kg, paths_of, planned_fill_rates, stock_value
from servicepolicy_optimizer.explain.warm import Exact
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.segments import segments, total

UNIT = {
    Against.FILL_RATE: "share",
    Against.OTIF: "share",
    Against.RESPONSE: "h",
    Against.CO2E: "kg a year",
}
"""What is traded -> its unit; inventory is in the scenario's currency."""

LIFTED: Mapping[Against, tuple[str, ...]] = {
    Against.FILL_RATE: ("fill_rate", "cycle_service_level", "otif"),
    Against.OTIF: ("fill_rate", "cycle_service_level", "otif"),
    Against.RESPONSE: ("response_hours",),
    Against.INVENTORY: (),
    Against.CO2E: (),
}
"""What is traded -> the promises that are lifted for it."""

MORE_IS_BETTER = (Against.FILL_RATE, Against.OTIF)


def shares(scenario: Scenario, facts: Facts, asked: FrontierQuestion) -> dict[Segment, float]:
    """Segment with demand -> how much it counts; they add up to 1.

    Raises QuestionRejected for weights of segments that are not there, and for those that add up to nothing.
    """
    _check(scenario, asked)
    yearly = {
        WeightBy.PIECES: facts.segments.pieces_per_year,
        WeightBy.LINES: facts.segments.lines_per_year,
        WeightBy.REVENUE: facts.segments.revenue_per_year,
    }.get(asked.weight_by)
    counted: dict[Segment, float] = {}
    for s in segments(scenario, facts):
        if total(facts.segments.pieces_per_year, facts, s) > 0:
            counted[s] = 1.0 if yearly is None else total(yearly, facts, s)
            for one in asked.weights:
                address = (one.customer_class, one.item_class, one.region)
                if all(a in ("*", b) for a, b in zip(address, s, strict=True)):
                    counted[s] = one.weight
    everything = sum(counted.values())
    if everything <= 0:
        what = "The weights of the segments that order anything add up to nothing."
        raise QuestionRejected(
            [error("/weights", what, "question.no_weight", "Give at least one of them a weight above zero.")]
        )
    return {s: weight / everything for s, weight in counted.items()}


def _check(scenario: Scenario, asked: FrontierQuestion) -> None:
    sides = scenario.segmentation
    known = {
        "customer_class": sides.customers.classes,
        "item_class": sides.items.classes,
        "region": tuple(region.name for region in sides.regions),
    }
    findings: list[Finding] = [
        error(f"/weights/{number}/{part}", f"{getattr(one, part)!r} is not in the scenario.",
              "question.unknown_name", f"Known are: {', '.join(names)}.")
        for number, one in enumerate(asked.weights)
        for part, names in known.items()
        if getattr(one, part) not in ("*", *names)
    ]  # fmt: skip
    if asked.at_least is not None and asked.at_most is not None and asked.at_least >= asked.at_most:
        what = f"The range begins at {asked.at_least:g} and ends at {asked.at_most:g}."
        findings.append(error("/at_most", what, "question.empty_range", "Let it end above its beginning."))
    if findings:
        raise QuestionRejected(findings)


def lifted(scenario: Scenario, asked: FrontierQuestion) -> Scenario:
    """The scenario without the promises that are traded, unless they shall be kept."""
    fields = LIFTED[asked.against]
    if asked.keep_promises or not fields:
        return scenario
    free = tuple(target.model_copy(update=dict.fromkeys(fields)) for target in scenario.targets)
    return scenario.model_copy(update={"targets": free})


def reached(exact: Exact, asked: FrontierQuestion, share: Mapping[Segment, float]) -> float:
    """How much a solution has of what is traded."""
    if asked.against is Against.INVENTORY:
        return stock_value(exact)
    if asked.against is Against.CO2E:
        return co2e_kg(exact)
    paths = paths_of(exact)
    if asked.against is Against.RESPONSE:
        return sum(weight * paths[s].promised_response_hours for s, weight in share.items())
    fill = planned_fill_rates(exact)
    if asked.against is Against.FILL_RATE:
        return sum(weight * fill[s] for s, weight in share.items())
    return sum(weight * fill[s] * paths[s].on_time_probability for s, weight in share.items())


def reached_by(policy: Policy, asked: FrontierQuestion, share: Mapping[Segment, float]) -> float:
    """How much a finished policy has of it."""
    if asked.against is Against.INVENTORY:
        return 0.0 if policy.stock_value is None else policy.stock_value.total
    if asked.against is Against.CO2E:
        return policy.co2e_kg_per_year or 0.0
    service = 0.0
    for one in policy.segments:
        weight = share.get((one.customer_class, one.item_class, one.region), 0.0)
        of_items = policy.fill_rate_basis == FillRateBasis.EVERY_ITEM
        fill = one.least_item_fill_rate if of_items else one.planned_fill_rate
        service += (
            weight
            * {
                Against.FILL_RATE: fill,
                Against.OTIF: fill * one.on_time_probability,
                Against.RESPONSE: one.promised_response_hours,
            }[asked.against]
        )
    return service

"""Stocking options of each item class: supply option x deployment x stock policy, as far as the rules
allow.
"""

from collections.abc import Mapping

from servicepolicy_models.errors import ScenarioRejected, error
from servicepolicy_models.means import Deployment, StockPolicy, SupplyOption
from servicepolicy_models.rules import Choice
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.choices import Shelf, StockingOption
from servicepolicy_optimizer.facts import Facts


def stocking_options(scenario: Scenario) -> Mapping[str, tuple[StockingOption, ...]]:
    """Item class -> its stocking options, in the scenario's order.

    Raises ScenarioRejected when the rules leave an item class none.
    """
    item_classes = scenario.segmentation.items.classes
    options = {item_class: options_of(scenario, item_class) for item_class in item_classes}
    findings = [
        error(
            "/rules",
            f"item class {item_class!r} is left without a stocking option.",
            "rules.no_stocking_option",
            "Allow it at least one supply option, one deployment and one stock policy.",
        )
        for item_class, left in options.items()
        if not left
    ]
    if findings:
        raise ScenarioRejected(findings)
    return options


def location_of(deployment: Deployment, region: str) -> str:
    """The location that serves a region under a deployment."""
    return deployment.serves.get(region) or deployment.serves["*"]


def options_of(scenario: Scenario, item_class: str) -> tuple[StockingOption, ...]:
    """The stocking options of an item class, in the scenario's order; none where the rules leave none."""
    return tuple(
        StockingOption(
            item_class, supply.name, deployment.name, policy, _shelves(scenario, deployment, policy)
        )
        for supply in scenario.supply
        if supply.item_classes is None or item_class in supply.item_classes
        for deployment in scenario.deployments
        if deployment.item_classes is None or item_class in deployment.item_classes
        for policy in _distinct_policies(scenario, item_class, supply, deployment)
    )


def _distinct_policies(
    scenario: Scenario, item_class: str, supply: SupplyOption, deployment: Deployment
) -> tuple[StockPolicy, ...]:
    """The stock policies that the rules allow. With a single customer class all are the pooled one: the first
    allowed stands for all.
    """
    allowed = tuple(
        policy
        for policy in dict.fromkeys(scenario.stock_policies)
        if _allowed(scenario, item_class, supply, deployment, policy)
    )
    return allowed if len(scenario.segmentation.customers.classes) > 1 else allowed[:1]


def _shelves(scenario: Scenario, deployment: Deployment, policy: StockPolicy) -> tuple[Shelf, ...]:
    regions_at: dict[str, list[str]] = {}
    for region in scenario.segmentation.regions:
        regions_at.setdefault(location_of(deployment, region.name), []).append(region.name)
    classes = scenario.segmentation.customers.classes if policy is StockPolicy.SEPARATE else (None,)
    return tuple(
        Shelf(location, customer_class, tuple(regions))
        for location, regions in regions_at.items()
        for customer_class in classes
    )


def _allowed(
    scenario: Scenario, item_class: str, supply: SupplyOption, deployment: Deployment, policy: StockPolicy
) -> bool:
    chosen = {"supply": supply.name, "deployment": deployment.name, "stock_policy": policy}
    for rule in scenario.rules.fixed:
        asked = _stocking_part(rule, item_class)
        if any(chosen[field] != value for field, value in asked.items()):
            return False
    for rule in scenario.rules.forbidden:
        asked = {} if _names_a_path(rule) else _stocking_part(rule, item_class)
        if asked and all(chosen[field] == value for field, value in asked.items()):
            return False
    return True


def _names_a_path(rule: Choice) -> bool:
    """A forbidden combination of a path with a deployment is kept by the paths: the deployment itself is
    free.
    """
    return any(field is not None for field in (rule.channel, rule.process, rule.mode, rule.frequency))


def _stocking_part(rule: Choice, item_class: str) -> dict[str, str]:
    """The stocking fields that a rule sets for an item class; empty where it does not apply."""
    if rule.item_class not in ("*", item_class):
        return {}
    fields = {"supply": rule.supply, "deployment": rule.deployment, "stock_policy": rule.stock_policy}
    return {name: value for name, value in fields.items() if value is not None}


def option_facilities(
    options: Mapping[str, tuple[StockingOption, ...]], facts: Facts
) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """(item class, option name) -> what it needs open, where anybody orders: `supply:Asia`,
    `location:Leeds`.
    """
    ordered = (facts.segments.lines_per_year + facts.segments.pieces_per_year).sum(axis=0) > 0
    needs: dict[tuple[str, str], tuple[str, ...]] = {}
    for j, item_class in enumerate(facts.item_classes):
        regions = {region for region, some in zip(facts.regions, ordered[j], strict=True) if some}
        for option in options[item_class]:
            open_at = {shelf.location for shelf in option.shelves if regions & set(shelf.regions)}
            supply = (f"supply:{option.supply}",) if regions else ()
            needs[item_class, option.name] = (*supply, *sorted(f"location:{at}" for at in open_at))
    return needs

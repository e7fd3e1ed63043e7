"""Whether a scenario agrees with itself: names exist, means reach the market, promises can be made."""

from collections.abc import Callable, Iterator

from servicepolicy_models.consistency.assumed import assumptions_point_at_something
from servicepolicy_models.consistency.choices import (
    choices_name_means,
    fixed_and_forbidden_agree,
    fixed_means_are_available,
    one_channel_is_possible,
)
from servicepolicy_models.consistency.inline import inline_demand_is_possible
from servicepolicy_models.consistency.known import all_names_known, names_are_known
from servicepolicy_models.consistency.lines import order_lines_can_be_read
from servicepolicy_models.consistency.money import budgets_leave_something, quantity_breaks_rise
from servicepolicy_models.consistency.network import (
    deployments_serve_every_region,
    every_region_is_reached,
    item_classes_can_be_stocked,
    nothing_is_idle,
    rates_cover_every_weight,
    segments_can_be_served,
)
from servicepolicy_models.consistency.promises import (
    collected_shipping_is_agreed,
    compared_promises_are_fill_rates,
    cycle_service_needs_every_item,
    shelves_can_be_shared,
    stock_promises_are_of_one_kind,
    targets_are_on_the_ladder,
)
from servicepolicy_models.consistency.stock_laws import (
    demand_laws_have_sizes,
    lost_sales_can_be_reckoned,
)
from servicepolicy_models.consistency.unique import names_are_free, names_are_unique
from servicepolicy_models.errors import ScenarioRejected
from servicepolicy_models.findings import Finding, Severity
from servicepolicy_models.scenario import Scenario

RULES: tuple[Callable[[Scenario], Iterator[Finding]], ...] = (
    names_are_unique,
    names_are_free,
    names_are_known,
    order_lines_can_be_read,
    inline_demand_is_possible,
    cycle_service_needs_every_item,
    stock_promises_are_of_one_kind,
    compared_promises_are_fill_rates,
    targets_are_on_the_ladder,
    collected_shipping_is_agreed,
    shelves_can_be_shared,
    item_classes_can_be_stocked,
    deployments_serve_every_region,
    every_region_is_reached,
    segments_can_be_served,
    rates_cover_every_weight,
    nothing_is_idle,
    choices_name_means,
    fixed_and_forbidden_agree,
    fixed_means_are_available,
    one_channel_is_possible,
    budgets_leave_something,
    quantity_breaks_rise,
    lost_sales_can_be_reckoned,
    demand_laws_have_sizes,
    assumptions_point_at_something,
)


def check(scenario: Scenario) -> tuple[Finding, ...]:
    """Return every finding of every rule about how the parts of a scenario fit together."""
    return tuple(finding for rule in RULES for finding in rule(scenario))


def is_sound(scenario: Scenario) -> bool:
    """Whether no rule finds anything; asked no further than the first finding, and for no suggestion."""
    others = (rule for rule in RULES if rule is not names_are_known)
    return all_names_known(scenario) and not any(True for rule in others for _ in rule(scenario))


def require(scenario: Scenario) -> tuple[Finding, ...]:
    """Return warnings and notes; raise ScenarioRejected with all findings when one of them is an error."""
    findings = check(scenario)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise ScenarioRejected(findings)
    return findings

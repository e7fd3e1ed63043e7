"""Promises that can be made: on the ladder, of a kind the basis can keep, by shipping that was agreed."""

from collections.abc import Iterator

from servicepolicy_models.errors import error, note
from servicepolicy_models.findings import Finding
from servicepolicy_models.means import StockPolicy
from servicepolicy_models.scenario import FillRateBasis, Scenario


def cycle_service_needs_every_item(scenario: Scenario) -> Iterator[Finding]:
    """A cycle service level is converted item by item, so the promise must hold for every item."""
    if scenario.fill_rate_basis is FillRateBasis.EVERY_ITEM:
        return
    for position, target in enumerate(scenario.targets):
        if target.cycle_service_level is not None:
            where = f"/targets/{position}/cycle_service_level"
            what = "A cycle service level says nothing about the pieces of a segment together."
            mend = 'Set fill_rate_basis to "every_item", or give a fill_rate.'
            yield error(where, what, "target.cycle_service_basis", mend)


def compared_promises_are_fill_rates(scenario: Scenario) -> Iterator[Finding]:
    """Rules that count promises, or compare those of two segments, speak of fill rates."""
    rules = scenario.rules
    ordered = rules.better_customer_never_served_worse or rules.better_item_never_served_worse
    if rules.distinct_promises_at_most is None and not ordered:
        return
    for position, target in enumerate(scenario.targets):
        if target.cycle_service_level is not None:
            where = f"/targets/{position}/cycle_service_level"
            what = "A rule counts or compares promises, and a cycle service level compares with no fill rate."
            mend = "Give a fill_rate, or leave the rule out of /rules."
            yield error(where, what, "target.cycle_service_compared", mend)


def targets_are_on_the_ladder(scenario: Scenario) -> Iterator[Finding]:
    """The promise ladder reaches every target: a fill rate at or above it, a response time at or below it."""
    highest = scenario.promise_ladder.fill_rates[-1]
    fastest = scenario.promise_ladder.response_hours[0]
    for position, target in enumerate(scenario.targets):
        where = f"/targets/{position}"
        if target.fill_rate is not None and target.fill_rate > highest:
            what = f"No promise is as high as {target.fill_rate:g}; the highest is {highest:g}."
            mend = "Add a higher rung to /promise_ladder/fill_rates, or ask for less."
            yield error(f"{where}/fill_rate", what, "target.above_ladder", mend)
        if target.response_hours is not None and target.response_hours < fastest:
            what = f"No promise is as fast as {target.response_hours:g} hours; the fastest is {fastest:g}."
            mend = "Add a faster rung to /promise_ladder/response_hours, or allow more time."
            yield error(f"{where}/response_hours", what, "target.below_ladder", mend)


def collected_shipping_is_agreed(scenario: Scenario) -> Iterator[Finding]:
    """Where consolidation is refused, some frequency lets each order leave at once."""
    if any(frequency.shipments_per_week is None for frequency in scenario.frequencies):
        return
    for position, terms in enumerate(scenario.terms):
        if terms.consolidation is False:
            what = "Every order leaves alone, but every frequency collects orders."
            mend = "Add a frequency without shipments_per_week, or allow consolidation."
            yield error(f"/terms/{position}/consolidation", what, "frequency.none_at_once", mend)


def shelves_can_be_shared(scenario: Scenario) -> Iterator[Finding]:
    """With a single customer class there is nobody to separate or to keep stock from."""
    if len(scenario.segmentation.customers.classes) > 1:
        return
    same = [policy.value for policy in scenario.stock_policies if policy is not StockPolicy.POOLED]
    if same:
        what = f"With one customer class {' and '.join(same)} give the same as pooled."
        yield note("/stock_policies", what, "stock_policy.single_class", len(same))

"""Promises that can be made: on the ladder, of a kind the basis can keep, by shipping that was agreed."""

from collections.abc import Iterator
from itertools import product

from servicepolicy_models.consistency.names import ANY
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


def stock_promises_are_of_one_kind(scenario: Scenario) -> Iterator[Finding]:
    """The regions of a customer class and an item class are promised cycle service, or a fill rate, all
    alike: one shelf may serve several of them.
    """
    if all(target.cycle_service_level is None for target in scenario.targets):
        return
    told = set[int]()
    for (customer_class, item_class), last in _last_words(scenario).items():
        kinds = {scenario.targets[position].cycle_service_level is None for position in last.values()}
        if len(kinds) > 1 and (position := max(last.values())) not in told:
            told.add(position)
            by_pieces = scenario.targets[position].cycle_service_level is None
            name = "fill_rate" if by_pieces else "cycle_service_level"
            what = (
                f"{customer_class}/{item_class} is promised cycle service in one region "
                "and a fill rate in another: the two do not compare."
            )
            mend = "Promise one of them in all regions, or make the regions customer classes of their own."
            yield error(f"/targets/{position}/{name}", what, "target.stock_promises_mixed", mend)


def _last_words(scenario: Scenario) -> dict[tuple[str, str], dict[str, int]]:
    """Customer class and item class -> region -> the last target that promises it stock."""
    customers, items = scenario.segmentation.customers.classes, scenario.segmentation.items.classes
    regions = tuple(region.name for region in scenario.segmentation.regions)
    found: dict[tuple[str, str], dict[str, int]] = {}
    for position, target in enumerate(scenario.targets):
        if target.fill_rate is None and target.cycle_service_level is None:
            continue
        for cell in product(
            _spoken_of(target.customer_class, customers), _spoken_of(target.item_class, items)
        ):
            found.setdefault(cell, {}).update(dict.fromkeys(_spoken_of(target.region, regions), position))
    return found


def _spoken_of(name: str, all_names: tuple[str, ...]) -> tuple[str, ...]:
    return all_names if name == ANY else (name,)


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

"""The Policy judged again: its decisions kept, every figure computed anew from the scenario and the demand
facts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from servicepolicy_models.cost import Cost
from servicepolicy_models.policy import ItemClassPolicy, Policy, SegmentPolicy, SegmentTerms, StockValue, Use
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audit.class_account import (
    ClassAccount,
    SegmentStock,
    added,
    class_account,
    segment_stock,
)
from servicepolicy_optimizer.audit.matrix import Segment
from servicepolicy_optimizer.audit.openings import fixed_cost_by_segment
from servicepolicy_optimizer.audit.promised_fill import promised_fill_rates
from servicepolicy_optimizer.audit.segment_account import SegmentAccount, segment_account
from servicepolicy_optimizer.audit.shelf import Deliver, delivery, shelves_of
from servicepolicy_optimizer.audit.stock_cost import stock_account
from servicepolicy_optimizer.audit.uses import uses_of_budgets, uses_of_capacities
from servicepolicy_optimizer.facts import Facts


@dataclass(frozen=True)
class Accounts:
    """Everything recomputed, by subject."""

    segments: tuple[SegmentAccount, ...]
    """In the order of the policy's segments."""
    classes: Mapping[str, ClassAccount]
    stock: Mapping[Segment, SegmentStock]
    fixed_cost: Mapping[Segment, Cost]
    promised_fill_rate: Mapping[Segment, float]

    @property
    def co2e_kg_per_year(self) -> float:
        """Inbound and outbound."""
        inbound = sum(one.co2e_kg_per_year for one in self.classes.values())
        return inbound + sum(one.co2e_kg_per_year for one in self.segments)

    def cost_of(self, account: SegmentAccount) -> Cost:
        """The segment's path, its part of its class's stock, its part of the fixed costs."""
        return account.cost + self.stock[account.segment].cost + self.fixed_cost[account.segment]


def accounts_of(scenario: Scenario, facts: Facts, policy: Policy, deliver: Deliver = delivery) -> Accounts:
    """Recompute a policy whose names and rows were checked (`reading.py`)."""
    segments = tuple(segment_account(scenario, facts, claimed) for claimed in policy.segments)
    shelves = [
        stock_account(scenario, facts, shelf, deliver) for shelf in shelves_of(scenario, facts, policy)
    ]
    classes = {
        option.item_class: class_account(
            facts, [one for one in shelves if one.shelf.item_class == option.item_class]
        )
        for option in policy.item_classes
    }
    siblings = {name: sum(one.segment[1] == name for one in segments) for name in classes}
    stock = {
        one.segment: segment_stock(facts, classes[one.segment[1]], one.segment, siblings[one.segment[1]])
        for one in segments
    }
    options = {option.item_class: option for option in policy.item_classes}
    claimed = {
        account.segment: row.promised_fill_rate
        for account, row in zip(segments, policy.segments, strict=True)
    }
    return Accounts(
        segments=segments,
        classes=classes,
        stock=stock,
        fixed_cost=fixed_cost_by_segment(scenario, segments, options),
        promised_fill_rate=promised_fill_rates(scenario, segments, stock, claimed),
    )


def policy_again(scenario: Scenario, facts: Facts, claimed: Policy, found: Accounts) -> Policy:
    """The same decisions with recomputed figures; items are compared by themselves (`item_claims.py`)."""
    options = {option.item_class: option for option in claimed.item_classes}
    segments = tuple(
        _segment_again(found, account, row, options[row.item_class])
        for account, row in zip(found.segments, claimed.segments, strict=True)
    )
    pieces = sum(row.pieces_per_year for row in segments)
    short = sum(row.pieces_short_per_year for row in segments)
    cost, stock_value = _total(segments), added(account.stock_value for account in found.classes.values())
    return Policy(
        scenario=scenario.name,
        currency=scenario.currency,
        days_per_year=scenario.days_per_year,
        fill_rate_definition=scenario.fill_rate_definition,
        fill_rate_basis=scenario.fill_rate_basis.value,
        proof=claimed.proof,
        cost=cost,
        stock_value=stock_value,
        co2e_kg_per_year=found.co2e_kg_per_year,
        fill_rate=1.0 - short / pieces if pieces > 0 else 1.0,
        segments=segments,
        item_classes=tuple(
            _class_again(found.classes[option.item_class], option) for option in claimed.item_classes
        ),
        uses=_uses_again(scenario, found, cost, stock_value),
    )


def _segment_again(
    found: Accounts, account: SegmentAccount, claimed: SegmentPolicy, option: ItemClassPolicy
) -> SegmentPolicy:
    stock, asked, cycle = found.stock[account.segment], account.asked, account.asked.cycle_service_level
    return SegmentPolicy(
        customer_class=account.segment[0],
        item_class=account.segment[1],
        region=account.segment[2],
        target_fill_rate=asked.fill_rate or 0.0,
        target_response_hours=asked.response_hours,
        promised_fill_rate=found.promised_fill_rate[account.segment],
        planned_fill_rate=stock.fill_rate,
        least_item_fill_rate=stock.least_fill_rate,
        target_cycle_service_level=cycle,
        least_cycle_service_level=None if cycle is None else stock.least_cycle_service_level,
        promised_response_hours=account.promised_hours,
        on_time_probability=account.on_time_probability,
        mean_response_hours=account.response.mean_hours,
        otif=stock.fill_rate * account.on_time_probability,
        channel=claimed.channel,
        process=claimed.process,
        mode=claimed.mode,
        frequency=claimed.frequency,
        supply=option.supply,
        deployment=option.deployment,
        stock_policy=option.stock_policy,
        orders_per_year=sum(one.orders_per_year for one in account.activities),
        lines_per_year=account.lines_per_year,
        pieces_per_year=account.pieces_per_year,
        revenue_per_year=sum(one.revenue_per_year for one in account.activities),
        pieces_short_per_year=stock.pieces_short_per_year,
        marginal_cost_of_one_point=claimed.marginal_cost_of_one_point,
        terms=_terms_again(account),
        cost=found.cost_of(account),
    )


def _terms_again(account: SegmentAccount) -> SegmentTerms:
    terms = account.terms
    return SegmentTerms(
        returns_share_of_lines=terms.returns_share_of_lines or 0.0,
        value_added_cost_per_line=terms.value_added_cost_per_line or 0.0,
        minimum_order_value=terms.minimum_order_value or 0.0,
        small_order_surcharge=terms.small_order_surcharge or 0.0,
        consolidation=terms.consolidation is not False,
    )


def _class_again(account: ClassAccount, claimed: ItemClassPolicy) -> ItemClassPolicy:
    return ItemClassPolicy(
        item_class=claimed.item_class,
        supply=claimed.supply,
        deployment=claimed.deployment,
        stock_policy=claimed.stock_policy,
        items=account.items,
        stock_value=account.stock_value,
        storage_m3=account.storage_m3,
        replenishment_orders_per_year=account.replenishment_orders_per_year,
        cost=account.cost,
    )


def _uses_again(scenario: Scenario, found: Accounts, cost: Cost, stock_value: StockValue) -> tuple[Use, ...]:
    """Capacities that have a limit or are used, and all budgets."""
    capacities = uses_of_capacities(scenario, found.segments, found.classes)
    return (
        *(use for use in capacities if use.limit is not None or use.used > 0),
        *uses_of_budgets(scenario, cost, stock_value, found.co2e_kg_per_year),
    )


def _total(segments: Sequence[SegmentPolicy]) -> Cost:
    return sum((row.cost for row in segments), Cost())

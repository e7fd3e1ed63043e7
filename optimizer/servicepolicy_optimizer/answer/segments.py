"""The segments: what each is promised, by which means, at what cost."""

from dataclasses import dataclass

from servicepolicy_models.cost import Cost
from servicepolicy_models.policy import SegmentPolicy, SegmentTerms
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.answer.fixed_cost import fixed_cost_by_segment
from servicepolicy_optimizer.answer.promises import promised_fill_rates
from servicepolicy_optimizer.answer.segment_service import SegmentService, segment_service
from servicepolicy_optimizer.answer.stock import Stock
from servicepolicy_optimizer.answer.terms import carried
from servicepolicy_optimizer.choices import Choices, Segment, ServicePath
from servicepolicy_optimizer.decided import Decided
from servicepolicy_optimizer.facts import Facts
from servicepolicy_optimizer.segments import total
from servicepolicy_optimizer.targets import resolve_terms


@dataclass(frozen=True)
class SegmentAccount:
    """What is known of a segment before it is told."""

    service: SegmentService
    promised_fill_rate: float
    terms: SegmentTerms
    cost: Cost


def segment_policies(
    scenario: Scenario, facts: Facts, choices: Choices, stock: Stock, decided: Decided
) -> tuple[SegmentPolicy, ...]:
    """One row per segment, in the order of the scenario's classes."""
    service = {segment: segment_service(facts, stock, segment) for segment in decided.paths}
    promised = promised_fill_rates(scenario, choices.targets, service, decided.promises)
    fixed = fixed_cost_by_segment(choices, decided)
    terms = resolve_terms(scenario, facts)
    accounts = {
        segment: SegmentAccount(
            service[segment],
            promised[segment],
            carried(terms[segment]),
            _path_cost(path)
            + _stock_share(scenario, choices, stock, segment, service[segment])
            + fixed[segment],
        )
        for segment, path in decided.paths.items()
    }
    return tuple(_row(facts, choices, decided, segment, account) for segment, account in accounts.items())


def _row(
    facts: Facts, choices: Choices, decided: Decided, segment: Segment, account: SegmentAccount
) -> SegmentPolicy:
    service = account.service
    target, path, option = choices.targets[segment], decided.paths[segment], decided.options[segment[1]]
    cycle = target.cycle_service_level
    price = decided.price_per_piece_short.get(segment)
    return SegmentPolicy(
        customer_class=segment[0],
        item_class=segment[1],
        region=segment[2],
        target_fill_rate=0.0 if cycle is not None else target.fill_rate,
        target_cycle_service_level=cycle,
        target_response_hours=target.response_hours,
        promised_fill_rate=account.promised_fill_rate,
        planned_fill_rate=service.fill_rate,
        least_item_fill_rate=service.least_item_fill_rate,
        least_cycle_service_level=service.least_cycle_service_level if cycle is not None else None,
        promised_response_hours=path.promised_response_hours,
        on_time_probability=path.on_time_probability,
        mean_response_hours=path.mean_response_hours,
        otif=service.fill_rate * path.on_time_probability,
        channel=path.channel,
        process=path.process,
        mode=path.mode,
        frequency=path.frequency,
        supply=option.supply,
        deployment=option.deployment,
        stock_policy=option.stock_policy,
        orders_per_year=total(facts.segments.orders_per_year, facts, segment),
        lines_per_year=target.lines_per_year,
        pieces_per_year=target.pieces_per_year,
        revenue_per_year=total(facts.segments.revenue_per_year, facts, segment),
        pieces_short_per_year=service.pieces_short,
        marginal_cost_of_one_point=None if price is None else price * 0.01 * target.pieces_per_year,
        terms=account.terms,
        cost=account.cost,
    )


def _path_cost(path: ServicePath) -> Cost:
    return Cost(
        response=path.response_cost,
        transport=path.transport_cost,
        warehousing=path.warehousing_cost,
        lost_sales=path.lost_sales_cost,
    )


def _stock_share(
    scenario: Scenario, choices: Choices, stock: Stock, segment: Segment, service: SegmentService
) -> Cost:
    """The item class's stock cost by pieces; its lost sales by the segment's own pieces short."""
    whole = stock.cost(scenario, segment[1])
    same_class = {s: t.pieces_per_year for s, t in choices.targets.items() if s[1] == segment[1]}
    total = sum(same_class.values())
    share = same_class[segment] / total if total > 0 else 1.0 / len(same_class)
    return Cost(
        inventory=whole.inventory * share,
        supply=whole.supply * share,
        warehousing=whole.warehousing * share,
        lost_sales=service.lost_sales_cost,
    )


def total_cost(segments: tuple[SegmentPolicy, ...]) -> Cost:
    """Added over the segments: nothing is paid that no segment bears."""
    return sum((row.cost for row in segments), Cost())


def weighted_fill_rate(segments: tuple[SegmentPolicy, ...]) -> float:
    """By pieces; 1 where nobody orders."""
    pieces = sum(row.pieces_per_year for row in segments)
    return 1.0 - sum(row.pieces_short_per_year for row in segments) / pieces if pieces > 0 else 1.0

"""The whole answer put together."""

from servicepolicy_models.policy import Policy
from servicepolicy_models.proof import Proof
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.answer.segments import segment_policies, total_cost, weighted_fill_rate
from servicepolicy_optimizer.answer.stock import Stock, item_class_policies, item_policies, stock_of
from servicepolicy_optimizer.answer.uses import uses
from servicepolicy_optimizer.choices import Choices
from servicepolicy_optimizer.curves.stockroom import Stockroom
from servicepolicy_optimizer.decided import Decided
from servicepolicy_optimizer.facts import Facts


def answer(
    scenario: Scenario, facts: Facts, choices: Choices, room: Stockroom, decided: Decided, proof: Proof
) -> Policy:
    """Say what was decided: segments, item classes, items, totals. Baselines and findings are added by the
    pipeline.
    """
    stock = stock_of(room, decided)
    segments = segment_policies(scenario, facts, choices, stock, decided)
    return Policy(
        scenario=scenario.name,
        currency=scenario.currency,
        days_per_year=scenario.days_per_year,
        fill_rate_basis=scenario.fill_rate_basis.value,
        proof=proof,
        cost=total_cost(segments),
        stock_value=stock.value(),
        co2e_kg_per_year=_co2e_kg(stock, decided),
        fill_rate=weighted_fill_rate(segments),
        segments=segments,
        item_classes=item_class_policies(scenario, stock, decided),
        uses=uses(scenario, stock, decided, total_cost(segments), _co2e_kg(stock, decided)),
        items=item_policies(scenario, facts, stock, decided),
    )


def _co2e_kg(stock: Stock, decided: Decided) -> float:
    """Inbound and outbound, a year."""
    return stock.co2e_kg() + sum(path.co2e_kg for path in decided.paths.values())

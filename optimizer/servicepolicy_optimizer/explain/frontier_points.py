"""The points of a frontier: one exact solution each, bound by bound (epsilon constraint)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from servicepolicy_models.changes import Level
from servicepolicy_models.frontier import Against, FrontierPoint, FrontierQuestion
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.audited import audited
from servicepolicy_optimizer.choices import Choices, Segment
from servicepolicy_optimizer.conflicts.demands import Demand
from servicepolicy_optimizer.explain.frontier_scenario import patch_of
from servicepolicy_optimizer.explain.limits import AMPLE, BUDGET_OF, with_limit
from servicepolicy_optimizer.explain.reached import co2e_kg, planned_fill_rates, stock_value
from servicepolicy_optimizer.explain.traded_service import MORE_IS_BETTER, reached
from servicepolicy_optimizer.explain.warm import Exact, Warm
from servicepolicy_optimizer.master import Model, Traded, build_best, build_traded
from servicepolicy_optimizer.paths import Rungs, service_paths
from servicepolicy_optimizer.question import Question, in_promised_measure, in_silence
from servicepolicy_optimizer.settle import Settled, objective, settle, within_limits
from servicepolicy_optimizer.solve import MasterSolution, Prices, fixed_prices
from servicepolicy_optimizer.stock_limits import beyond
from servicepolicy_optimizer.targets import resolve_targets

BUDGET = {
    Against.INVENTORY: lambda scenario: Demand("inventory_budget", (scenario.currency,)),
    Against.CO2E: lambda scenario: Demand("co2e_budget", ("kg",)),
}
"""What is traded -> the budget that bounds it."""

PROMISES = {Against.OTIF: Rungs.THAT_ARE_SURER, Against.RESPONSE: Rungs.THAT_SPARE_STOCK}
"""What is traded -> the promises of a path between which it decides."""

BREATH = 1e-7
"""Bounds are loosened by this share of the range, so that the last digit of a sum breaks none."""

SHY = 1e-7
"""Whole items need reach the mix's fill rate only up to this."""


@dataclass(frozen=True)
class BuildTraded:
    """Builds the model of a point."""

    traded: Traded

    def __call__(self, scenario: Scenario, choices: Choices) -> Model:
        """The master model with the bound."""
        return build_traded(scenario, choices, self.traded)


@dataclass(frozen=True)
class Trade:
    """A frontier's question, ready to be asked point by point."""

    warm: Warm
    asked: FrontierQuestion
    share: Mapping[Segment, float]

    def at(self, bound: float | None) -> tuple[Question, Traded]:
        """The question of one point, and what is asked of its model."""
        scenario = self.warm.asked.scenario
        if self.asked.against not in BUDGET:
            return self._again(scenario), Traded(self.asked.against, self.share, bound)
        budget = BUDGET[self.asked.against](scenario)
        own = getattr(scenario.budgets, BUDGET_OF[budget.family])
        # A budget that binds nobody stands for none: CO2e must count where paths are compared.
        given = [limit for limit in (bound, own) if limit is not None] or [AMPLE]
        return self._again(with_limit(scenario, budget, min(given))), Traded(self.asked.against, self.share)

    def learn(self, bound: float | None) -> None:
        """Add the columns of a point."""
        question, traded = self.at(bound)
        self.warm.learn(question, BuildTraded(traded), rounds=question.scenario.limits.refinements)

    def solved(self, bound: float | None, start: MasterSolution | None = None) -> Exact:
        """The cheapest policy within a bound."""
        question, traded = self.at(bound)
        return self.warm.solved(question, BuildTraded(traded), start)

    def best(self) -> float | None:
        """The best there is of what is traded, whatever it costs; None where nothing is found."""
        question, traded = self.at(None)

        def made(scenario: Scenario, choices: Choices) -> Model:
            return build_best(scenario, choices, traded)

        rounds = question.scenario.limits.refinements
        self.warm.learn(question, made, objective=0.0, seen=self._seen, rounds=rounds)
        found = self.warm.solved(question, made)
        return None if found.cost is None else abs(found.cost)

    def reached(self, exact: Exact) -> float:
        """How much a solution has of what is traded."""
        return reached(exact, self.asked, self.share)

    def point(self, bound: float, exact: Exact) -> FrontierPoint:
        """A solution as a point."""
        if exact.cost is None:
            return FrontierPoint(asked=bound, held=exact.solution.held)
        targets = exact.choices.targets
        fill = planned_fill_rates(exact)
        pieces = {s: targets[s].pieces_per_year for s in fill}
        has = self.reached(exact)
        return FrontierPoint(
            asked=bound,
            held=exact.solution.held,
            reached=has,
            patch=patch_of(self.warm.asked.scenario, self.asked.against, bound, has, exact),
            cost_per_year=exact.cost,
            cost_at_least=exact.solution.bound,
            whole_items_cost_per_year=self.whole_items_cost(exact),
            stock_value=stock_value(exact),
            co2e_kg_per_year=co2e_kg(exact),
            fill_rate=sum(fill[s] * pieces[s] for s in fill) / sum(pieces.values()),
        )

    def whole_items_cost(self, exact: Exact) -> float | None:
        """A policy of whole items with the means and at least the fill rates of the mix; None: none found.

        It is audited, but for OTIF: there a path may be promised more slowly than a scenario without an OTIF
        target has it. Raises AuditFailed when it does not survive being computed again.
        """
        if exact.cost is None or self.warm.level is Level.ITEM_BY_ITEM:
            return exact.cost
        planned = planned_fill_rates(exact)
        question = exact.asked
        targets = {
            s: replace(target, fill_rate=max(target.fill_rate, planned.get(s, 0.0) - SHY))
            for s, target in question.choices.targets.items()
        }
        choices = replace(exact.choices, targets=targets)
        asked = replace(question, choices=choices, curves=self.warm.asked.curves)
        model = build_traded(question.scenario, choices, Traded(self.asked.against, self.share))
        prices = fixed_prices(model, exact.solution, question.scenario.limits)
        decided = within_limits(asked, asked.curves, exact.solution, prices)
        if decided is not None and not beyond(asked, decided):
            # What the mix reaches was asked of the items; the scenario itself asks for less.
            settled = Settled(replace(asked, choices=exact.choices), exact.solution, decided)
            return objective(settled) if self.asked.against is Against.OTIF else _audited_cost(settled)
        if self.asked.against in BUDGET:
            settled = settle(replace(question, curves=self.warm.asked.curves), in_silence)
            return None if settled.decided is None else _audited_cost(settled)
        return None

    def _again(self, scenario: Scenario) -> Question:
        """The question, with every promise that a bound on OTIF or on response could ask for."""
        question = self.warm.again(scenario)
        if self.asked.against not in PROMISES:
            return question
        targets = resolve_targets(scenario, question.facts)
        if self.asked.against is Against.OTIF:
            targets = {s: replace(one, otif=one.otif or 0.0) for s, one in targets.items()}
        elif not any(one.otif for one in targets.values()):
            return question
        paths = service_paths(scenario, question.facts, targets, PROMISES[self.asked.against]).paths
        choices = replace(question.choices, paths=paths, targets=in_promised_measure(targets))
        return replace(question, choices=choices)

    def _seen(self, prices: Prices) -> Prices:
        """A column brings what is minimised: stock value or CO2e count one for one."""
        if self.asked.against is Against.INVENTORY:
            return replace(prices, stock_value=prices.stock_value + 1.0)
        return prices

    def loosened(self, bound: float, span: float) -> float:
        """The bound with a breath of room."""
        return bound - BREATH * span if self.asked.against in MORE_IS_BETTER else bound + BREATH * span


def _audited_cost(settled: Settled) -> float:
    cost = audited(settled).cost
    assert cost is not None  # a policy that survives the audit has one
    return cost.objective

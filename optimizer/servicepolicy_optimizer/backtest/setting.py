"""What a backtest works with: the history, how its items are supplied, and when reorder points are set."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from servicepolicy_models.backtest import BacktestPlan
from servicepolicy_models.means import SupplyOption
from servicepolicy_models.scenario import Scenario
from servicepolicy_optimizer.facts import Floats, Ints
from servicepolicy_optimizer.forecast import NOTHING_GIVEN, GivenForecasts
from servicepolicy_optimizer.history import OrderHistory

SHARE_BEFORE_JUDGED = 0.55
LEAST_FIT_DAYS = 56
"""Reorder points are not fitted to less than eight weeks, nor to less than two protection intervals."""


@dataclass(frozen=True)
class Supply:
    """How the items of one class are replenished."""

    option: SupplyOption
    lead_time_days: float
    lead_time_sd_days: float
    review_days: int
    """A replay looks at the stock once a day at most."""

    @property
    def protection_days(self) -> int:
        """Lead time and review: what a reorder point must outlast, in whole days."""
        return max(1, int(np.ceil(self.lead_time_days - 1e-9))) + self.review_days


@dataclass(frozen=True)
class Setting:
    """The question with all its parts resolved."""

    scenario: Scenario
    history: OrderHistory
    plan: BacktestPlan
    supplies: tuple[Supply, ...]
    """One for each item class."""
    first_judged_day: int
    given: GivenForecasts = NOTHING_GIVEN
    """The company's own forecasts."""

    @property
    def classes(self) -> int:
        """Item classes."""
        return len(self.supplies)

    @property
    def longest_protection_days(self) -> int:
        """Over the item classes."""
        return max(one.protection_days for one in self.supplies)

    @property
    def least_fit_days(self) -> int:
        """History without which no reorder point is set."""
        return max(LEAST_FIT_DAYS, 2 * self.longest_protection_days)

    def refit_days(self) -> list[int]:
        """Days on which reorder points are set, from as early as possible; the first judged is one."""
        every = self.plan.refit_days
        before = max(0, (self.first_judged_day - self.least_fit_days) // every)
        return list(range(self.first_judged_day - before * every, self.history.days, every))

    def first_known(self) -> Ints:
        """(N,) day whose end knew of each item's demand: that of its first line, or the eve of a forecast."""
        foreseen = self.given.first_made(len(self.history.items)) - 1
        return np.asarray(np.minimum(self.history.first_sale(), foreseen))

    def refit_after(self, day: Ints, refit_day: int) -> Ints:
        """The first day of the calendar of refits that comes after each day; refit_day is one of them."""
        every = self.plan.refit_days
        return np.asarray(refit_day - (refit_day - day - 1) // every * every)


def setting(
    scenario: Scenario,
    history: OrderHistory,
    plan: BacktestPlan,
    given: GivenForecasts = NOTHING_GIVEN,
) -> Setting:
    """Resolve what the plan leaves open: the first judged day by the data, supply by the scenario."""
    first = plan.first_judged_day
    if first is None:
        first = round(SHARE_BEFORE_JUDGED * history.days)
    classes = scenario.segmentation.items.classes
    supplies = tuple(_supply(plan, _option(scenario, plan.supplies, name)) for name in classes)
    return Setting(scenario, history, plan, supplies, first, given)


def order_quantities_of(setting: Setting, item_class: Ints, pieces_per_day: Floats) -> Floats:
    """(N,) whole pieces an order: so many days of demand, or the economic quantity of the supply option."""
    if setting.plan.order_cycle_days is not None:
        return np.maximum(np.round(setting.plan.order_cycle_days * pieces_per_day), 1.0)
    from servicepolicy_optimizer.curves.ordering import order_quantities

    scenario, quantity = setting.scenario, np.ones(pieces_per_day.size)
    for j, supply in enumerate(setting.supplies):
        of_class = np.flatnonzero((item_class == j) & (pieces_per_day > 0))
        quantity[of_class] = order_quantities(
            supply.option,
            scenario.carrying_rate_per_year,
            scenario.days_per_year,
            setting.history.unit_cost[of_class],
            pieces_per_day[of_class],
        )[0]
    return quantity


def _option(scenario: Scenario, named: Mapping[str, str], item_class: str) -> SupplyOption:
    if item_class in named:
        return next(one for one in scenario.supply if one.name == named[item_class])
    serving = (one for one in scenario.supply if one.item_classes is None or item_class in one.item_classes)
    return next(serving, scenario.supply[0])


def _supply(plan: BacktestPlan, option: SupplyOption) -> Supply:
    lead = option.lead_time_mean_days if plan.lead_time_days is None else plan.lead_time_days
    sd = option.lead_time_sd_days if plan.lead_time_sd_days is None else plan.lead_time_sd_days
    # A lead time said on the command line says nothing of the scenario's spread.
    if plan.lead_time_days is not None and plan.lead_time_sd_days is None:
        sd = 0.0
    review = option.review_days if plan.review_days is None else plan.review_days
    return Supply(option, lead, sd, max(1, round(review)))

"""How shortages and demand are reckoned fits the means and the demand."""

from collections.abc import Iterator

from servicepolicy_models.consistency.names import ANY
from servicepolicy_models.demand import InlineDemand
from servicepolicy_models.errors import error
from servicepolicy_models.findings import Finding
from servicepolicy_models.means import DemandLaw, Shortage, StockPolicy
from servicepolicy_models.scenario import Scenario


def lost_sales_can_be_reckoned(scenario: Scenario) -> Iterator[Finding]:
    """Lost sales: all customer classes alike, no reserve levels, no reviews."""
    shortages = {name: _shortage(scenario, name) for name in scenario.segmentation.customers.classes}
    lost = sorted(name for name, shortage in shortages.items() if shortage is Shortage.LOST)
    if not lost:
        return
    if len(lost) < len(shortages):
        what = f"What is short is lost for {', '.join(lost)} and waits for others: no formula serves both."
        mend = 'Say the same of all customer classes: one entry for "*".'
        yield error("/stockout_reactions", what, "shortage.mixed", mend)
    for position, policy in enumerate(scenario.stock_policies):
        if policy is StockPolicy.RATIONED:
            what = "Reserve levels are reckoned with backorders; what is short is lost here."
            mend = "Leave rationed out of /stock_policies, or let what is short wait."
            yield error(f"/stock_policies/{position}", what, "shortage.rationed", mend)
    for position, supply in enumerate(scenario.supply):
        if supply.review_days > 0:
            what = f'The supply option "{supply.name}" is reviewed; lost sales are reckoned without reviews.'
            mend = "Set review_days to 0, or let what is short wait."
            yield error(f"/supply/{position}/review_days", what, "shortage.reviewed", mend)


def demand_laws_have_sizes(scenario: Scenario) -> Iterator[Finding]:
    """The compound law needs the order sizes of the items it is asked for."""
    if not isinstance(scenario.demand, InlineDemand):
        return
    for position, choice in enumerate(scenario.demand_laws):
        if choice.law is not DemandLaw.COMPOUND:
            continue
        bare = [
            item.item
            for item in scenario.demand.items
            if choice.item_class in (ANY, item.item_class)
            and not all(pool.order_sizes for pool in item.demand if pool.lines_per_day > 0)
        ]
        if bare:
            what = f"{len(bare)} items come without order sizes, the first is {bare[0]!r}."
            mend = "Give order_sizes with their demand, or ask for another law."
            yield error(f"/demand_laws/{position}/law", what, "demand_law.no_sizes", mend)


def _shortage(scenario: Scenario, customer_class: str) -> Shortage:
    """The last word on the class."""
    said = Shortage.BACKORDER
    for one in scenario.stockout_reactions:
        if one.customer_class in (ANY, customer_class):
            said = one.shortage
    return said

"""Order lines -> demand: cleaning, classes, activity profiles, and the facts that the mathematics needs."""

from servicepolicy_optimizer.profile.clean import CleanedLines, clean
from servicepolicy_optimizer.profile.demand_facts import facts
from servicepolicy_optimizer.profile.inline_facts import inline_facts
from servicepolicy_optimizer.profile.placement import Placement, place
from servicepolicy_optimizer.profile.sales_activity import activity, activity_of

__all__ = ["CleanedLines", "Placement", "activity", "activity_of", "clean", "facts", "inline_facts", "place"]

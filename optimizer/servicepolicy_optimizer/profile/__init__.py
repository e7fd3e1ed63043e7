"""Order lines -> demand: cleaning, classes, activity profiles, and the facts that the mathematics needs."""

from servicepolicy_optimizer.profile.clean import CleanedLines, clean
from servicepolicy_optimizer.profile.demand_facts import facts

__all__ = ["CleanedLines", "clean", "facts"]

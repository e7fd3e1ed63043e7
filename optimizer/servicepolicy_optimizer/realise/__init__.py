"""From a mix of columns to whole items: a reorder point for every item, with every promise kept."""

from servicepolicy_optimizer.realise.by_promises import whole_by_promises
from servicepolicy_optimizer.realise.decision import as_columns, decided_with, plan_of, realised
from servicepolicy_optimizer.realise.improved import improved

__all__ = ["as_columns", "decided_with", "improved", "plan_of", "realised", "whole_by_promises"]

"""From a mix of columns to whole items: a reorder point for every item, with every promise kept."""

from servicepolicy_optimizer.realise.decision import as_columns, decided_with, realised

__all__ = ["as_columns", "decided_with", "realised"]

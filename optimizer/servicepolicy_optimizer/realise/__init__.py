"""From a mix of columns to whole items: a reorder point for every item, with every promise kept."""

from servicepolicy_optimizer.realise.decision import decided_with, realised, realised_as_columned

__all__ = ["decided_with", "realised", "realised_as_columned"]

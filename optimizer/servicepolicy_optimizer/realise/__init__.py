"""From a mix of columns to whole items: a reorder point for every item, with every promise kept."""

from servicepolicy_optimizer.realise.whole_items import Need, realise_class

__all__ = ["Need", "realise_class"]

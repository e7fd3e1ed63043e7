"""Master models with more service paths than a model should hold: price and fix."""

from servicepolicy_optimizer.wide.master import Master, Told, as_it_is, prepared

__all__ = ["Master", "Told", "as_it_is", "prepared"]

"""A wholesaler that does not exist: seeded order lines and items for demonstrations and tests."""

from servicepolicy_optimizer.synthetic.wholesaler import Wholesaler, wholesaler

__all__ = ["Wholesaler", "wholesaler"]

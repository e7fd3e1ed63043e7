"""The order lines as they came, line by line and day by day: what forecasts and backtests are made of."""

from servicepolicy_optimizer.history.order_history import OrderHistory
from servicepolicy_optimizer.history.reading import order_history

__all__ = ["OrderHistory", "order_history"]

"""Fit, promise, replay what really came: promised against achieved on the company's own history."""

from servicepolicy_optimizer.backtest.rolling import backtest

__all__ = ["backtest"]
